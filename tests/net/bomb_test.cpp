// Answers made to cost us: little on the wire, much when unpacked, or never at an end. Each is fetched with
// the cap of a page; what it took in memory and processor time is printed and bounded.
#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <zlib.h>
#include <zstd.h>

#include <ctime>
#include <fstream>

#include <boost/asio/steady_timer.hpp>

#include "net/http_client.h"
#include "tests/support/loopback.h"

using namespace tingchao;
using namespace tingchao::tests;
using net::HttpClient;
using net::HttpRequest;
using net::HttpResponse;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t cap = 8u << 20;

#ifndef __has_feature
#define __has_feature(x) 0  // GCC
#endif
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_instrumented = true;  // memory is another matter then
#else
constexpr bool is_instrumented = false;
#endif

struct World {
  asio::io_context io;
  std::optional<HttpClient> client;

  World() {
    HttpClient::Options options;
    options.policy = *net::AddressPolicy::allowing({"127.0.0.1/32"});
    options.stall = std::chrono::seconds(1);
    client.emplace(io, options);
  }
  Result<HttpResponse> get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.body_bytes_max = cap;
    request.timeout = milliseconds(20'000);
    request.connect_timeout = milliseconds(500);
    return run(io, client->request(std::move(request)));
  }
};

// `head`, then `block` so many times over. window_bits as zlib takes them: 31 gzip, 15 zlib, -15 bare deflate.
std::string squeezed(const std::string& block, std::size_t times, int window_bits, const std::string& head = "") {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, head.size() + block.size()) + block.size() * times / 100, '\0');
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const auto add = [&z](const std::string& bytes, int flush) {
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    deflate(&z, flush);
  };
  add(head, Z_NO_FLUSH);
  for (std::size_t i = 0; i < times; ++i) add(block, Z_NO_FLUSH);
  add("", Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string zstd_zeros(std::size_t size) {
  const std::string zeros(size, '\0');
  std::string out(ZSTD_compressBound(size), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), zeros.data(), size, 3));
  return out;
}

// 256 MiB of zeros as brotli leaves them at its best, in 211 bytes.
std::string brotli_zeros() {
  const std::string_view base64 =
      "z///f/gnAOKxQCD3/p/////wTwDEYQGA7v0/////4Z8AiMMiAN37f/7//8M/ARCHBQC69//8//+HfwIgDgsAdO//+f//D/8EQBwWAOje//P//x"
      "/+CYA4LADQvf/n//8//BMAcVgAoHv/z///f/gnAOKwAED3/p/////wTwDEYQGA7v0/////4Z8AiMMCAN37f/7//8M/ARCHBQC69//8//+HfwIg"
      "DgsAdO//+f//D/8EQBwWAOje//P//x/+CYA4LADQvf/P//9//BMAcVgAoHv/Dw==";
  const std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : base64.substr(0, base64.find('='))) {
    bits = bits << 6 | static_cast<unsigned>(letters.find(c));
    count += 6;
    if (count >= 8) out.push_back(static_cast<char>(bits >> (count -= 8)));
  }
  return out;
}

std::string answer(const std::string& headers, const std::string& body) {
  return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

double cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

double peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Begins a new count of the peak, where the kernel has one.
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

double peak_since_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmHWM:") {
      double kilobytes = 0;
      status >> kilobytes;
      return kilobytes / 1024;
    }
  return peak_mb();
}

struct Cost {
  Result<HttpResponse> got;
  double milliseconds = 0, megabytes = 0;
};

Cost measured(World& world, const std::string& url) {
  forget_peak();
  const double memory = peak_since_mb(), begin = cpu_ms();
  auto got = world.get(url);
  return {std::move(got), cpu_ms() - begin, peak_since_mb() - memory};
}

}  // namespace

TEST_CASE("bombs of every coding are cut at the cap, cheaply", "[net][bomb]") {
  const std::string megabyte(1 << 20, '\0');
  static const std::string gzip = squeezed(megabyte, 1024, 31), zlib = squeezed(megabyte, 256, 15),
                           bare = squeezed(megabyte, 256, -15), zstd = zstd_zeros(256u << 20);
  // A gzip stream of blocks that hold nothing, and the same, 512 MiB long, packed again.
  const std::string gzip_header("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  std::string nothing;
  while (nothing.size() < 1 << 20) nothing.append("\0\0\0\xff\xff", 5);
  std::string hollow = gzip_header;
  for (int i = 0; i < 8; ++i) hollow += nothing;
  static const std::string hollow_nested = squeezed(nothing, 512, 31, gzip_header);

  struct Case {
    const char* name;
    std::string headers, body;
    bool cut;  // else refused
  };
  const std::string coding = "Content-Encoding: ";
  const std::vector<Case> cases = {
      {"gzip of 1 GiB", coding + "gzip\r\n", gzip, true},
      {"deflate of 256 MiB", coding + "deflate\r\n", zlib, true},
      {"bare deflate of 256 MiB", coding + "deflate\r\n", bare, true},
      {"brotli of 256 MiB", coding + "br\r\n", brotli_zeros(), true},
      {"zstd of 256 MiB", coding + "zstd\r\n", zstd, true},
      {"gzip in gzip", coding + "gzip, gzip\r\n", squeezed(gzip, 1, 31), true},
      {"gzip in gzip, two headers", coding + "gzip\r\n" + coding + "gzip\r\n", squeezed(gzip, 1, 31), true},
      {"gzip three times", coding + "gzip, gzip, gzip\r\n", squeezed(squeezed(gzip, 1, 31), 1, 31), false},
      {"two headers and a transfer coding", coding + "gzip\r\n" + coding + "br\r\nTransfer-Encoding: gzip\r\n", gzip,
       false},
      {"twenty codings", coding + "br, gzip, br, gzip, br, gzip, br, gzip, br, gzip\r\n", gzip, false},
      {"gzip of nothing without end", coding + "gzip\r\n", hollow, false},
      {"gzip of nothing in gzip", coding + "gzip, gzip\r\n", hollow_nested, false},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    World world;
    RawServer server(world.io, always(answer(c.headers, c.body)));
    const Cost cost = measured(world, server.url());
    std::printf("%-36s %8zu bytes on the wire: %6.1f ms, %5.1f MB more\n", c.name, c.body.size(), cost.milliseconds,
                cost.megabytes);
    if (!is_instrumented) CHECK(cost.megabytes <= 32);
    if (c.cut) {
      REQUIRE(cost.got);
      CHECK(cost.got->truncated);
      CHECK(cost.got->body.size() == cap);
    } else {
      REQUIRE_FALSE(cost.got);
      CHECK(cost.got.error().code == Errc::bad_encoding);
    }
  }
}

TEST_CASE("what is compressed twice by mistake is read all the same", "[net][bomb]") {
  World world;
  const std::string text = "<p>" + std::string(100'000, 'x') + "</p>";
  const std::string twice = squeezed(squeezed(text, 1, 31), 1, 31);
  RawServer server(world.io, always(answer("Content-Encoding: gzip, gzip\r\n", twice)));
  const auto got = world.get(server.url());
  REQUIRE(got);
  CHECK(got->body == text);
  CHECK_FALSE(got->truncated);
}

TEST_CASE("text that hardly shrinks is no bomb", "[net][bomb]") {
  World world;
  std::string noise;
  for (std::uint32_t x = 1; noise.size() < 3'000'000; x = x * 1664525 + 1013904223)
    noise.push_back(static_cast<char>(x >> 24));
  struct Case {
    const char* coding;
    std::string body;
  };
  std::string zstd(ZSTD_compressBound(noise.size()), '\0');
  zstd.resize(ZSTD_compress(zstd.data(), zstd.size(), noise.data(), noise.size(), 19));
  const Case cases[] = {{"gzip", squeezed(noise, 1, 31)}, {"deflate", squeezed(noise, 1, 15)}, {"zstd", zstd},
                        {"gzip, gzip", squeezed(squeezed(noise, 1, 31), 1, 31)}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.coding) {
    RawServer server(world.io, always(answer("Content-Encoding: " + std::string(c.coding) + "\r\n", c.body)));
    const auto got = world.get(server.url());
    REQUIRE(got);
    CHECK(got->body == noise);
  }
}
