// Ways inside, tried for real: in a network where every address is local and one listener counts who connects
// where, each spelling, name and redirect is fetched with the default policy. Only the two public addresses
// below may be connected to.
#include <catch2/catch.hpp>

#include <set>

#include <boost/asio/ip/v6_only.hpp>

#include "crawler/fetch.h"
#include "net/http_client.h"
#include "tests/support/dns_server.h"
#include "tests/support/private_network.h"

using namespace tingchao;
using namespace tingchao::tests;
using net::HttpClient;
using net::HttpRequest;

namespace {

const char* const public_v4 = "93.184.215.14";
const char* const public_v6 = "2606:2800:21f:cb07::14";

// As they stand after "http://".
const char* const hosts[] = {
    // spellings of loopback that a resolver may read
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "0x7f000001", "0X7F000001", "0x7f.1", "0x7f.0x0.0x0.0x1",
    "2130706433", "017700000001", "0177.0.0.1", "0177.0x0.0.1", "00000177.0.0.01", "127.000.000.001", "127.0.0.1.",
    "0x7f000001.", "127.0.0.1:80", "383.0.0.1", "6425673729", "0x17f000001", "localhost", "LocalHost", "localhost.",
    "a.localhost", "0", "0.0.0.0", "0x0", "00.0", "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "127.0.0.1%00.public.test",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.０.０.１", "127．0．0．1", "ｌｏｃａｌｈｏｓｔ", "127.0.0.1%09", "127.0.\n0.1",
    // other inner addresses
    "10.0.0.1", "10.1", "012.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.168.257",
    "169.254.169.254", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518", "100.64.0.1",
    "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "203.0.113.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255",
    // IPv6, and IPv4 inside it
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::1]:80", "[::]", "[::1%25lo]",
    "[::1%lo]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::FFFF:a9fe:a9fe]",
    "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2400:3200::5efe:10.0.0.1]",
    "[2400:3200::200:5efe:7f00:1]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]",
    "[ff02::1]", "[ff0e::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]", "[5f00::1]",
    // one host for the eye, another for the parser
    "public.test@127.0.0.1", "public.test:80@127.0.0.1", "public.test%40127.0.0.1", "127.0.0.1\\@public.test",
    "public.test\\@127.0.0.1", "public.test\\127.0.0.1", "127.0.0.1#@public.test", "127.0.0.1?@public.test",
    "public.test#@127.0.0.1", "a@public.test@127.0.0.1", "public.test@[::1]", "127.0.0.1%2f@public.test",
    "/127.0.0.1", "\\127.0.0.1", "127.0.0.1 public.test", "public.test:80#@127.0.0.1:80", "127.0.0.1:80:80",
    // names whose answers lead inside
    "loop.test", "loop6.test", "mapped.test", "nat64.test", "sixtofour.test", "teredo.test", "isatap.test",
    "metadata.test", "zero.test", "zero6.test", "cname.test", "chain.test", "ends-in-localhost.test", "LOOP.test.",
    "many.test", "half.test", "half6.test", "rebind.test", "rebind6.test",
};

// Whole addresses of the kinds that are no http, or nearly.
const char* const urls[] = {
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:80/_GET%20/", "dict://127.0.0.1:80/x",
    "ftp://127.0.0.1:80/", "ldap://127.0.0.1:80/", "ws://127.0.0.1/", "scp://127.0.0.1/", "telnet://127.0.0.1:80",
    "http:127.0.0.1", "http:/127.0.0.1/", "http:///127.0.0.1/", "//127.0.0.1/", "hTtP://127.0.0.1/",
    "\thttp://127.0.0.1/",
    "http://127.0.0.1:0080/", "https://127.0.0.1:80/", "http://127.0.0.1\t/", "jar:http://127.0.0.1!/",
    "http:\\\\127.0.0.1\\",
};

DnsServer::Zone zone() {
  return {
      {"public.test", {{public_v4}}},
      {"public6.test", {{public_v6}}},
      {"loop.test", {{"127.0.0.1"}}},
      {"loop6.test", {{"::1"}}},
      {"mapped.test", {{"::ffff:127.0.0.1"}}},
      {"nat64.test", {{"64:ff9b::7f00:1"}}},
      {"sixtofour.test", {{"2002:7f00:1::"}}},
      {"teredo.test", {{"2001:0:4136:e378:8000:63bf:80ff:fffe"}}},
      {"isatap.test", {{"2400:3200::5efe:7f00:1"}}},
      {"metadata.test", {{"169.254.169.254", "fd00:ec2::254"}}},
      {"zero.test", {{"0.0.0.0"}}},
      {"zero6.test", {{"::"}}},
      {"cname.test", {{"cname loop.test"}}},
      {"chain.test", {{"cname chain2.test"}}},
      {"chain2.test", {{"cname cname.test"}}},
      {"ends-in-localhost.test", {{"cname localhost"}}},
      {"many.test", {{"127.0.0.1", "10.0.0.1", "192.168.0.1", "::1"}}},
      {"half.test", {{public_v4, "127.0.0.1"}}},
      {"half6.test", {{public_v4, "::1"}}},
      {"rebind.test", {{public_v4}, {"127.0.0.1"}}},
      {"rebind6.test", {{public_v6}, {"::1"}}},
  };
}

// Answers every path; "/to?N" sends on to the N-th target. Counts the addresses that were connected to.
struct Listener {
  Listener(asio::io_context& io, std::vector<std::string> t) : targets(std::move(t)) {
    acceptor = std::make_unique<tcp::acceptor>(io);
    acceptor->open(tcp::v6());
    acceptor->set_option(asio::ip::v6_only(false));
    acceptor->set_option(asio::socket_base::reuse_address(true));
    acceptor->bind(tcp::endpoint(asio::ip::address_v6::any(), 80));
    acceptor->listen(1000);
    net::supervise(io, accept(io));
  }

  awaitable<void> accept(asio::io_context& io) {
    const auto token = asio::as_tuple(asio::use_awaitable);
    for (;;) {
      auto accepted = co_await acceptor->async_accept(token);
      if (std::get<0>(accepted)) co_return;
      auto address = std::get<1>(accepted).local_endpoint().address();
      if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
      const std::string at = address.to_string();
      (at == public_v4 || at == public_v6 ? inside : outside).push_back(at);
      net::supervise(io, talk(std::move(std::get<1>(accepted))));
    }
  }

  awaitable<void> talk(tcp::socket socket) {
    for (;;) {
      const std::string head = co_await read_head(socket);
      if (head.empty()) co_return;
      std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npublic";
      if (head.find("/robots.txt") != head.npos) reply = "HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n";
      if (const auto to = head.find("/to?"); to != head.npos)
        reply = "HTTP/1.1 302 On\r\nContent-Length: 0\r\nLocation: " + targets[std::stoul(head.substr(to + 4))] +
                "\r\n\r\n";
      co_await send(socket, std::move(reply));
    }
  }

  std::vector<std::string> targets;
  std::unique_ptr<tcp::acceptor> acceptor;
  std::vector<std::string> inside, outside;
};

std::vector<std::string> all_targets() {
  std::vector<std::string> all;
  for (const char* host : hosts) all.push_back("http://" + std::string(host) + "/");
  all.insert(all.end(), std::begin(urls), std::end(urls));
  return all;
}

struct Inside {
  asio::io_context io;
  DnsServer dns{io, private_dns, zone()};
  Listener listener{io, all_targets()};
  std::string report;

  Result<net::HttpResponse> get(HttpClient& client, const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.timeout = std::chrono::milliseconds(10'000);
    return run(io, client.request(std::move(request)));
  }
  void expect(bool holds, const std::string& what) {
    if (!holds) report += what + "\n";
  }
  void nothing_outside(const std::string& what) {
    for (const std::string& at : listener.outside) report += what + " led to " + at + "\n";
    listener.outside.clear();
  }
};

std::string directly() {
  Inside world;
  {
    HttpClient client(world.io, {});
    const auto v4 = world.get(client, "http://public.test/"), v6 = world.get(client, "http://public6.test/");
    world.expect(v4 && v4->body == "public", "the public site is not reached, so this proves nothing");
    world.expect(v6 && v6->address == public_v6, "the public IPv6 site is not reached");
    world.expect(world.listener.inside.size() == 2, "the listener counts nothing");
    HttpClient::Options open;
    open.policy = *net::AddressPolicy::allowing({"127.0.0.0/8"});
    HttpClient insider(world.io, open);
    const auto loop = world.get(insider, "http://loop.test/");
    world.expect(loop && world.listener.outside.size() == 1, "the listener would not count a way inside");
    world.listener.outside.clear();
    // The insider's connection is idle now; another policy must not come by it.
    world.expect(!world.get(client, "http://loop.test/"), "a connection of another policy was used");
  }
  world.nothing_outside("a client with its own policy");
  for (const std::string& target : all_targets()) {
    HttpClient client(world.io, {});  // and a fresh DNS cache
    for (int again = 0; again < 2; ++again) {
      const auto got = world.get(client, target);
      world.expect(!got || got->address == public_v4 || got->address == public_v6, target + " was answered");
    }
    world.nothing_outside(target);
  }
  return world.report;
}

std::string by_redirect() {
  Inside world;
  HttpClient client(world.io, {});
  crawler::Fetcher::Options options;
  options.delay_min = std::chrono::milliseconds(0);
  options.latency_factor = 0;
  crawler::Fetcher fetcher(world.io, client, options);
  const auto targets = all_targets();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    crawler::FetchRequest request;
    request.url = "http://public.test/to?" + std::to_string(i);
    request.delay = Seconds(0);
    const auto got = run(world.io, fetcher.fetch(std::move(request)));
    world.expect(!got || got->address == public_v4 || got->address == public_v6, "redirect to " + targets[i]);
    world.nothing_outside("a redirect to " + targets[i]);
  }
  world.expect(!world.listener.inside.empty(), "nothing was fetched");
  return world.report;
}

// A name that answers with a public address first and with loopback afterwards.
std::string by_rebinding() {
  Inside world;
  for (const char* name : {"rebind.test", "rebind6.test"}) {
    int reached = 0, denied = 0;
    for (int i = 0; i < 20; ++i) {
      HttpClient client(world.io, {});
      const auto got = world.get(client, "http://" + std::string(name) + "/");
      reached += got.has_value();
      denied += !got && got.error().code == Errc::denied;
    }
    world.expect(reached == 10 && denied == 10, std::string(name) + ": " + std::to_string(reached) + " reached, " +
                                                    std::to_string(denied) + " denied");
    world.nothing_outside(name);
  }
  HttpClient client(world.io, {});
  const auto before = world.listener.inside.size();
  for (int i = 0; i < 4; ++i) {
    const auto got = world.get(client, "http://rebind.test/");
    world.expect(got && got->address == public_v4, "a kept connection goes on to the peer that was checked");
  }
  world.expect(world.listener.inside.size() == before + 1, "the connection was not kept");
  world.nothing_outside("a kept connection");
  return world.report;
}

std::string past_a_proxy() {
  for (const char* variable : {"http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"})
    ::setenv(variable, "http://127.0.0.1:80", 1);
  Inside world;
  HttpClient client(world.io, {});
  const auto got = world.get(client, "http://public.test/");
  world.expect(got && got->address == public_v4, "the public site is not reached");
  world.nothing_outside("the environment's proxy");
  return world.report;
}

void nothing_wrong(std::string (*work)()) {
  const auto report = in_private_network(work);
  if (!report) {
    WARN("left out: this system grants no network namespaces (run as root, or allow user namespaces)");
    return;
  }
  CHECK(*report == "");
}

}  // namespace

TEST_CASE("no spelling and no name leads outside the policy", "[net][ssrf]") {
  const auto all = all_targets();
  REQUIRE(std::set<std::string>(all.begin(), all.end()).size() == 149);
  nothing_wrong(&directly);
}

TEST_CASE("no redirect leads outside the policy", "[net][ssrf]") { nothing_wrong(&by_redirect); }

TEST_CASE("a name that changes its answer leads nowhere new", "[net][ssrf]") { nothing_wrong(&by_rebinding); }

TEST_CASE("a proxy in the environment is not used", "[net][ssrf]") { nothing_wrong(&past_a_proxy); }
