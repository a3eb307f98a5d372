#include "net/address_policy.h"

#include <catch2/catch.hpp>

using tingchao::net::AddressPolicy;

TEST_CASE("only the public internet is allowed by default", "[net]") {
  struct Case {
    const char* ip;
    const char* why;  // part of the refusal; empty: allowed
  };
  const Case cases[] = {
      // public
      {"1.1.1.1", ""},
      {"8.8.8.8", ""},
      {"223.5.5.5", ""},
      {"100.63.255.255", ""},
      {"100.128.0.0", ""},
      {"172.15.255.255", ""},
      {"172.32.0.0", ""},
      {"192.167.255.255", ""},
      {"192.169.0.0", ""},
      {"11.0.0.0", ""},
      {"9.255.255.255", ""},
      {"126.255.255.255", ""},
      {"128.0.0.0", ""},
      {"198.17.255.255", ""},
      {"198.20.0.0", ""},
      {"223.255.255.255", ""},
      {"169.253.255.255", ""},
      {"169.255.0.0", ""},
      {"192.0.1.0", ""},
      {"168.63.129.17", ""},
      {"2400:3200::1", ""},
      {"2606:4700:4700::1111", ""},
      {"2001:200::1", ""},
      {"2001:4860:4860::8888", ""},
      {"::ffff:8.8.8.8", ""},
      {"64:ff9b::808:808", ""},
      {"2002:808:808::1", ""},
      {"2400:3200::200:5efe:808:808", ""},
      // IPv4, first and last of each block
      {"0.0.0.0", "this network"},
      {"0.255.255.255", "this network"},
      {"10.0.0.0", "private"},
      {"10.255.255.255", "private"},
      {"100.64.0.0", "carrier"},
      {"100.127.255.255", "carrier"},
      {"100.100.100.200", "carrier"},
      {"127.0.0.1", "loopback"},
      {"127.255.255.255", "loopback"},
      {"168.63.129.16", "cloud"},
      {"169.254.0.0", "link-local"},
      {"169.254.169.254", "link-local"},
      {"172.16.0.0", "private"},
      {"172.31.255.255", "private"},
      {"192.0.0.0", "protocols"},
      {"192.0.0.192", "protocols"},
      {"192.0.2.1", "documentation"},
      {"192.88.99.1", "6to4"},
      {"192.168.0.0", "private"},
      {"192.168.255.255", "private"},
      {"198.18.0.0", "benchmarks"},
      {"198.19.255.255", "benchmarks"},
      {"198.51.100.7", "documentation"},
      {"203.0.113.7", "documentation"},
      {"224.0.0.0", "multicast"},
      {"239.255.255.255", "multicast"},
      {"240.0.0.0", "reserved"},
      {"255.255.255.254", "reserved"},
      {"255.255.255.255", "broadcast"},
      // IPv6
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"0:0:0:0:0:0:0:1", "loopback"},
      {"fe80::1", "link-local"},
      {"fe80::1%eth0", "link-local"},
      {"febf::1", "link-local"},
      {"fec0::1", "site-local"},
      {"fc00::1", "private"},
      {"fdff:ffff::1", "private"},
      {"ff02::1", "multicast"},
      {"100::1", "discarding"},
      {"2001:db8::1", "documentation"},
      {"3fff:fff::1", "documentation"},
      {"2001::1", "protocols"},
      {"2001:0:4136:e378:8000:63bf:3fff:fdd2", "protocols"},
      {"4000::1", "not global unicast"},
      {"5f00::1", "not global unicast"},
      // an IPv4 address inside
      {"::ffff:127.0.0.1", "loopback"},
      {"::ffff:7f00:1", "loopback"},
      {"::ffff:10.0.0.1", "private"},
      {"::ffff:0:127.0.0.1", "not global unicast"},
      {"::127.0.0.1", "not global unicast"},
      {"64:ff9b::127.0.0.1", "way round"},
      {"64:ff9b::a00:1", "way round"},
      {"64:ff9b:1::a00:1", "NAT64"},
      {"2002:7f00:1::", "way round"},
      {"2002:c0a8:101::1", "way round"},
      {"2002:a9fe:a9fe::", "way round"},
      {"2400:3200::5efe:10.0.0.1", "way round"},
      {"2400:3200::200:5efe:127.0.0.1", "way round"},
      // no address at all, or spelled as only a resolver would read it
      {"", "no address"},
      {"localhost", "no address"},
      {"127.1", "no address"},
      {"0x7f000001", "no address"},
      {"2130706433", "no address"},
      {"127.0.0.1 ", "no address"},
      {"[::1]", "no address"},
      {"1.2.3.4.5", "no address"},
      {"256.1.1.1", "no address"},
      {"0177.0.0.1", "no address"},
      {"127.0.0.1:80", "no address"},
  };
  const AddressPolicy policy;
  CHECK_FALSE(policy.allows(std::string_view("8.8.8.8\0.1", 10)));
  for (const Case& c : cases) DYNAMIC_SECTION(c.ip) {
    CHECK(policy.allows(c.ip) == (*c.why == '\0'));
    CHECK_THAT(policy.refusal(c.ip), Catch::Contains(c.why));
    if (*c.why == '\0') CHECK(policy.refusal(c.ip) == "");
  }
}

TEST_CASE("further networks are allowed as they are written", "[net]") {
  const auto policy = AddressPolicy::allowing({"127.0.0.0/8", "10.1.2.0/23", "fd00:1::/32", "192.168.7.7"});
  REQUIRE(policy.has_value());
  for (const char* ip : {"127.0.0.1", "127.9.9.9", "::ffff:127.0.0.1", "10.1.2.1", "10.1.3.255", "fd00:1::9",
                         "192.168.7.7", "8.8.8.8"})
    CHECK(policy->allows(ip));
  for (const char* ip : {"10.1.4.0", "10.1.1.255", "fd00:2::1", "192.168.7.8", "::1", "2002:7f00:1::",
                         "64:ff9b::127.0.0.1"})
    CHECK_FALSE(policy->allows(ip));
}

TEST_CASE("an IPv6 network lets no IPv4 address in", "[net]") {
  const auto policy = AddressPolicy::allowing({"::/0", "2002::/16", "64:ff9b::/96", "192.168.7.0/24"});
  REQUIRE(policy.has_value());
  for (const char* ip : {"::1", "fd00::1", "2002:808:808::1", "64:ff9b::8.8.8.8", "2002:c0a8:707::1", "192.168.7.7",
                         "::ffff:192.168.7.7"})
    CHECK(policy->allows(ip));
  for (const char* ip : {"127.0.0.1", "::ffff:127.0.0.1", "10.0.0.1", "2002:7f00:1::1", "64:ff9b::a9fe:a9fe",
                         "2400:3200::5efe:10.0.0.1", "192.168.8.1"})
    CHECK_FALSE(policy->allows(ip));
}

TEST_CASE("a network written wrong is named with its mend", "[net]") {
  struct Case {
    const char* text;
    const char* says;
  };
  const Case cases[] = {
      {"", "10.1.2.0/24"},         {"intranet", "10.1.2.0/24"},    {"10.0.0.0/33", "0 to 32"},
      {"10.0.0.0/-1", "0 to 32"},  {"10.0.0.0/", "0 to 32"},       {"10.0.0.0/8x", "0 to 32"},
      {"fd00::/129", "0 to 128"},  {"10.1.2.3/24", "10.1.2.0/24"}, {"fd00::1/64", "fd00::/64"},
      {"fe80::%1/64", "10.1.2.0"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION("'" << c.text << "'") {
    const auto policy = AddressPolicy::allowing({c.text});
    REQUIRE_FALSE(policy.has_value());
    CHECK(policy.error().code == tingchao::Errc::bad_config);
    CHECK_THAT(policy.error().detail + policy.error().mend, Catch::Contains(c.says));
  }
}
