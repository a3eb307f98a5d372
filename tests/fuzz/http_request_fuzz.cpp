// Whatever a peer sends to our HTTP server over a real connection, pipelined requests included: each answer is
// ours, what the handler sees is within the limits, and the server outlives it.

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "core/result.h"
#include "net/http_server.h"
#include "net/supervise.h"

using namespace tingchao;
namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t body_max = 2048, header_max = 4096;

net::awaitable<net::ServerResponse> handle(net::ServerRequest request) {
  TINGCHAO_ASSERT(request.body.size() <= body_max);
  TINGCHAO_ASSERT(request.path.size() <= request.target.size() + 1);
  TINGCHAO_ASSERT(request.target.find_first_of("\r\n ") == std::string::npos);
  for (const auto& [name, value] : request.headers) {
    TINGCHAO_ASSERT(name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ:\r\n") == std::string::npos);
    TINGCHAO_ASSERT(value.find_first_of("\r\n") == std::string::npos);
  }
  net::ServerResponse response;
  response.body = net::query_value(request.target, "q") + net::query_value(request.target, "名");
  co_return response;
}

struct World {
  asio::io_context io{1};
  std::unique_ptr<net::HttpServer> server;
  World() {
    net::HttpServer::Options options;
    options.body_bytes_max = body_max;
    options.header_bytes_max = header_max;
    server = *net::HttpServer::listen(io, options, handle);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  tcp::socket socket(world.io);
  boost::system::error_code error;
  const tcp::endpoint server(asio::ip::address_v4::loopback(), world.server->port());
  do socket.connect(server, error);
  while (error == asio::error::interrupted);  // libFuzzer's own alarm
  if (error) return 0;
  socket.set_option(asio::socket_base::linger(true, 0));  // no port may be left waiting
  asio::write(socket, asio::buffer(data, std::min(size, std::size_t(32) << 10)), error);
  socket.shutdown(tcp::socket::shutdown_send, error);

  std::string answer;
  char bytes[4096];
  socket.non_blocking(true);
  for (error.clear(); !error || error == asio::error::would_block;) {
    world.io.poll();
    world.io.restart();
    const std::size_t n = socket.read_some(asio::buffer(bytes), error);
    answer.append(bytes, n);
  }
  TINGCHAO_ASSERT(answer.empty() || answer.starts_with("HTTP/1.1 "));
  return 0;
}
