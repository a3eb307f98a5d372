// Three ways out, one meaning: an answer is the provider's own words, `refused` asks for another try,
// `rejected` for none. Nothing here decides when; that is retry_at().
#include <chrono>

#include <fmt/format.h>

#include "alerting/notify/mime.h"
#include "alerting/notify/spool.h"
#include "alerting/notify/webhook.h"
#include "alerting/wording.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

using boost::asio::awaitable;

constexpr std::size_t answer_bytes_max = 64 << 10;
constexpr std::size_t words_chars_max = 200;

const Channel* find_channel(const Book& book, const std::string& id) {
  for (const Channel& channel : book.channels)
    if (channel.id == id) return &channel;
  return nullptr;
}

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
Error without_address(Error error, const Channel& channel) {
  if (channel.url.empty()) return error;
  for (std::size_t at = 0; (at = error.detail.find(channel.url, at)) != error.detail.npos;)
    error.detail.replace(at, channel.url.size(), host_of(channel.url));
  return error;
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

}  // namespace

Sender::Sender(net::HttpClient& client, Book book) : client_(client), book_(std::move(book)) {}

awaitable<Result<std::string>> Sender::send(Delivery delivery) {
  const Channel* channel = find_channel(book_, delivery.channel);
  if (!channel)
    co_return Error{Errc::bad_config, "channel '" + delivery.channel + "' is not configured",
                    "define it under channels:"};
  switch (channel->kind) {
    case Channel::Kind::mail: {
      net::MailRequest mail = mail_request(*channel, std::move(delivery));
      auto answer = co_await client_.submit(std::move(mail));
      if (!answer) co_return answer.error();
      co_return fmt::format("{} {}", answer->code, one_line(answer->answer, words_chars_max));
    }
    case Channel::Kind::webhook: {
      net::HttpRequest request = webhook_request(*channel, std::move(delivery));
      auto response = co_await client_.request(std::move(request));
      if (!response) co_return without_address(response.error(), *channel);
      co_return read_answer(*channel, *response);
    }
    case Channel::Kind::spool: {
      const std::string prefix = !delivery.warning.empty() ? fmt::format("{}-{}", delivery.warning, delivery.seq)
                                 : delivery.stream == "operator" ? "notice" : "digest";
      const bool json = delivery.body.starts_with('{');
      co_return write_spool(channel->directory, spool_name(prefix, delivery.key, json ? "json" : "eml"), delivery.body);
    }
  }
  co_return Error{Errc::bad_config, "channel '" + delivery.channel + "' is of no known kind", ""};
}

}  // namespace tingchao::alerting
