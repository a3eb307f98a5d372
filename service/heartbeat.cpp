#include "service/heartbeat.h"

#include <algorithm>

#include "core/utf8.h"

namespace tingchao::service {

boost::asio::awaitable<std::string> beat(net::HttpClient& client, std::string url) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.timeout = std::chrono::seconds{15};
  request.body_bytes_max = 4096;
  const auto answer = co_await client.request(std::move(request));
  if (!answer) co_return describe(answer.error());
  if (answer->status >= 200 && answer->status < 300) co_return std::string{};
  co_return "HTTP " + std::to_string(answer->status);
}

std::vector<Delivery> daily_tests(const alerting::Book& book, Time now) {
  std::vector<Delivery> tests;
  for (const alerting::Channel& channel : book.channels) {
    const auto keeper = std::find_if(book.recipients.begin(), book.recipients.end(), [&](const auto& each) {
      return each.channel == channel.id && each.operator_;
    });
    if (keeper != book.recipients.end()) {
      tests.push_back(alerting::plan_test(channel, *keeper, book, now));
      continue;
    }
    if (channel.kind == alerting::Channel::Kind::mail) continue;
    alerting::Recipient itself;
    itself.channel = channel.id;
    tests.push_back(alerting::plan_test(channel, itself, book, now));
  }
  return tests;
}

}  // namespace tingchao::service
