#pragma once
// A small HTTP/1.1 server on Beast: accepts, reads a whole request within limits, asks a plain
// function for the response, writes it. The handler runs on the io_context's thread and must be
// quick. For the API and dashboard, and for the demo's town and the tests.

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "core/page.h"
#include "core/result.h"

namespace tingchao::net {

struct ServerRequest {
  std::string method, target;  // target as sent: path and query
  std::string path;            // decoded, without query
  Headers headers;             // names lower-case
  std::string body;
  std::string peer;            // IP
};

struct ServerResponse {
  int status = 200;
  Headers headers;             // Content-Length, Date and Connection are added
  std::string body;
};

class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    unsigned short port = 0;           // 0: any free one
    std::size_t body_bytes_max = 1 << 20;
    std::size_t header_bytes_max = 16 << 10;
    std::chrono::milliseconds idle_timeout{30'000};
    std::size_t connections_max = 256;
  };
  using Handler = std::function<boost::asio::awaitable<ServerResponse>(ServerRequest)>;

  // Listens at once; fails with refused when the port is taken, naming it and the mend.
  static Result<std::unique_ptr<HttpServer>> listen(boost::asio::io_context& io, Options options,
                                                    Handler handler);
  ~HttpServer();
  unsigned short port() const;
  // Stops accepting and closes idle connections; running handlers finish.
  void stop();

 private:
  struct Impl;
  explicit HttpServer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

// "a=1&b=%E4%BD%A0" of a target, decoded; the first value of that name or empty.
std::string query_value(std::string_view target, std::string_view name);

}  // namespace tingchao::net
