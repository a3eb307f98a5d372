#pragma once
// For tests that speak over real sockets: runs a coroutine to its end on an io_context, and a raw
// server whose every connection is a coroutine of the test, so that it can misbehave at will.

#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/supervise.h"

namespace tingchao::tests {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using net::awaitable;

// Servers on the same io_context go on being served meanwhile, and stop when this returns.
template <class T>
T run(asio::io_context& io, awaitable<T> task) {
  std::optional<T> result;
  std::exception_ptr bug;
  asio::co_spawn(io, std::move(task), [&](std::exception_ptr e, T value) {
    bug = e;
    result.emplace(std::move(value));
  });
  io.restart();
  while (!result)
    if (io.run_one() == 0) throw std::logic_error("the coroutine waits for something that never comes");
  if (bug) std::rethrow_exception(bug);
  return std::move(*result);
}

class RawServer {
 public:
  using Talk = std::function<awaitable<void>(tcp::socket)>;

  RawServer(asio::io_context& io, Talk talk, const char* address = "127.0.0.1")
      : acceptor_(std::make_shared<tcp::acceptor>(io, tcp::endpoint(asio::ip::make_address(address), 0))) {
    net::supervise(io, accept(acceptor_, io, std::move(talk), connections_));
  }
  ~RawServer() { acceptor_->close(); }
  unsigned short port() const { return acceptor_->local_endpoint().port(); }
  std::string url(const std::string& path = "/") const {
    return "http://" + acceptor_->local_endpoint().address().to_string() + ":" + std::to_string(port()) + path;
  }
  int connections() const { return *connections_; }

 private:
  static awaitable<void> accept(std::shared_ptr<tcp::acceptor> acceptor, asio::io_context& io, Talk talk,
                                std::shared_ptr<int> count) {
    const auto token = asio::as_tuple(asio::use_awaitable);
    while (acceptor->is_open()) {
      auto accepted = co_await acceptor->async_accept(token);
      if (std::get<0>(accepted)) co_return;
      ++*count;
      net::supervise(io, talk(std::move(std::get<1>(accepted))));
    }
  }

  std::shared_ptr<tcp::acceptor> acceptor_;  // the coroutine may live longer
  std::shared_ptr<int> connections_ = std::make_shared<int>(0);
};

// The head of a request, to the empty line; empty when the peer has gone.
inline awaitable<std::string> read_head(tcp::socket& socket) {
  const auto token = asio::as_tuple(asio::use_awaitable);
  std::string head;
  auto buffer = asio::dynamic_buffer(head);
  const auto got = co_await asio::async_read_until(socket, buffer, "\r\n\r\n", token);
  co_return std::get<0>(got) ? std::string() : head;
}

// False when the peer has gone.
inline awaitable<bool> send(tcp::socket& socket, std::string text) {
  const auto token = asio::as_tuple(asio::use_awaitable);
  const auto bytes = asio::buffer(text);
  const auto sent = co_await asio::async_write(socket, bytes, token);
  co_return !std::get<0>(sent);
}

// Answers every connection's first request with the same bytes, and closes.
inline RawServer::Talk always(std::string answer) {
  return [answer](tcp::socket socket) -> awaitable<void> {
    return [](tcp::socket s, std::string bytes) -> awaitable<void> {
      co_await read_head(s);
      co_await send(s, std::move(bytes));
    }(std::move(socket), answer);
  };
}

}  // namespace tingchao::tests
