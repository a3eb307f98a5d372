// Read Watch::read() first: it is the whole product in the order in which things happen.
#include "service/watch.h"

#include <algorithm>
#include <deque>
#include <map>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crawler/schedule.h"
#include "crawler/url_reference.h"
#include "net/supervise.h"
#include "service/on.h"

namespace tingchao::service {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr int link_attempts_max = 6;          // then it is given up
constexpr std::size_t thread_pages_max = 30;  // continuation pages of one thread in one visit
constexpr std::chrono::minutes link_retry{5};
const std::string thread_note = "thread:";  // key of a thread's: how far it was read
const std::string ttl_note = "ttl:";
const std::string barren_note = "barren:";  // key of a pattern's: since when it brings nothing; empty: it does
const std::string probe_note = "probe:";    // key of an origin's: the day, and what an impossible address gave
constexpr std::size_t origins_probed_max = 5000;
constexpr std::size_t doubtful_body_bytes = 360;  // 120 Chinese characters
constexpr std::chrono::hours link_lease{6};       // longer than any visit; a restart ends it at once

bool is_gone(const Error& error) {
  return error.code == Errc::denied || error.code == Errc::not_found || error.code == Errc::bad_argument ||
         error.code == Errc::http_status || error.code == Errc::bad_markup ||
         error.code == Errc::bad_encoding;
}

std::vector<store::FrontierLink> as_frontier(const std::vector<Link>& links, const Source& source, Time now,
                                             std::vector<std::string>& notes) {
  std::vector<store::FrontierLink> found;
  for (const Link& link : links) {
    if (static_cast<int>(found.size()) >= source.links_max) break;
    const std::string address = crawler::canonical_url(link.url);
    if (address.empty()) continue;
    if (const std::string trap = crawler::trap_in(address, now); !trap.empty()) {
      notes.push_back(address.substr(0, 200) + ": left out, " + trap);
      continue;
    }
    store::FrontierLink& waiting = found.emplace_back();
    waiting.source = source.id;
    waiting.link = link;
    waiting.found_at = waiting.due = now;
    waiting.host = crawler::web_address(address).host;
    waiting.identity = crawler::document_url(link.url);
  }
  return found;
}

// Adds what a page tells of its source's health.
void look_at(crawler::Look& look, const crawler::Extracted& extracted,
             const std::vector<std::pair<Document, Analysis>>& documents, bool is_entry) {
  const bool gone =
      !documents.empty() && std::all_of(documents.begin(), documents.end(), [](const auto& each) {
        return crawler::says_gone(each.first.title, each.first.body);
      });
  if (!is_entry) {
    ++look.contents;
    if (gone) ++look.contents_gone;
    return;
  }
  look.entry_read = true;
  look.entry_gone = look.entry_gone || (gone && extracted.links.empty());
  look.entries += static_cast<int>(extracted.links.size() + documents.size());
  if (look.charset.empty()) look.charset = extracted.charset.name;
  if (look.note.empty()) look.note = extracted.note;
}

// A sitemap source may name robots.txt: its Sitemap lines are the maps to read then.
bool names_robots(const Source& source, const std::string& url) {
  return source.kind == SourceKind::sitemap && url.ends_with("/robots.txt");
}

// What the fetch taught of its hosts becomes durable with what it brought.
void add_memory(Harvest& harvest, crawler::Fetcher& fetcher) {
  crawler::Fetcher::Memory memory = fetcher.take_changes();
  harvest.hosts = std::move(memory.hosts);
  harvest.robots = std::move(memory.robots);
}

// The longest that any of a source's addresses asked for counts.
void ask_for(VisitReport& report, std::optional<Seconds> span) {
  if (span && (!report.server_asks || *span > *report.server_asks)) report.server_asks = span;
}

// What a pool thread does with a page: everything pure.
struct Understood {
  crawler::Extracted extracted;
  std::vector<std::pair<Document, Analysis>> documents;
  std::optional<store::PackedPage> page;  // when it gave documents
};
Result<Understood> understand(const Page& page, const Source& source, crawler::Role role,
                              const std::string& salt, const Link* hint, const analyzer::Analyzer& analyzer) {
  auto extracted = crawler::extract(page, source, role, salt);
  if (!extracted) return extracted.error();
  Understood understood;
  if (!extracted->documents.empty()) understood.page = store::pack(page, extracted->documents.front().snapshot_hash);
  for (Document& document : extracted->documents) {
    if (hint) crawler::complete(document, *hint);
    Document masked = analyzer.mask(std::move(document));
    Analysis analysis = analyzer.analyze(masked);
    understood.documents.emplace_back(std::move(masked), std::move(analysis));
  }
  extracted->documents.clear();
  understood.extracted = std::move(*extracted);
  return understood;
}

crawler::PageTurn turn_of(const crawler::Extracted& extracted, std::size_t documents) {
  crawler::PageTurn turn;
  turn.next = extracted.next_pages;
  turn.previous = extracted.previous_page;
  turn.last = extracted.last_page;
  turn.posts = extracted.posts;
  turn.posts_new = static_cast<int>(documents);
  return turn;
}

}  // namespace

Watch::Watch(Parts parts, std::shared_ptr<const analyzer::Analyzer> analyzer)
    : parts_(std::move(parts)),
      admissions_(parts_.io, parts_.ledger, parts_.ledger_thread, parts_.clock),
      analyzer_(std::move(analyzer)) {}

// One page from its URL to durable warnings and planned messages. Gives the continuation pages.
awaitable<Result<std::vector<std::string>>> Watch::read(Source source, Reading reading, VisitReport& report) {
  const bool is_entry = reading.role == crawler::Role::entry || source.kind == SourceKind::page;

  // — what we remember of this URL
  crawler::FetchRequest request;
  request.url = reading.url;
  request.source = source.id;
  request.delay = source.delay;
  request.page_cap = reading.role == crawler::Role::content;
  std::string ttl;  // what a feed asked for when it was read last; a 304 does not repeat it
  if (is_entry) {
    auto recall = [this, url = reading.url, &ttl] {
      if (auto kept = parts_.ledger.store().note(ttl_note + url)) ttl = std::move(*kept);
      return parts_.ledger.store().validators(url);
    };
    auto validators = co_await on(parts_.ledger_thread, std::move(recall));
    if (!validators) co_return validators.error();
    request.validators = std::move(*validators);
  }

  // — fetch
  auto page = co_await parts_.fetcher.fetch(std::move(request));
  if (!page) co_return page.error();
  ++report.pages;
  if (is_entry) ask_for(report, crawler::freshness(page->headers, page->fetched_at));
  if (is_entry && page->not_modified) ask_for(report, parse_duration(ttl));
  if (page->not_modified) co_return std::vector<std::string>{};

  // — extract and analyze
  const std::shared_ptr<const analyzer::Analyzer> analyzer = analyzer_;
  const Link* hint = reading.link ? &reading.link->link : nullptr;
  auto think = [&page, &source, &reading, this, hint, &analyzer] {
    return understand(*page, source, reading.role, parts_.salt, hint, *analyzer);
  };
  auto understood = co_await on(parts_.cpu, std::move(think));
  if (!understood) co_return understood.error();
  if (!understood->extracted.note.empty())
    report.notes.push_back(reading.url + ": " + understood->extracted.note);

  auto& documents = understood->documents;
  if (reading.link && documents.size() == 1) {
    const bool gone = co_await is_not_found(source, *page, documents.front().first);
    if (gone) {
      ++report.look.contents;
      ++report.look.contents_gone;
      co_return Error{Errc::not_found, reading.url + ": its server says with status 200 that it is gone", ""};
    }
  }
  look_at(report.look, understood->extracted, understood->documents, is_entry);

  crawler::PageTurn turn = turn_of(understood->extracted, documents.size());
  if (reading.walk && !reading.walk->is_meant(turn))
    co_return Error{Errc::not_found, reading.url + ": its server shows another page of the thread", ""};

  // — group, warn, plan: durable with the page that caused it
  const Time now = parts_.clock.now();
  Harvest harvest;
  harvest.documents = std::move(understood->documents);
  harvest.links = as_frontier(understood->extracted.links, source, now, report.notes);
  if (reading.link && reading.completes) harvest.links_done.push_back(identity_of(*reading.link));
  if (reading.walk) {  // with the page, so that a process that dies goes on behind it
    crawler::ThreadWalk walk = *reading.walk;
    walk.turn(turn);
    harvest.notes.emplace_back(thread_note + identity_of(*reading.link), walk.memory().to_text());
  }
  add_memory(harvest, parts_.fetcher);
  if (is_entry) {
    const std::string asked = understood->extracted.ttl ? to_text(*understood->extracted.ttl) : "";
    ask_for(report, understood->extracted.ttl);
    if (asked != ttl) harvest.notes.emplace_back(ttl_note + reading.url, asked);
  }
  if (is_entry && !page->validators.empty()) harvest.validators.emplace_back(reading.url, page->validators);
  harvest.page = std::move(understood->page);
  auto admitted = co_await admissions_.admit(std::move(harvest));
  if (!admitted) co_return admitted.error();

  report.documents_new += admitted->documents_new;
  report.links_new += admitted->links_new;
  report.changed = report.changed || admitted->documents_new > 0 || admitted->links_new > 0;
  for (alerting::Raised& raised : admitted->raised) report.raised.push_back(std::move(raised));
  turn.posts_new = admitted->documents_new;
  if (reading.walk) reading.walk->turn(turn);
  co_return std::move(understood->extracted.next_pages);
}

awaitable<std::string> Watch::recall(std::string key) {
  auto ask = [this, &key] { return parts_.ledger.store().note(key); };
  auto kept = co_await on(parts_.ledger_thread, std::move(ask));
  co_return kept ? std::move(*kept) : std::string();
}

// For what is only worth knowing: when it is refused, it is learnt again.
awaitable<void> Watch::remember(std::string key, std::string value) {
  Harvest harvest;
  harvest.notes.emplace_back(std::move(key), std::move(value));
  auto ignored = co_await admissions_.admit(std::move(harvest));
  static_cast<void>(ignored);
}

awaitable<bool> Watch::is_barren(std::string pattern) {
  if (yield_.is_new(pattern)) {
    std::string key = barren_note + pattern;
    const std::string kept = co_await recall(std::move(key));
    if (!kept.empty()) yield_.restore_barren(pattern);
  }
  co_return !yield_.worth_reading(pattern);
}

awaitable<void> Watch::learn_yield(std::string pattern, int documents_new) {
  const bool before = yield_.barren(pattern);
  yield_.read(pattern, documents_new);
  const bool now = yield_.barren(pattern);
  if (now == before) co_return;
  std::string since = now ? std::to_string(parts_.clock.now().time_since_epoch().count()) : "";
  std::string key = barren_note + pattern;
  co_await remember(std::move(key), std::move(since));
}

// Does the server call "not found" what it calls fine? A page that says so is believed. One that says little,
// or stands elsewhere than where it was asked for, is compared with what the server answers for an address
// that cannot exist: asked once a day and origin, and only when there is such a doubt.
awaitable<bool> Watch::is_not_found(Source source, const Page& page, const Document& document) {
  if (document.thread) co_return false;
  if (crawler::says_not_found(document)) co_return true;
  if (page.redirects.empty() && document.body.size() > doubtful_body_bytes) co_return false;
  const std::string origin = crawler::web_address(page.url).origin, today = china_date(parts_.clock.now());
  if (not_found_.size() > origins_probed_max) not_found_.clear();
  if (not_found_[origin].first != today) {
    not_found_[origin].first = today;  // before the answer: nobody asks meanwhile
    const std::string key = probe_note + origin;
    const std::string kept = co_await recall(key);
    if (kept.starts_with(today + "\n")) {
      not_found_[origin].second = crawler::NotFoundPage::from_text(std::string_view(kept).substr(today.size() + 1));
      co_return not_found_[origin].second.resembles(page.url, document);
    }
    crawler::FetchRequest request;
    request.url = crawler::impossible_url(origin, today);
    request.source = source.id;
    request.delay = source.delay;
    auto probe = co_await parts_.fetcher.fetch(std::move(request));
    crawler::NotFoundPage answer;
    if (probe) {
      auto extracted = crawler::extract(*probe, source, crawler::Role::content, parts_.salt);
      if (extracted) answer = crawler::NotFoundPage(probe->url, extracted->documents);
    }
    std::string value = today + "\n" + answer.to_text();
    co_await remember(key, std::move(value));
    not_found_[origin].second = std::move(answer);
  }
  co_return not_found_[origin].second.resembles(page.url, document);
}

// The link is done, given up, or due again later: at the next visit when its thread has more pages than one
// may read.
awaitable<void> Watch::settle(store::FrontierLink link, std::optional<Error> why, bool has_more) {
  Harvest harvest;
  const Time now = parts_.clock.now();
  if (!why && has_more) {
    link.attempts = 0;
    link.due = now;
    harvest.links_later.push_back(std::move(link));
  } else if (++link.attempts; !why || is_gone(*why) || link.attempts >= link_attempts_max) {
    harvest.links_done.push_back(identity_of(link));
  } else {
    link.due = now + link_retry * (1 << link.attempts);
    harvest.links_later.push_back(std::move(link));
  }
  add_memory(harvest, parts_.fetcher);
  auto ignored = co_await admissions_.admit(std::move(harvest));
  static_cast<void>(ignored);  // refused: the link stays due as it was, which is safe
}

awaitable<VisitReport> Watch::visit(Source source, std::chrono::steady_clock::time_point until) {
  VisitReport report;
  const auto remember = [&report](const Error& error) {
    if (!report.error) report.error = error;
  };

  // — the source's own pages, with their continuations
  for (const std::string& url : source.urls) {
    std::deque<std::string> pages{url};
    if (names_robots(source, url)) {
      auto sitemaps = co_await parts_.fetcher.sitemaps(url, source.delay);
      if (!sitemaps) {
        remember(sitemaps.error());
        continue;
      }
      if (sitemaps->empty()) report.notes.push_back(url + ": no Sitemap line");
      pages.assign(sitemaps->begin(), sitemaps->end());
    }
    for (int read_pages = 0; !pages.empty() && read_pages < source.pages_max; ++read_pages) {
      Reading reading;
      reading.url = pages.front();
      reading.role = source.kind == SourceKind::page ? crawler::Role::content : crawler::Role::entry;
      pages.pop_front();
      auto next = co_await read(source, std::move(reading), report);
      if (!next) {
        remember(next.error());
        break;
      }
      pages.insert(pages.end(), next->begin(), next->end());
    }
  }

  report.entries_read = parts_.clock.now();
  report.entry_items = report.documents_new + report.links_new;

  // — the articles and threads that they offered, now or on an earlier visit
  co_await follow_links(source, until, report);
  co_return report;
}

// The links that one visit has taken, by host; owned by the coroutines that read them.
struct Watch::Round {
  Round(asio::io_context::executor_type executor, Source s) : source(std::move(s)), ended(executor) {
    ended.expires_at(asio::steady_timer::time_point::max());
  }
  Source source;
  std::chrono::steady_clock::time_point until;
  std::deque<std::deque<store::FrontierLink>> hosts;
  std::vector<store::FrontierLink> left;  // not begun in time
  VisitReport report;
  int running = 0;
  asio::steady_timer ended;
};

// Takes due links under a lease and reads them, each host's one after the other. A process that dies here
// leaves the lease, which the next one's claim on the store gives back.
awaitable<void> Watch::follow_links(Source source, std::chrono::steady_clock::time_point until,
                                    VisitReport& report) {
  const Time now = parts_.clock.now();
  auto take = [this, &source, now] {
    return parts_.ledger.store().take_links(source.id, now, now + link_lease, source.links_max);
  };
  auto links = co_await on(parts_.ledger_thread, std::move(take));
  if (!links) {
    if (!report.error) report.error = links.error();
    co_return;
  }
  auto round = std::make_shared<Round>(parts_.io.get_executor(), source);
  round->until = until;
  std::map<std::string, std::size_t> place;  // of a host, in the order of its longest due link
  for (store::FrontierLink& link : *links) {
    const auto [at, fresh] = place.emplace(link.host, round->hosts.size());
    if (fresh) round->hosts.emplace_back();
    round->hosts[at->second].push_back(std::move(link));
  }
  round->running = std::min(parts_.links_in_flight, static_cast<int>(round->hosts.size()));
  for (int i = round->running; i > 1; --i) net::supervise(parts_.io, follow_hosts(round));
  if (round->running > 0) co_await follow_hosts(round);
  const auto token = asio::as_tuple(asio::use_awaitable);
  while (round->running > 0) co_await round->ended.async_wait(token);

  report.pages += round->report.pages;
  report.documents_new += round->report.documents_new;
  report.links_new += round->report.links_new;
  report.changed = report.changed || round->report.changed;
  for (alerting::Raised& raised : round->report.raised) report.raised.push_back(std::move(raised));
  for (std::string& note : round->report.notes) report.notes.push_back(std::move(note));
  if (!report.error) report.error = round->report.error;
  if (round->left.empty()) co_return;
  Harvest harvest;
  harvest.links_later = std::move(round->left);
  auto given = co_await admissions_.admit(std::move(harvest));
  static_cast<void>(given);  // refused: the lease ends by itself
}

awaitable<void> Watch::follow_hosts(std::shared_ptr<Round> round) {
  while (!round->hosts.empty()) {
    std::deque<store::FrontierLink> links = std::move(round->hosts.front());
    round->hosts.pop_front();
    bool first = true;  // is read in any case, or a short interval at a slow host would read nothing ever
    for (store::FrontierLink& link : links) {
      if (!std::exchange(first, false) && std::chrono::steady_clock::now() >= round->until) {
        round->left.push_back(std::move(link));
        continue;
      }
      const std::string pattern = crawler::url_pattern(link.link.url);
      // Put off, not dropped: the site may only have been out of order. Threads are read again on purpose.
      bool barren = false;
      if (round->source.kind != SourceKind::board) barren = co_await is_barren(pattern);
      if (barren) {
        const Error why{Errc::refused, pattern + " brought nothing for long", ""};
        co_await settle(link, why);
        continue;
      }
      const int before = round->report.documents_new;
      auto failed = co_await follow(round->source, link, round->report);
      const int brought = round->report.documents_new - before;
      if (!failed || failed->code == Errc::not_found) co_await learn_yield(pattern, brought);
      if (failed && !is_gone(*failed) && !round->report.error) round->report.error = *failed;
    }
  }
  if (--round->running == 0) round->ended.cancel();
}

// An article, or a thread with its pages in the order of thread_walk.h. A thread counts as read only when its
// walk is over, so that a crash between two pages walks again; posts that are known already are left out
// then.
awaitable<std::optional<Error>> Watch::follow(Source source, store::FrontierLink link, VisitReport& report) {
  const bool is_thread = source.kind == SourceKind::board;
  std::string remembered;
  if (is_thread) {
    auto recall = [this, key = thread_note + identity_of(link)] { return parts_.ledger.store().note(key); };
    auto note = co_await on(parts_.ledger_thread, std::move(recall));
    if (note) remembered = std::move(*note);
  }
  crawler::ThreadWalk walk(link.link.url, crawler::ThreadMemory::from_text(remembered), thread_pages_max);
  while (const auto url = walk.next()) {
    Reading reading;
    reading.url = *url;
    reading.role = crawler::Role::content;
    reading.link = link;
    reading.completes = !is_thread;
    if (is_thread) reading.walk = &walk;
    auto next = co_await read(source, std::move(reading), report);
    if (!next) {
      const Error why = next.error();
      if (is_thread && is_gone(why) && walk.gone()) continue;
      co_await settle(link, why);
      co_return why;
    }
    if (!is_thread) co_return std::nullopt;
  }
  co_await settle(link, std::nullopt, walk.cut());
  co_return std::nullopt;
}

}  // namespace tingchao::service
