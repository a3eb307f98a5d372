#pragma once
// The way of the data for one source, top to bottom: fetch, extract, analyze, then group, warn and
// plan in one durable step. One visit at a time per source; many sources side by side.

#include <map>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include "analyzer/analyze.h"
#include "core/result.h"
#include "core/source.h"
#include "crawler/extract.h"
#include "crawler/fetch.h"
#include "crawler/thread_walk.h"
#include "crawler/not_found.h"
#include "crawler/schedule/url_traps.h"
#include "crawler/health.h"
#include "service/admissions.h"
#include "service/ledger.h"
#include "service/wall_clock.h"

namespace tingchao::service {

struct VisitReport {
  int pages = 0;
  int documents_new = 0, links_new = 0;
  std::optional<Time> entries_read;  // when the source's own pages were
  int entry_items = 0;               // new documents and links on them
  bool changed = false;
  std::optional<Seconds> server_asks;  // freshness of the entry, as its server says
  std::vector<alerting::Raised> raised;
  crawler::Look look;              // what tells of the source's health; at, error and documents_new come last
  std::vector<std::string> notes;  // for the operator
  std::optional<Error> error;      // the first that mattered; the rest of the visit went on
};

class Watch {
 public:
  struct Parts {
    boost::asio::io_context& io;
    crawler::Fetcher& fetcher;
    Ledger& ledger;
    boost::asio::thread_pool& cpu;
    boost::asio::thread_pool& ledger_thread;
    const WallClock& clock;
    std::string salt;         // of author hashes
    int links_in_flight = 16; // hosts whose links one visit reads side by side
  };
  Watch(Parts parts, std::shared_ptr<const analyzer::Analyzer> analyzer);

  // Reads the source's own pages, then the links that are due, those of several hosts side by side. Links
  // that are not begun at `until` wait for the next visit, but for the first of each host.
  boost::asio::awaitable<VisitReport> visit(Source source, std::chrono::steady_clock::time_point until);

  // Takes effect with the next page.
  void replace(std::shared_ptr<const analyzer::Analyzer> analyzer) { analyzer_ = std::move(analyzer); }

 private:
  struct Reading {  // one URL on its way
    std::string url;
    crawler::Role role = crawler::Role::entry;
    std::optional<store::FrontierLink> link;  // of content found through an entry
    bool completes = true;                    // the link is done with this page
    crawler::ThreadWalk* walk = nullptr;      // of a thread: moves on when the page is kept
  };
  boost::asio::awaitable<Result<std::vector<std::string>>> read(Source source, Reading reading,
                                                                VisitReport& report);
  boost::asio::awaitable<std::string> recall(std::string key);
  boost::asio::awaitable<void> remember(std::string key, std::string value);
  boost::asio::awaitable<bool> is_barren(std::string pattern);
  boost::asio::awaitable<void> learn_yield(std::string pattern, int documents_new);
  boost::asio::awaitable<bool> is_not_found(Source source, const Page& page, const Document& document);
  struct Round;
  boost::asio::awaitable<void> follow_links(Source source, std::chrono::steady_clock::time_point until,
                                            VisitReport& report);
  boost::asio::awaitable<void> follow_hosts(std::shared_ptr<Round> round);
  boost::asio::awaitable<std::optional<Error>> follow(Source source, store::FrontierLink link,
                                                      VisitReport& report);
  boost::asio::awaitable<void> settle(store::FrontierLink link, std::optional<Error> why,
                                      bool has_more = false);

  Parts parts_;
  Admissions admissions_;
  std::shared_ptr<const analyzer::Analyzer> analyzer_;
  crawler::UrlYield yield_;
  // By origin: the day on which it was asked for an impossible address, and what it answered.
  std::map<std::string, std::pair<std::string, crawler::NotFoundPage>> not_found_;
};

}  // namespace tingchao::service
