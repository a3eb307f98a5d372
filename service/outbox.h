#pragma once
// Sends what the outbox holds: takes due messages under a lease, sends them, records the provider's
// answer. A crash in between gives the message back with the same Message-ID. Channels with a limit of
// calls get no more than that; in a storm their slighter messages are told together.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include "alerting/notify.h"
#include "service/ledger.h"
#include "service/wall_clock.h"

namespace tingchao::service {

class Outbox {
 public:
  Outbox(alerting::Sender& sender, Ledger& ledger, boost::asio::thread_pool& ledger_thread,
         const WallClock& clock)
      : sender_(sender), ledger_(ledger), ledger_thread_(ledger_thread), clock_(clock) {}

  // Sends what is due now; how many were tried.
  boost::asio::awaitable<int> flush();

 private:
  // How long the provider wants the channel to be left alone.
  boost::asio::awaitable<Seconds> send(Delivery delivery);
  boost::asio::awaitable<void> put_back(Delivery delivery, Seconds pause);

  alerting::Sender& sender_;
  Ledger& ledger_;
  boost::asio::thread_pool& ledger_thread_;
  const WallClock& clock_;
};

// Key of the note that says until when a channel is left alone, in seconds since 1970.
std::string channel_pause_note(const std::string& channel);

}  // namespace tingchao::service
