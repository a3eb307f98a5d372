// One message after the other keeps the order per recipient; a dead server costs its time-out once a
// round, because what failed is due again only after its back-off.
#include "service/outbox.h"

#include <spdlog/spdlog.h>

#include "service/on.h"

namespace tingchao::service {
namespace {
constexpr int messages_a_round = 16;
constexpr double lease_seconds = 90;  // real ones; longer than a message's time-out
}  // namespace

boost::asio::awaitable<int> Outbox::flush() {
  auto take = [this] {
    const Time now = clock_.now();
    const Time until = now + Seconds(static_cast<long>(lease_seconds * std::max(1.0, clock_.factor())));
    return ledger_.store().take_due(now, until, messages_a_round);
  };
  auto due = co_await on(ledger_thread_, std::move(take));
  if (!due) {
    spdlog::error("outbox: {}", describe(due.error()));
    co_return 0;
  }
  int tried = 0;
  for (Delivery& delivery : *due) {
    ++tried;
    co_await send(std::move(delivery));
  }
  co_return tried;
}

boost::asio::awaitable<void> Outbox::send(Delivery delivery) {
  auto answer = co_await sender_.send(delivery);
  const Time now = clock_.now();
  ++delivery.attempts;
  store::Batch notices;
  if (answer) {
    delivery.state = DeliveryState::sent;
    delivery.sent_at = now;
    delivery.answer = *answer;
    spdlog::info("sent {} to {} over {}: {}", delivery.subject, delivery.recipient, delivery.channel,
                 *answer);
  } else {
    delivery.answer = describe(answer.error());
    const auto again = alerting::retry_at(delivery, answer.error(), now);
    delivery.state = again ? DeliveryState::waiting : DeliveryState::dead;
    if (again) delivery.not_before = *again;
    spdlog::warn("{} to {} over {} failed ({}); {}", delivery.subject, delivery.recipient, delivery.channel,
                 delivery.answer, again ? "next try at " + to_rfc3339(*again) : "given up");
    if (!again && delivery.stream != "operator") {
      const std::string text = "给 " + delivery.recipient + " 的消息“" + delivery.subject + "”经通道 " +
                               delivery.channel + " 未能送达，已停止重试。\n对方答复：" + delivery.answer +
                               "\n处理：核对收件地址与通道配置，然后运行 tingchao doctor。";
      notices.deliveries = alerting::plan_notice("消息未能送达：" + delivery.recipient, text,
                                                 "dead:" + delivery.key, ledger_.book(), now);
    }
  }
  auto keep = [this, &delivery, &notices]() -> Result<void> {
    if (auto recorded = ledger_.store().record(delivery); !recorded) return recorded;
    return notices.empty() ? Result<void>{} : ledger_.commit(notices);
  };
  auto kept = co_await on(ledger_thread_, std::move(keep));
  if (!kept) spdlog::error("outbox: {}", describe(kept.error()));  // its lease gives it back
}

}  // namespace tingchao::service
