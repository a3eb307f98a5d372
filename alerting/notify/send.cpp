// Several ways out, one meaning: an answer is the provider's own words, `refused` asks for another try,
// `rejected` for none. Nothing here decides when; that is retry_at().
#include <algorithm>
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

#include "alerting/notify/mime.h"
#include "alerting/notify/robots.h"
#include "alerting/notify/spool.h"
#include "alerting/notify/syslog.h"
#include "alerting/notify/webhook.h"
#include "alerting/wording.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

using boost::asio::awaitable;

constexpr std::size_t answer_bytes_max = 64 << 10;
constexpr std::size_t words_chars_max = 200;

net::MailRequest mail_request(const Channel& channel, Delivery delivery) {
  using Security = net::MailRequest::Security;
  net::MailRequest mail;
  mail.host = channel.host;
  mail.port = channel.port;
  mail.security = channel.security == "tls" ? Security::tls
                  : channel.security == "none" ? Security::none : Security::starttls;
  mail.user = channel.user;
  mail.password = channel.password;
  mail.from = bare_address(channel.from);
  mail.to = bare_address(delivery.recipient);
  mail.message = std::move(delivery.body);
  mail.ca_file = channel.ca_file;
  return mail;
}

net::HttpRequest webhook_request(const Channel& channel, Delivery delivery) {
  const auto now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  const long timestamp = now.time_since_epoch().count();
  const std::string id = webhook_id(delivery.key);
  net::HttpRequest request;
  request.url = channel.url;
  request.method = "POST";
  request.headers = {{"content-type", "application/json; charset=utf-8"},
                     {"webhook-id", id},
                     {"webhook-timestamp", std::to_string(timestamp)}};
  if (!channel.secret.empty())
    request.headers.emplace_back("webhook-signature", webhook_signature(channel.secret, id, timestamp, delivery.body));
  request.body = std::move(delivery.body);
  request.body_bytes_max = answer_bytes_max;
  request.timeout = std::chrono::seconds{10};
  return request;
}

// The host alone: the rest of a webhook's address is often its key.
std::string host_of(const std::string& url) {
  const std::size_t start = url.find("://");
  const std::string_view rest = std::string_view(url).substr(start == url.npos ? 0 : start + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  return std::string(authority.substr(authority.rfind('@') + 1));
}

// The client's errors name the whole address.
Error without_address(Error error, const std::string& url) {
  if (url.empty()) return error;
  for (std::size_t at = 0; (at = error.detail.find(url, at)) != error.detail.npos;)
    error.detail.replace(at, url.size(), host_of(url));
  return error;
}

// Seconds of a Retry-After header; its other form is a date, which no messenger uses.
Seconds retry_after(const net::HttpResponse& response) {
  constexpr long longest = 3600;
  for (const auto& [name, value] : response.headers)
    if (name == "retry-after") return Seconds{std::clamp(std::atol(value.c_str()), 0L, longest)};
  return Seconds{0};
}

Result<std::string> read_answer(const Channel& channel, const net::HttpResponse& response) {
  std::string said = fmt::format("{}: HTTP {} {}", host_of(channel.url), response.status,
                                 one_line(response.body, words_chars_max));
  said = std::string(trim(said));
  const int status = response.status;
  if (status >= 200 && status < 300) {
    if (const auto verdict = read_verdict(response.body); !verdict)
      return Error{verdict.error().code, said, verdict.error().mend};
    return said;
  }
  if (status == 408 || status == 429 || status >= 500) return Error{Errc::refused, said, ""};
  if (status >= 300 && status < 400)
    return Error{Errc::rejected, said, "redirects are not followed: configure the address that it points to"};
  if (status == 410) return Error{Errc::rejected, said, "the receiver has gone for good: remove the channel"};
  return Error{Errc::rejected, said, "check the webhook's address and secret"};
}

// Nothing of the robot's address may be seen: whoever has it may speak in its name.
Attempt read_robot_answer(const Channel& channel, const net::HttpResponse& response) {
  const std::string said = fmt::format("{}: HTTP {} {}", host_of(channel.url), response.status,
                                       one_line(response.body, words_chars_max));
  const int status = response.status;
  if (status == 429 || status == 408 || status >= 500) return {Error{Errc::refused, said, ""}, retry_after(response)};
  if (status < 200 || status >= 300) return {Error{Errc::rejected, said, "check the robot's address"}, {}};
  if (const auto verdict = robot_verdict(channel.kind, response.body); !verdict)
    return {Error{verdict.error().code, said, verdict.error().mend}, robot_pause(channel.kind, response.body)};
  return {said, {}};
}

std::int64_t milliseconds_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

net::HttpRequest robot_request(const Channel& channel, const Delivery& delivery) {
  RobotCall call = robot_call(channel, delivery.body, milliseconds_now());
  net::HttpRequest request;
  request.url = std::move(call.url);
  request.method = "POST";
  request.headers = {{"content-type", "application/json; charset=utf-8"}};
  request.body = std::move(call.body);
  request.body_bytes_max = answer_bytes_max;
  request.timeout = std::chrono::seconds{10};
  return request;
}

}  // namespace

Sender::Sender(net::HttpClient& client, Book book) : client_(client), book_(std::move(book)) {}

awaitable<Attempt> Sender::send(Delivery delivery) {
  const Channel* channel = find_channel(book_, delivery.channel);
  if (!channel)
    co_return Attempt{Error{Errc::bad_config, "channel '" + delivery.channel + "' is not configured",
                            "define it under channels:"}, {}};
  switch (channel->kind) {
    case Channel::Kind::mail: {
      net::MailRequest mail = mail_request(*channel, std::move(delivery));
      auto answer = co_await client_.submit(std::move(mail));
      if (!answer) co_return Attempt{answer.error(), {}};
      co_return Attempt{fmt::format("{} {}", answer->code, one_line(answer->answer, words_chars_max)), {}};
    }
    case Channel::Kind::webhook: {
      net::HttpRequest request = webhook_request(*channel, std::move(delivery));
      auto response = co_await client_.request(std::move(request));
      if (!response) co_return Attempt{without_address(response.error(), channel->url), {}};
      co_return Attempt{read_answer(*channel, *response), retry_after(*response)};
    }
    case Channel::Kind::dingtalk:
    case Channel::Kind::wecom:
    case Channel::Kind::feishu: {
      net::HttpRequest request = robot_request(*channel, delivery);
      const std::string address = request.url;
      auto response = co_await client_.request(std::move(request));
      if (!response) co_return Attempt{without_address(response.error(), address), {}};
      co_return read_robot_answer(*channel, *response);
    }
    case Channel::Kind::syslog: {
      const std::string id = stable_id(delivery.key);
      co_return Attempt{write_log(channel->socket, {delivery.level_rank, id, delivery.warning, delivery.stream,
                                                    delivery.body}), {}};
    }
    case Channel::Kind::spool: {
      const std::string prefix = !delivery.warning.empty() ? fmt::format("{}-{}", delivery.warning, delivery.seq)
                                 : delivery.stream == "operator" ? "notice" : "digest";
      const bool json = delivery.body.starts_with('{');
      const std::string name = spool_name(prefix, delivery.key, json ? "json" : "eml");
      co_return Attempt{write_spool(channel->directory, name, delivery.body), {}};
    }
  }
  co_return Attempt{Error{Errc::bad_config, "channel '" + delivery.channel + "' is of no known kind", ""}, {}};
}

}  // namespace tingchao::alerting
