#pragma once
// The body of a webhook: Alertmanager's version 4, so that whatever already listens to Alertmanager
// can listen to us, with one alert a message.

#include <string>
#include <string_view>

#include "alerting/notify.h"

namespace tingchao::alerting {

std::string webhook_body(const Raised& raised, const Book& book, const Channel& channel,
                         std::string_view subject);

// A notice or a digest in the same form: no level, never resolved.
struct PlainAlert {
  std::string_view name;  // alertname
  std::string_view severity, key, subject, text;
  Time at{};
};
std::string webhook_body(const PlainAlert& alert, const Book& book, const Channel& channel);

// The webhook-id header: the same over every attempt.
std::string webhook_id(std::string_view delivery_key);

// An answer of 2xx may still say no in its body, as the robots of Chinese messengers do: their
// "errcode" and "errmsg". Done, refused (too fast: later) or rejected.
Result<void> read_verdict(std::string_view body);

}  // namespace tingchao::alerting
