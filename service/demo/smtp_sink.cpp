// RFC 5321's minimum: greeting, EHLO, MAIL, RCPT, DATA with dot-stuffing, RSET, NOOP, QUIT. A message is
// acknowledged only when its file is whole on disk.
#include "service/demo/smtp_sink.h"

#include <filesystem>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include "core/utf8.h"
#include "net/supervise.h"
#include "service/files.h"

namespace tingchao::service {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t message_bytes_max = 32u << 20;

}  // namespace

struct SmtpSink::Impl : std::enable_shared_from_this<SmtpSink::Impl> {
  explicit Impl(asio::io_context& io) : io(io), acceptor(io) {}

  asio::io_context& io;
  tcp::acceptor acceptor;
  std::string directory;
  std::vector<std::string> mails;

  // Values only in the frame: it may outlive the sink's owner by a moment.
  static asio::awaitable<void> accept(std::shared_ptr<Impl> self) {
    for (;;) {
      auto accepted = co_await self->acceptor.async_accept(as_value);
      auto& [error, socket] = accepted;
      if (error) co_return;
      net::supervise(self->io, converse(self, std::move(socket)));
    }
  }

  static asio::awaitable<bool> say(tcp::socket& socket, std::string text) {
    text += "\r\n";
    auto written = co_await asio::async_write(socket, asio::buffer(text), as_value);
    co_return !std::get<0>(written);
  }

  // The next line without its end; empty optional when the peer has gone.
  static asio::awaitable<std::optional<std::string>> hear(tcp::socket& socket, std::string& buffer) {
    auto read = co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer, message_bytes_max),
                                                "\r\n", as_value);
    auto& [error, size] = read;
    if (error) co_return std::nullopt;
    std::string line = buffer.substr(0, size - 2);
    buffer.erase(0, size);
    co_return line;
  }

  static asio::awaitable<bool> receive(std::shared_ptr<Impl> self, tcp::socket& socket, std::string& buffer,
                                       std::string envelope) {
    std::string message = std::move(envelope);
    for (;;) {
      auto line = co_await hear(socket, buffer);
      if (!line || message.size() > message_bytes_max) co_return false;
      if (*line == ".") break;
      message += line->starts_with('.') ? line->substr(1) : *line;
      message += "\r\n";
    }
    char name[32];
    std::snprintf(name, sizeof name, "/%04zu.eml", self->mails.size() + 1);
    const std::string path = self->directory + name;
    const auto kept = write_file(path, message);
    if (kept) self->mails.push_back(path);
    const std::string answer = kept ? "250 2.0.0 kept" : "452 4.3.1 " + kept.error().detail;
    co_return co_await say(socket, answer);
  }

  static asio::awaitable<void> converse(std::shared_ptr<Impl> self, tcp::socket socket) {
    std::string buffer, from, to;
    bool going = co_await say(socket, "220 mail.qinghe.example ESMTP");
    while (going) {
      auto line = co_await hear(socket, buffer);
      if (!line) co_return;
      const std::string verb = ascii_lower(line->substr(0, 4));
      std::string answer = "250 2.0.0 ok";
      if (verb == "ehlo")
        answer = "250-mail.qinghe.example\r\n250-8BITMIME\r\n250 SMTPUTF8";
      else if (verb == "mail")
        from = *line;
      else if (verb == "rcpt")
        to = *line;
      else if (verb == "quit")
        answer = "221 2.0.0 bye";
      else if (verb == "data")
        answer = to.empty() ? "503 5.5.1 no recipient" : "354 go on";
      else if (verb != "helo" && verb != "rset" && verb != "noop")
        answer = "502 5.5.2 not here";
      going = co_await say(socket, answer);
      if (verb == "quit") co_return;
      if (verb == "data" && !to.empty() && going) {
        std::string envelope = "X-Envelope-To: " + to.substr(std::min<std::size_t>(8, to.size())) + "\r\n";
        going = co_await receive(self, socket, buffer, std::move(envelope));
        to.clear();
      }
    }
  }
};

SmtpSink::SmtpSink(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
SmtpSink::~SmtpSink() {
  boost::system::error_code ignored;
  impl_->acceptor.close(ignored);
}
unsigned short SmtpSink::port() const { return impl_->acceptor.local_endpoint().port(); }
const std::vector<std::string>& SmtpSink::mails() const { return impl_->mails; }

Result<std::unique_ptr<SmtpSink>> SmtpSink::listen(asio::io_context& io, const std::string& address,
                                                   const std::string& directory) {
  auto impl = std::make_shared<Impl>(io);
  impl->directory = directory;
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) return Error{Errc::io, directory + ": " + failed.message(), "choose another --dir"};
  const auto existing = files_under(directory, ".eml");
  if (existing) impl->mails = *existing;
  boost::system::error_code error;
  const tcp::endpoint endpoint(asio::ip::make_address(address, error), 0);
  if (!error) impl->acceptor.open(endpoint.protocol(), error);
  if (!error) impl->acceptor.bind(endpoint, error);
  if (!error) impl->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return Error{Errc::refused, address + ": " + error.message(), "is loopback up?"};
  net::supervise(io, Impl::accept(impl));
  return std::unique_ptr<SmtpSink>(new SmtpSink(std::move(impl)));
}

}  // namespace tingchao::service
