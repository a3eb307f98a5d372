// source test and source list. A test is a short visit by the rules of every visit: robots.txt, the host's
// delay, the address policy. What it proposes it has tried: the definition that is printed gave the documents
// that are shown.
#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "core/json.h"
#include "core/utf8.h"
#include "crawler/extract.h"
#include "crawler/fetch.h"
#include "crawler/propose.h"
#include "crawler/schedule.h"
#include "net/http_client.h"
#include "net/supervise.h"
#include "service/cli/setup.h"
#include "service/resources.h"

namespace tingchao::service {
namespace {

constexpr std::size_t samples_max = 5;
constexpr std::size_t feeds_tried_max = 4;
constexpr std::size_t entries_least = 3;  // fewer are no list, but for an address that is a column's

struct Sample {
  std::string url;
  std::optional<Document> document;
  std::string why_not;
};

struct Proposal {
  Source source;
  Page entry;
  crawler::Extracted extracted;
  std::vector<std::string> reasons;
  std::vector<Sample> samples;
  std::string robots, feed_title;
};

class Trial {
 public:
  Trial(const std::string& url, const Config& config, boost::asio::io_context& io, crawler::Fetcher& fetcher)
      : url_(url), io_(io), fetcher_(fetcher) {
    delay_ = std::chrono::duration_cast<Seconds>(config.delay_min_ms);
  }

  net::awaitable<void> run() {
    auto proposed = co_await propose();
    answer = std::move(proposed);
    io_.stop();
  }
  Result<Proposal> answer = Error{Errc::io, "no answer", ""};

 private:
  net::awaitable<Result<Page>> get(std::string url) {
    crawler::FetchRequest request;
    request.url = std::move(url);
    request.source = "test";
    request.delay = delay_;
    auto page = co_await fetcher_.fetch(std::move(request));
    co_return page;
  }

  static std::size_t entries(const crawler::Extracted& extracted) {
    return extracted.links.size() + extracted.documents.size();
  }

  // The page as a source of that kind, when it gives something.
  static std::optional<crawler::Extracted> as(const Page& page, SourceKind kind,
                                              const Selectors& selectors = {}) {
    Source source;
    source.id = "test";
    source.kind = kind;
    source.selectors = selectors;
    auto extracted = crawler::extract(
        page, source, kind == SourceKind::page ? crawler::Role::content : crawler::Role::entry, "test");
    if (!extracted || entries(*extracted) == 0) return std::nullopt;
    return std::move(*extracted);
  }

  static bool take(Proposal& proposal, const Page& page, SourceKind kind, std::string reason) {
    auto extracted = as(page, kind);
    if (!extracted) return false;
    proposal.source.kind = kind;
    proposal.source.urls = {page.requested_url};
    proposal.entry = page;
    proposal.extracted = std::move(*extracted);
    proposal.reasons.push_back(std::move(reason));
    return true;
  }

  static bool is_markup_of_feeds(const Page& page) {
    const std::string_view head = std::string_view(page.body).substr(0, 1024);
    for (const char* sign : {"<rss", "<feed", "<rdf:RDF", "<urlset", "<sitemapindex", "jsonfeed.org"})
      if (head.find(sign) != std::string_view::npos) return true;
    return false;
  }

  net::awaitable<bool> try_feeds(Proposal& proposal, const Page& page) {
    std::vector<std::string> urls;
    for (const crawler::FeedOffer& offer : crawler::feeds_offered(page)) urls.push_back(offer.url);
    const std::size_t offered = urls.size();
    for (std::string& url : crawler::usual_feeds(page.url)) urls.push_back(std::move(url));
    std::size_t tried = 0;
    for (std::size_t i = 0; i < urls.size() && tried < feeds_tried_max; ++i, ++tried) {
      auto feed = co_await get(urls[i]);
      if (!feed || !is_markup_of_feeds(*feed)) continue;
      if (take(proposal, *feed, SourceKind::feed, i < offered ? "网页声明了订阅源" : "在常见位置找到订阅源"))
        co_return true;
    }
    co_return false;
  }

  static bool is_board_address(const std::string& url) {
    for (const char* sign : {"/forum-", "forumdisplay", "/f?kw=", "viewforum.php", "/bbs/board"})
      if (url.find(sign) != std::string::npos) return true;
    return false;
  }

  // Selectors that were tried find what was found without them, or are left out.
  static void add_selectors(Proposal& proposal) {
    const auto guess = crawler::guess_item(proposal.entry, proposal.extracted.links);
    if (guess && guess->share >= 0.8) {
      Selectors selectors;
      selectors.item = guess->selector;
      const auto again = as(proposal.entry, proposal.source.kind, selectors);
      if (again && again->links.size() * 5 >= proposal.extracted.links.size() * 4) {
        proposal.source.selectors = selectors;
        proposal.reasons.push_back("选择器 " + guess->selector + " 找到 " +
                                   std::to_string(again->links.size()) + " 条");
        proposal.extracted = *again;
      }
    }
    if (proposal.source.kind == SourceKind::list && proposal.source.selectors.item.empty())
      proposal.source.link_pattern = crawler::guess_link_pattern(proposal.extracted.links);
  }

  // A quarter of the usual gap between two entries, within what the server and the program allow.
  static void set_interval(Proposal& proposal) {
    std::vector<Time> times;
    for (const Link& link : proposal.extracted.links)
      if (link.published_at) times.push_back(*link.published_at);
    for (const Document& document : proposal.extracted.documents)
      if (document.published_at) times.push_back(*document.published_at);
    std::sort(times.begin(), times.end());
    Seconds interval = std::chrono::hours{1};
    if (times.size() >= 4) {
      interval = (times.back() - times.front()) / static_cast<long>(times.size() - 1) / 4;
      proposal.reasons.push_back("平均每 " + to_chinese(interval * 4) + "一条");
    } else {
      proposal.reasons.push_back("条目没有足够的时间，间隔取一小时");
    }
    interval = std::clamp<Seconds>(interval, std::chrono::minutes{10}, std::chrono::hours{6});
    const auto fresh = crawler::freshness(proposal.entry.headers, proposal.entry.fetched_at);
    const Seconds asked = std::max(proposal.extracted.ttl.value_or(Seconds{0}), fresh.value_or(Seconds{0}));
    if (asked > interval) {
      interval = std::min<Seconds>(asked, std::chrono::hours{24});
      proposal.reasons.push_back("网站要求间隔至少 " + to_chinese(asked));
    }
    constexpr long minute = 60;
    proposal.source.interval = Seconds{(interval.count() + minute - 1) / minute * minute};
  }

  net::awaitable<void> sample(Proposal& proposal) {
    for (const Document& document : proposal.extracted.documents) {
      if (proposal.samples.size() >= samples_max) co_return;
      proposal.samples.push_back({document.url, document, ""});
    }
    const std::vector<Link> links = proposal.extracted.links;
    for (const Link& link : links) {
      if (proposal.samples.size() >= samples_max) co_return;
      Sample each{link.url, std::nullopt, ""};
      auto page = co_await get(link.url);
      if (!page) {
        each.why_not = describe(page.error());
      } else {
        auto extracted = crawler::extract(*page, proposal.source, crawler::Role::content, "test");
        if (!extracted)
          each.why_not = describe(extracted.error());
        else if (extracted->documents.empty())
          each.why_not = "网页上没有找到正文 (" + extracted->note + ")";
        else
          each.document = std::move(extracted->documents.front());
        if (each.document) crawler::complete(*each.document, link);
      }
      proposal.samples.push_back(std::move(each));
    }
  }

  net::awaitable<Result<Proposal>> propose() {
    Proposal proposal;
    auto page = co_await get(url_);
    if (!page) co_return page.error();
    proposal.source.id = "test";
    bool found = false;
    if (is_markup_of_feeds(*page))
      found = take(proposal, *page, SourceKind::feed, "网址本身是订阅源") ||
              take(proposal, *page, SourceKind::sitemap, "网址本身是站点地图");
    const bool is_json = !found && (page->body.starts_with('{') || page->body.starts_with('['));
    if (is_json)
      co_return Error{
          Errc::bad_markup, url_ + ": JSON that is no feed",
          "write kind: hotlist and name its parts under hotlist: by JSON pointers, see docs/crawling.md"};
    if (!found && is_board_address(page->url))
      found = take(proposal, *page, SourceKind::board, "网址是论坛版块");
    if (!found) found = co_await try_feeds(proposal, *page);
    if (!found) {
      const auto list = as(*page, SourceKind::list);
      const bool is_column = page->url.ends_with('/') || page->url.find("/index.") != std::string::npos;
      if (list && (list->links.size() >= entries_least || (is_column && !list->links.empty())))
        found = take(proposal, *page, SourceKind::list, "网页是文章列表");
    }
    if (!found) found = take(proposal, *page, SourceKind::page, "网页本身是一篇文档");
    if (!found)
      co_return Error{Errc::bad_markup, url_ + ": neither a feed nor a list nor an article was found",
                      "open it in a browser: when its content is loaded by scripts, look for the site's feed "
                      "or a plainer "
                      "page; else write selectors: by hand and try `tingchao fetch`"};
    if (proposal.source.kind == SourceKind::list || proposal.source.kind == SourceKind::board)
      add_selectors(proposal);
    set_interval(proposal);
    for (const crawler::HostState& host : fetcher_.hosts())
      proposal.robots += (proposal.robots.empty() ? "" : "；") + host.host + " " + host.robots;
    co_await sample(proposal);
    co_return proposal;
  }

  std::string url_;
  Seconds delay_;
  boost::asio::io_context& io_;
  crawler::Fetcher& fetcher_;
};

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string id_of(const std::string& url) {
  std::string id;
  for (const char c : url.substr(url.find("://") + 3)) {
    const unsigned char lower = static_cast<unsigned char>(std::tolower(static_cast<unsigned char>(c)));
    if (std::isalnum(lower) && lower < 0x80)
      id += static_cast<char>(lower);
    else if (!id.empty() && id.back() != '-')
      id += '-';
    if (id.size() >= 32) break;
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id.starts_with("www-") ? id.substr(4) : id;
}

std::string name_of(const Proposal& proposal) {
  std::string title;
  const std::size_t at = proposal.entry.body.find("<title");
  if (at != std::string::npos) {
    const auto text =
        crawler::decode(proposal.entry.body, header(proposal.entry.headers, "content-type")).text;
    const std::size_t tag = text.find("<title"), begin = text.find('>', tag), end = text.find('<', begin + 1);
    if (tag != std::string::npos && begin != std::string::npos && end != std::string::npos)
      title = std::string(trim(std::string_view(text).substr(begin + 1, end - begin - 1)));
  }
  std::replace_if(
      title.begin(), title.end(), [](unsigned char c) { return c < 0x20; }, ' ');
  return title.empty() ? id_of(proposal.source.urls.front()) : clip(title, 40);
}

std::string definition(const Proposal& proposal) {
  const Source& source = proposal.source;
  std::string yaml = "  - id: " + id_of(source.urls.front()) + "\n    name: " + quoted(name_of(proposal)) +
                     "\n    kind: " + name(source.kind) + "\n    urls: [" + quoted(source.urls.front()) +
                     "]\n    interval: " + to_text(source.interval) + "\n";
  if (source.kind == SourceKind::board) yaml += "    medium: forum\n";
  if (!source.link_pattern.empty()) yaml += "    link_pattern: " + quoted(source.link_pattern) + "\n";
  if (!source.selectors.item.empty())
    yaml += "    selectors: {item: " + quoted(source.selectors.item) + "}\n";
  return yaml;
}

void print(const Console& console, const Proposal& proposal) {
  if (console.json()) {
    boost::json::array samples;
    for (const Sample& sample : proposal.samples) {
      boost::json::object each{{"url", sample.url}};
      if (!sample.document) {
        each["error"] = sample.why_not;
      } else {
        each["title"] = sample.document->title;
        if (sample.document->published_at) each["published_at"] = to_rfc3339(*sample.document->published_at);
        each["layer"] = sample.document->layer;
        each["confidence"] = sample.document->confidence;
        each["bytes"] = sample.document->body.size();
      }
      samples.push_back(std::move(each));
    }
    console.line(to_line({{"kind", name(proposal.source.kind)},
                          {"urls", boost::json::value_from(proposal.source.urls)},
                          {"interval", to_text(proposal.source.interval)},
                          {"selector", proposal.source.selectors.item},
                          {"link_pattern", proposal.source.link_pattern},
                          {"entries", proposal.extracted.links.size() + proposal.extracted.documents.size()},
                          {"robots", proposal.robots},
                          {"reasons", boost::json::value_from(proposal.reasons)},
                          {"yaml", "sources:\n" + definition(proposal)},
                          {"samples", std::move(samples)}}));
    return;
  }
  for (const std::string& reason : proposal.reasons) console.line(console.paint("# " + reason, Colour::dim));
  console.line(console.paint("# robots.txt：" + proposal.robots, Colour::dim));
  console.line(
      console.paint("# 编码 " + proposal.extracted.charset.name + "，条目 " +
                        std::to_string(proposal.extracted.links.size() + proposal.extracted.documents.size()),
                    Colour::dim));
  console.line("sources:\n" + definition(proposal));
  for (const Sample& sample : proposal.samples) {
    if (!sample.document) {
      console.line("# ✗ " + sample.url + "：" + sample.why_not);
      continue;
    }
    const Document& document = *sample.document;
    console.line("# ✓ " +
                 (document.published_at ? china_minute(*document.published_at) : std::string("时间未知")) +
                 "  " + (document.title.empty() ? "(无题)" : document.title) + "  " + document.layer + " " +
                 std::to_string(document.confidence).substr(0, 4) + "  " +
                 std::to_string(document.body.size()) + " 字节");
  }
}

}  // namespace

int run_source_test(const SourceTestOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  if (crawler::canonical_url(options.url).empty())
    return console.error(
        {Errc::bad_argument, "'" + options.url + "' is no http(s) address", "write it whole: https://…"});
  std::vector<std::string> networks = config->allow_networks;
  networks.insert(networks.end(), options.allow_networks.begin(), options.allow_networks.end());
  auto policy = net::AddressPolicy::allowing(networks);
  if (!policy) return console.error(policy.error());
  boost::asio::io_context io(1);
  net::HttpClient::Options client_options;
  client_options.policy = std::move(*policy);
  net::HttpClient client(io, std::move(client_options));
  crawler::Fetcher::Options fetch_options;
  fetch_options.delay_min = config->delay_min_ms;
  crawler::Fetcher fetcher(io, client, fetch_options);
  Trial trial(options.url, *config, io, fetcher);
  console.progress("reading " + options.url + " and a few of its pages, politely: this takes a while");
  net::supervise(io, trial.run());
  io.run();
  console.progress_end();
  if (!trial.answer) return console.error(trial.answer.error());
  print(console, *trial.answer);
  const auto& samples = trial.answer->samples;
  const bool any =
      std::any_of(samples.begin(), samples.end(), [](const Sample& s) { return s.document.has_value(); });
  if (!any)
    console.note(
        "tingchao: no document came out of it; try one of the links with `tingchao fetch`, and write body: "
        "and "
        "title: selectors where the text is not found");
  return any ? done : nothing;
}

int run_source_list(const SourceTestOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  const auto show = [&](const std::string& pack, const Source& source) {
    if (console.json()) {
      boost::json::object object = to_json(source);
      object["pack"] = pack;
      console.line(to_line(object));
      return;
    }
    console.line(pad((pack.empty() ? "" : pack + "/") + source.id, 34) + pad(name(source.kind), 9) +
                 pad(to_text(source.interval), 6) + pad(source.name, 28) + source.urls.front());
  };
  for (const Source& source : config->sources) show("", source);
  if (!console.json()) console.note("信源包（未在线核验；写进 source_packs: 选用）");
  for (const std::string& pack : source_pack_names()) {
    const std::string file = "rules/sources/" + pack + ".yaml";
    const auto sources = parse_source_pack(*resource(file), file);
    if (!sources) return console.error(sources.error());
    for (const Source& source : *sources) show(pack, source);
  }
  return done;
}

}  // namespace tingchao::service
