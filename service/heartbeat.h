#pragma once
// Two signs of life. A dead man's switch: an address outside is called each minute, and whoever watches it
// tells when the calls stop, which this program cannot do for itself. And once a day each channel carries
// a marked test message, so that a channel that died quietly is found before it is needed.

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "alerting/notify.h"
#include "net/http_client.h"
#include "service/ledger.h"

namespace tingchao::service {

// One call of the heartbeat's address; empty when it was answered with 2xx, else what was said instead.
boost::asio::awaitable<std::string> beat(net::HttpClient& client, std::string url);
inline constexpr const char* heartbeat_note = "heartbeat:last";  // when the last one was answered

// A test message over each channel: to those who keep the system running, or to the channel itself where
// it has but one receiver. A mail channel without such a person is left out.
std::vector<Delivery> daily_tests(const alerting::Book& book, Time now);
inline constexpr const char* self_test_note = "selftest:last";  // date of the last ones

}  // namespace tingchao::service
