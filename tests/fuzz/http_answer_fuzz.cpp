// Whatever a server answers, over a real connection: the client gives a value within its caps. The first byte
// chooses the cap; the rest are the bytes of the answer.

#include <cstdint>
#include <optional>
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "core/result.h"
#include "net/http_client.h"
#include "net/supervise.h"

using namespace tingchao;
namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

net::HttpClient::Options options() {
  net::HttpClient::Options o;
  o.policy = *net::AddressPolicy::allowing({"127.0.0.0/8"});
  return o;
}

struct World {
  asio::io_context io{1};
  net::HttpClient client{io, options()};
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::any(), 0)};
  std::uint32_t turn = 0;
  std::string answer;

  // Each time another address of 127/8, so that no connection is reused and no port runs out.
  std::string next_url() {
    turn = turn % 0xfffff0 + 1;
    const asio::ip::address_v4 address(0x7f000000u + turn);
    return "http://" + address.to_string() + ":" + std::to_string(acceptor.local_endpoint().port()) + "/a";
  }
};

net::awaitable<void> serve(World& world) {
  tcp::socket socket = co_await world.acceptor.async_accept(asio::use_awaitable);
  char head[1024];
  const auto room = asio::buffer(head);
  const auto token = asio::as_tuple(asio::use_awaitable);
  co_await socket.async_read_some(room, token);
  const auto bytes = asio::buffer(world.answer);
  co_await asio::async_write(socket, bytes, token);
}

void check(const Result<net::HttpResponse>& got, std::size_t cap) {
  if (!got) {
    TINGCHAO_ASSERT(!got.error().detail.empty());
    return;
  }
  TINGCHAO_ASSERT(got->body.size() <= cap);
  TINGCHAO_ASSERT(!got->truncated || got->body.size() == cap);
  TINGCHAO_ASSERT(got->headers.size() <= 200);
  for (const auto& [name, value] : got->headers) {
    TINGCHAO_ASSERT(name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ:\r\n") == std::string::npos);
    TINGCHAO_ASSERT(value.find_first_of("\r\n") == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size == 0) return 0;
  const std::size_t cap = std::size_t(data[0]) * 64;
  world.answer.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  net::HttpRequest request;
  request.url = world.next_url();
  request.body_bytes_max = cap;
  request.timeout = std::chrono::milliseconds(3000);
  std::optional<Result<net::HttpResponse>> got;
  bool served = false;
  asio::co_spawn(world.io, serve(world), [&](std::exception_ptr) { served = true; });
  asio::co_spawn(world.io, world.client.request(std::move(request)),
                 [&](std::exception_ptr, Result<net::HttpResponse> result) { got = std::move(result); });
  world.io.restart();
  while (!got || !served) world.io.run_one();
  check(*got, cap);
  return 0;
}
