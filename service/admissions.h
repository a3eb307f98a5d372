#pragma once
// The queue in front of the ledger. A harvest that comes alone is committed at once; those that come while a
// commit is under way wait and share the next one, because most of a small commit is its sync to disk. Each is
// answered when it is durable, so every source still has at most one page on its way. Lives on the I/O thread.

#include <deque>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "core/result.h"
#include "service/ledger.h"
#include "service/wall_clock.h"

namespace tingchao::service {

// The write lock is held for a whole group: at some 3 ms a page others wait a tenth of a second at most.
inline constexpr std::size_t harvests_together_max = 32;

class Admissions {
 public:
  Admissions(boost::asio::io_context& io, Ledger& ledger, boost::asio::thread_pool& ledger_thread,
             const WallClock& clock)
      : io_(io), ledger_(ledger), ledger_thread_(ledger_thread), clock_(clock) {}
  Admissions(const Admissions&) = delete;
  Admissions& operator=(const Admissions&) = delete;

  // As Ledger::admit, which it outlives no more than its caller does.
  boost::asio::awaitable<Result<Admitted>> admit(Harvest harvest);
  // Of the longest group so far; for tests.
  std::size_t longest_group() const { return longest_group_; }

 private:
  struct Waiting;
  boost::asio::awaitable<void> commit_first();

  boost::asio::io_context& io_;
  Ledger& ledger_;
  boost::asio::thread_pool& ledger_thread_;
  const WallClock& clock_;
  std::deque<std::shared_ptr<Waiting>> waiting_;
  bool committing_ = false;
  std::size_t longest_group_ = 0;
};

}  // namespace tingchao::service
