#pragma once
// The way of the data for one source, top to bottom: fetch, extract, analyze, then group, warn and
// plan in one durable step. One visit at a time per source; many sources side by side.

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include "analyzer/analyze.h"
#include "core/result.h"
#include "core/source.h"
#include "crawler/extract.h"
#include "crawler/fetch.h"
#include "crawler/health.h"
#include "service/ledger.h"
#include "service/wall_clock.h"

namespace tingchao::service {

struct VisitReport {
  int pages = 0;
  int documents_new = 0, links_new = 0;
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
    crawler::Fetcher& fetcher;
    Ledger& ledger;
    boost::asio::thread_pool& cpu;
    boost::asio::thread_pool& ledger_thread;
    const WallClock& clock;
    std::string salt;  // of author hashes
  };
  Watch(Parts parts, std::shared_ptr<const analyzer::Analyzer> analyzer);

  boost::asio::awaitable<VisitReport> visit(Source source);

  // Takes effect with the next page.
  void replace(std::shared_ptr<const analyzer::Analyzer> analyzer) { analyzer_ = std::move(analyzer); }

 private:
  struct Reading {  // one URL on its way
    std::string url;
    crawler::Role role = crawler::Role::entry;
    std::optional<store::FrontierLink> link;  // of content found through an entry
    bool completes = true;                    // the link is done with this page
  };
  boost::asio::awaitable<Result<std::vector<std::string>>> read(Source source, Reading reading,
                                                                VisitReport& report);
  boost::asio::awaitable<std::optional<Error>> follow(Source source, store::FrontierLink link,
                                                      VisitReport& report);
  boost::asio::awaitable<void> settle(store::FrontierLink link, std::optional<Error> why);

  Parts parts_;
  std::shared_ptr<const analyzer::Analyzer> analyzer_;
};

}  // namespace tingchao::service
