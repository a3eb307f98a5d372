#pragma once
// Sends what the outbox holds: takes due messages under a lease, sends them, records the provider's
// answer. A crash in between gives the message back with the same Message-ID. Channels with a limit of
// calls get no more than that; in a storm their slighter messages are told together.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "alerting/notify.h"
#include "service/ledger.h"
#include "service/wall_clock.h"

namespace tingchao::service {

class Outbox {
 public:
  // `io` runs the coroutines of this; from now on the ledger tells it of messages that are planned.
  Outbox(alerting::Sender& sender, Ledger& ledger, boost::asio::thread_pool& ledger_thread, const WallClock& clock,
         boost::asio::io_context& io);
  ~Outbox() { ledger_.on_planned(nullptr); }
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Sends what is due now; how many were tried.
  boost::asio::awaitable<int> flush();
  // Sends whatever becomes due, for ever. In between it sleeps until the next message's time, or until one is
  // planned: of this process at once, of another (a command, the dashboard) seen within a second.
  boost::asio::awaitable<void> run();

 private:
  boost::asio::awaitable<void> rest();
  // How long the provider wants the channel to be left alone.
  boost::asio::awaitable<Seconds> send(Delivery delivery);
  boost::asio::awaitable<void> put_back(Delivery delivery, Seconds pause);

  alerting::Sender& sender_;
  Ledger& ledger_;
  boost::asio::thread_pool& ledger_thread_;
  const WallClock& clock_;
  boost::asio::io_context& io_;
  boost::asio::steady_timer timer_{io_};
  bool woken_ = false;
  // As of the last look: what is due may not be sent yet; when the next one is due; others' changes.
  bool held_ = false;
  std::optional<Time> next_;
  long others_ = 0;
};

// How each channel of the book stands, in its order: when it last delivered, what waits and what died of late.
Result<std::vector<store::Store::ChannelState>> channels_of(store::Store& store, const alerting::Book& book, Time now);

// Key of the note that says until when a channel is left alone, in seconds since 1970.
std::string channel_pause_note(const std::string& channel);

}  // namespace tingchao::service
