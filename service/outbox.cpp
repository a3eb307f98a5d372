// One message after the other keeps the order per recipient; a dead server costs its time-out once a
// round, because what failed is due again only after its back-off.
#include "service/outbox.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include "alerting/notify/pace.h"
#include "service/on.h"

namespace tingchao::service {
namespace {

constexpr int messages_a_round = 16;
constexpr int backlog_max = 2000;
constexpr double lease_seconds = 90;  // real ones; longer than a message's time-out
constexpr double late_seconds = 30;   // real ones

// A span of reality on the clock, which the demo runs faster.
Seconds on_clock(const WallClock& clock, double real_seconds) {
  return Seconds(static_cast<long>(real_seconds * std::max(1.0, clock.factor())));
}

const alerting::Recipient* recipient_of(const alerting::Book& book, const Delivery& delivery) {
  for (const alerting::Recipient& each : book.recipients)
    if (each.channel == delivery.channel && alerting::place_of(each) == delivery.recipient) return &each;
  return nullptr;
}

// In a storm: what waits for a robot becomes summaries, in one transaction with its dropping.
Result<void> merge_backlog(Ledger& ledger, const alerting::Channel& channel, const alerting::Pace& pace, Time now) {
  const auto waiting = ledger.store().backlog(channel.id, now, backlog_max);
  if (!waiting) return waiting.error();
  std::map<std::string, std::vector<Delivery>> by_recipient;
  for (const Delivery& each : *waiting) by_recipient[each.recipient].push_back(each);
  store::Batch batch;
  for (const auto& [place, deliveries] : by_recipient) {
    if (static_cast<int>(deliveries.size()) <= pace.merge_over) continue;
    const alerting::Recipient* found = recipient_of(ledger.book(), deliveries.front());
    const alerting::Recipient recipient = found ? *found : alerting::Recipient{};
    for (Delivery& summary : alerting::merge(deliveries, channel, recipient, ledger.book(), now))
      batch.deliveries.push_back(std::move(summary));
    for (const Delivery& each : deliveries) batch.deliveries_dropped.emplace_back(each.id, "并入汇总消息");
  }
  if (batch.empty()) return {};
  spdlog::info("outbox: {} messages of {} told in {}", batch.deliveries_dropped.size(), channel.id,
               batch.deliveries.size());
  return ledger.commit(batch);
}

Result<alerting::Room> room_of(Ledger& ledger, const alerting::Channel& channel, const alerting::Pace& pace, Time now) {
  const auto pause = ledger.store().note(channel_pause_note(channel.id));
  if (!pause) return pause.error();
  long until = 0;
  std::from_chars(pause->data(), pause->data() + pause->size(), until);
  if (now.time_since_epoch().count() < until) return alerting::Room{};
  const auto calls = ledger.store().channel_calls(channel.id, now - alerting::longest_span(pace));
  if (!calls) return calls.error();
  return alerting::room_now(pace, *calls, now);
}

struct Taken {
  std::vector<Delivery> deliveries;
  bool due = false;
  std::optional<Time> next;
  long others = 0;
};

// Of a limited channel only what is due is asked for; what comes to it just now waits for the next round.
Result<Taken> take(Ledger& ledger, const WallClock& clock) {
  Taken taken;
  const Time now = clock.now();
  const auto others = ledger.store().changes_of_others();  // before the look: a change after it is seen by this
  if (!others) return others.error();
  taken.others = *others;
  const auto state = ledger.store().outbox_state(now);
  if (!state) return state.error();
  taken.next = state->next;
  taken.due = !state->due.empty();
  if (!taken.due) return taken;
  store::Store::TakeLimits limits;
  limits.late = now - on_clock(clock, late_seconds);
  limits.kept_rank = ledger.book().duty.urgent_rank;
  for (const alerting::Channel& channel : ledger.book().channels) {
    alerting::Pace pace = alerting::pace_of(channel.kind);
    if (pace.windows.empty()) continue;
    if (std::find(state->due.begin(), state->due.end(), channel.id) == state->due.end()) {
      limits.rooms.push_back({channel.id, 0, 0});
      continue;
    }
    for (alerting::Window& window : pace.windows)
      window.span = on_clock(clock, static_cast<double>(window.span.count()));
    if (auto merged = merge_backlog(ledger, channel, pace, now); !merged) return merged.error();
    const auto room = room_of(ledger, channel, pace, now);
    if (!room) return room.error();
    limits.rooms.push_back({channel.id, room->any, room->grave});
  }
  auto deliveries = ledger.store().take_due(now, now + on_clock(clock, lease_seconds), messages_a_round, limits);
  if (!deliveries) return deliveries.error();
  taken.deliveries = std::move(*deliveries);
  return taken;
}

// A message of the gravest level that failed goes at once by the recipient's other channel too; the first
// one is tried on. Its key is that of the other channel, so it goes there once.
Result<std::vector<Delivery>> other_way(Ledger& ledger, const Delivery& failed, Time now) {
  std::vector<Delivery> none;
  if (failed.level_rank != 1 || failed.attempts != 1 || failed.warning.empty()) return none;
  const alerting::Recipient* recipient = recipient_of(ledger.book(), failed);
  if (!recipient || recipient->fallback_channel.empty()) return none;
  const auto warning = ledger.store().warning(failed.warning);
  if (!warning) return warning.error();
  const auto history = ledger.store().history(failed.warning);
  if (!history) return history.error();
  if (!*warning) return none;
  const auto change = std::find_if(history->begin(), history->end(),
                                   [&](const WarningChange& each) { return each.seq == failed.seq; });
  if (change == history->end()) return none;
  alerting::Book book = ledger.book();
  alerting::Recipient other = *recipient;
  other.channel = std::exchange(other.fallback_channel, {});
  other.address = other.fallback_address;
  book.recipients = {std::move(other)};
  alerting::Background background;
  background.history = &*history;
  return alerting::plan({**warning, *change}, book, now, background);
}

std::vector<Delivery> dead_letter(const Ledger& ledger, const Delivery& delivery, Time now) {
  if (delivery.stream == "operator") return {};
  const std::string text = "给 " + delivery.recipient + " 的消息“" + delivery.subject + "”经通道 " + delivery.channel +
                           " 未能送达，已停止重试。\n对方答复：" + delivery.answer +
                           "\n处理：核对收件地址与通道配置，然后运行 tingchao doctor。";
  return alerting::plan_notice("消息未能送达：" + delivery.recipient, text, "dead:" + delivery.key, ledger.book(), now);
}

}  // namespace

Result<std::vector<store::Store::ChannelState>> channels_of(store::Store& store, const alerting::Book& book, Time now) {
  const auto used = store.channel_states(now);
  if (!used) return used.error();
  std::vector<store::Store::ChannelState> states;
  for (const alerting::Channel& channel : book.channels) {
    store::Store::ChannelState& state = states.emplace_back();
    state.channel = channel.id;
    for (const auto& each : *used)
      if (each.channel == channel.id) state = each;
  }
  return states;
}

std::string channel_pause_note(const std::string& channel) { return "channel:pause:" + channel; }

Outbox::Outbox(alerting::Sender& sender, Ledger& ledger, boost::asio::thread_pool& ledger_thread,
               const WallClock& clock, boost::asio::io_context& io)
    : sender_(sender), ledger_(ledger), ledger_thread_(ledger_thread), clock_(clock), io_(io) {
  ledger_.on_planned([this] {
    boost::asio::post(io_, [this] {
      woken_ = true;
      timer_.cancel();
    });
  });
}

boost::asio::awaitable<void> Outbox::run() {
  for (;;) {
    const int sent = co_await flush();
    if (sent == 0) co_await rest();
  }
}

boost::asio::awaitable<void> Outbox::rest() {
  const std::chrono::milliseconds look_every{clock_.simulated() ? 50 : 1000};
  while (!woken_) {
    timer_.expires_after(next_ ? std::min(look_every, clock_.until(*next_)) : look_every);
    auto waited = timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_await std::move(waited);  // to its end or to its cancelling
    if (woken_ || held_ || (next_ && clock_.now() >= *next_)) co_return;
    auto look = [this] { return ledger_.store().changes_of_others(); };
    const auto others = co_await on(ledger_thread_, std::move(look));
    if (!others || *others != others_) co_return;
  }
}

boost::asio::awaitable<int> Outbox::flush() {
  woken_ = false;
  auto taking = [this] { return take(ledger_, clock_); };
  auto due = co_await on(ledger_thread_, std::move(taking));
  if (!due) {
    spdlog::error("outbox: {}", describe(due.error()));
    held_ = true;
    co_return 0;
  }
  held_ = due->due && due->deliveries.empty();
  next_ = due->next;
  others_ = due->others;
  int tried = 0;
  std::map<std::string, Seconds> left_alone;
  for (Delivery& delivery : due->deliveries) {
    const std::string channel = delivery.channel;
    if (const auto asked = left_alone.find(channel); asked != left_alone.end()) {
      co_await put_back(std::move(delivery), asked->second);
      continue;
    }
    ++tried;
    const Seconds pause = co_await send(std::move(delivery));
    if (pause > Seconds{0}) left_alone[channel] = pause;
  }
  co_return tried;
}

// Taken in the same round as the one after which the provider asked for a pause: not tried, not counted.
boost::asio::awaitable<void> Outbox::put_back(Delivery delivery, Seconds pause) {
  delivery.state = DeliveryState::waiting;
  delivery.not_before = clock_.now() + pause;
  auto keep = [this, &delivery] { return ledger_.store().record(delivery); };
  auto kept = co_await on(ledger_thread_, std::move(keep));
  if (!kept) spdlog::error("outbox: {}", describe(kept.error()));
}

boost::asio::awaitable<Seconds> Outbox::send(Delivery delivery) {
  const alerting::Attempt attempt = co_await sender_.send(delivery);
  const auto& answer = attempt.said;
  const Time now = clock_.now();
  ++delivery.attempts;
  if (answer) {
    delivery.state = DeliveryState::sent;
    delivery.sent_at = now;
    delivery.answer = *answer;
    spdlog::info("sent {} to {} over {}: {}", delivery.subject, delivery.recipient, delivery.channel,
                 *answer);
  } else {
    delivery.answer = describe(answer.error());
    auto again = alerting::retry_at(delivery, answer.error(), now);
    if (again) *again = std::max(*again, now + attempt.pause);
    delivery.state = again ? DeliveryState::waiting : DeliveryState::dead;
    if (again) delivery.not_before = *again;
    spdlog::warn("{} to {} over {} failed ({}); {}", delivery.subject, delivery.recipient, delivery.channel,
                 delivery.answer, again ? "next try at " + to_rfc3339(*again) : "given up");
  }
  auto keep = [this, &delivery, pause = attempt.pause, now]() -> Result<void> {
    store::Batch batch;
    if (delivery.state == DeliveryState::dead) batch.deliveries = dead_letter(ledger_, delivery, now);
    if (delivery.state != DeliveryState::sent) {
      auto other = other_way(ledger_, delivery, now);
      if (!other) return other.error();
      for (Delivery& each : *other) batch.deliveries.push_back(std::move(each));
    }
    if (pause > Seconds{0})
      batch.notes.emplace_back(channel_pause_note(delivery.channel),
                               std::to_string((now + pause).time_since_epoch().count()));
    // What follows first: a crash in between makes it again under the same keys.
    if (!batch.empty())
      if (auto kept = ledger_.commit(batch); !kept) return kept;
    return ledger_.store().record(delivery);
  };
  auto kept = co_await on(ledger_thread_, std::move(keep));
  if (!kept) spdlog::error("outbox: {}", describe(kept.error()));  // its lease gives it back
  co_return attempt.pause;
}

}  // namespace tingchao::service
