#pragma once
// A Delivery is one message to one recipient over one channel, made in the same transaction as what
// caused it, and sent until the provider's own answer says it arrived or never will.

#include <optional>
#include <string>

#include "core/time.h"

namespace tingchao {

enum class DeliveryState { waiting, sending, sent, dead, dropped };
const char* name(DeliveryState state);
std::optional<DeliveryState> delivery_state(std::string_view name);

struct Delivery {
  long id = 0;              // of the store; 0 before
  std::string key;          // unique: cause × recipient × channel; the idempotency key
  std::string warning;      // or empty for a digest or an operator's notice
  int seq = 0;              // WarningChange::seq, 0 else
  std::string stream = "opinion";  // or "operator": the two never mix
  std::string channel;      // configuration id
  std::string recipient;    // address, or the channel's own when it has but one
  int level_rank = 0;
  std::string subject;
  std::string body;         // the whole message as it will go out: MIME for mail, JSON for a webhook
  std::string message_id;   // fixed here, the same over every attempt
  Time created{}, not_before{};
  int attempts = 0;
  DeliveryState state = DeliveryState::waiting;
  std::string answer;       // the provider's last words
  std::optional<Time> sent_at;
};

}  // namespace tingchao
