// Read Watch::read() first: it is the whole product in the order in which things happen.
#include "service/watch.h"

#include <algorithm>
#include <deque>

#include "crawler/schedule.h"
#include "service/on.h"

namespace tingchao::service {
namespace {

using boost::asio::awaitable;

constexpr int link_attempts_max = 6;          // then it is given up
constexpr std::size_t thread_pages_max = 30;  // continuation pages of one thread in one visit
constexpr std::chrono::minutes link_retry{5};

bool is_gone(const Error& error) {
  return error.code == Errc::denied || error.code == Errc::not_found || error.code == Errc::bad_argument ||
         error.code == Errc::http_status || error.code == Errc::bad_markup ||
         error.code == Errc::bad_encoding;
}

std::vector<store::FrontierLink> as_frontier(const std::vector<Link>& links, const Source& source, Time now) {
  std::vector<store::FrontierLink> found;
  for (const Link& link : links) {
    if (static_cast<int>(found.size()) >= source.links_max) break;
    found.push_back({source.id, link, now, now, 0});
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

// What a pool thread does with a page: everything pure.
struct Understood {
  crawler::Extracted extracted;
  std::vector<std::pair<Document, Analysis>> documents;
};
Result<Understood> understand(const Page& page, const Source& source, crawler::Role role,
                              const std::string& salt, const Link* hint, const analyzer::Analyzer& analyzer) {
  auto extracted = crawler::extract(page, source, role, salt);
  if (!extracted) return extracted.error();
  Understood understood;
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

}  // namespace

Watch::Watch(Parts parts, std::shared_ptr<const analyzer::Analyzer> analyzer)
    : parts_(std::move(parts)), analyzer_(std::move(analyzer)) {}

// One page from its URL to durable warnings and planned messages. Gives the continuation pages.
awaitable<Result<std::vector<std::string>>> Watch::read(Source source, Reading reading, VisitReport& report) {
  const bool is_entry = reading.role == crawler::Role::entry || source.kind == SourceKind::page;

  // — what we remember of this URL
  crawler::FetchRequest request;
  request.url = reading.url;
  request.source = source.id;
  request.delay = source.delay;
  request.page_cap = reading.role == crawler::Role::content;
  if (is_entry) {
    auto recall = [this, url = reading.url] { return parts_.ledger.store().validators(url); };
    auto validators = co_await on(parts_.ledger_thread, std::move(recall));
    if (!validators) co_return validators.error();
    request.validators = std::move(*validators);
  }

  // — fetch
  auto page = co_await parts_.fetcher.fetch(std::move(request));
  if (!page) co_return page.error();
  ++report.pages;
  if (is_entry) report.server_asks = crawler::freshness(page->headers, page->fetched_at);
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

  look_at(report.look, understood->extracted, understood->documents, is_entry);

  // — group, warn, plan: durable with the page that caused it
  const Time now = parts_.clock.now();
  Harvest harvest;
  harvest.documents = std::move(understood->documents);
  harvest.links = as_frontier(understood->extracted.links, source, now);
  if (reading.link && reading.completes) harvest.links_done.push_back(reading.link->link.url);
  if (is_entry && !page->validators.empty()) harvest.validators.emplace_back(reading.url, page->validators);
  harvest.page = std::move(*page);
  auto keep = [this, &harvest, now] { return parts_.ledger.admit(std::move(harvest), now); };
  auto admitted = co_await on(parts_.ledger_thread, std::move(keep));
  if (!admitted) co_return admitted.error();

  report.documents_new += admitted->documents_new;
  report.links_new += admitted->links_new;
  report.changed = report.changed || admitted->documents_new > 0 || admitted->links_new > 0;
  for (alerting::Raised& raised : admitted->raised) report.raised.push_back(std::move(raised));
  co_return std::move(understood->extracted.next_pages);
}

// The link is done, given up, or due again later.
awaitable<void> Watch::settle(store::FrontierLink link, std::optional<Error> why) {
  Harvest harvest;
  const Time now = parts_.clock.now();
  ++link.attempts;
  if (!why || is_gone(*why) || link.attempts >= link_attempts_max) {
    harvest.links_done.push_back(link.link.url);
  } else {
    link.due = now + link_retry * (1 << link.attempts);
    harvest.links_later.push_back(std::move(link));
  }
  auto keep = [this, &harvest, now] { return parts_.ledger.admit(std::move(harvest), now); };
  auto ignored = co_await on(parts_.ledger_thread, std::move(keep));
  static_cast<void>(ignored);  // refused: the link stays due as it was, which is safe
}

awaitable<VisitReport> Watch::visit(Source source) {
  VisitReport report;
  const auto remember = [&report](const Error& error) {
    if (!report.error) report.error = error;
  };

  // — the source's own pages, with their continuations
  for (const std::string& url : source.urls) {
    std::deque<std::string> pages{url};
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

  // — the articles and threads that they offered, now or on an earlier visit
  const Time now = parts_.clock.now();
  auto ask = [this, &source, now] {
    return parts_.ledger.store().due_links(source.id, now, source.links_max);
  };
  auto links = co_await on(parts_.ledger_thread, std::move(ask));
  if (!links) {
    remember(links.error());
    co_return report;
  }
  for (store::FrontierLink& link : *links) {
    auto failed = co_await follow(source, link, report);
    if (failed && !is_gone(*failed)) remember(*failed);
  }
  co_return report;
}

// An article, or a thread with all its pages. A thread counts as read only when its last page is, so
// that a crash between two pages reads it again; posts that are known already are left out then.
awaitable<std::optional<Error>> Watch::follow(Source source, store::FrontierLink link, VisitReport& report) {
  std::vector<std::string> pages{link.link.url};
  const bool is_thread = source.kind == SourceKind::board;
  for (std::size_t i = 0; i < pages.size() && i < thread_pages_max; ++i) {
    Reading reading;
    reading.url = pages[i];
    reading.role = crawler::Role::content;
    reading.link = link;
    reading.completes = !is_thread;
    auto next = co_await read(source, std::move(reading), report);
    if (!next) {
      const Error why = next.error();
      co_await settle(link, why);
      co_return why;
    }
    if (!is_thread) co_return std::nullopt;
    for (const std::string& page : *next)
      if (std::find(pages.begin(), pages.end(), page) == pages.end()) pages.push_back(page);
  }
  co_await settle(link, std::nullopt);
  co_return std::nullopt;
}

}  // namespace tingchao::service
