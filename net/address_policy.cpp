// An address is turned into 16 bytes (IPv4 as ::ffff:a.b.c.d), looked up among the extra networks as
// it stands, and then judged by a table of special-purpose blocks. Tunnel and translation forms
// (6to4, NAT64, ISATAP) are judged by the IPv4 address inside: that is where the packets would go.

#include "net/address_policy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

namespace tingchao::net {
namespace {

using Address = std::array<unsigned char, 16>;

struct Block {
  const char* network;
  int prefix;
  const char* what;
};

// IANA's IPv4 special-purpose registry (RFC 6890 and its updates), those not globally reachable.
constexpr Block blocks_v4[] = {
    {"0.0.0.0", 8, "of \"this network\""},
    {"10.0.0.0", 8, "private"},
    {"100.64.0.0", 10, "shared by a carrier (100.64/10)"},
    {"127.0.0.0", 8, "loopback"},
    {"168.63.129.16", 32, "a cloud platform's own"},  // not in the registry, but it serves secrets
    {"169.254.0.0", 16, "link-local"},
    {"172.16.0.0", 12, "private"},
    {"192.0.0.0", 24, "kept for protocols"},
    {"192.0.2.0", 24, "for documentation"},
    {"192.88.99.0", 24, "a 6to4 relay's"},
    {"192.168.0.0", 16, "private"},
    {"198.18.0.0", 15, "for benchmarks"},
    {"198.51.100.0", 24, "for documentation"},
    {"203.0.113.0", 24, "for documentation"},
    {"224.0.0.0", 4, "multicast"},
    {"255.255.255.255", 32, "broadcast"},
    {"240.0.0.0", 4, "reserved"},
};

// Inside 2000::/3, which alone is global unicast; all the rest is refused as a whole.
constexpr Block blocks_v6[] = {
    {"2001::", 23, "kept for protocols (Teredo among them)"},
    {"2001:db8::", 32, "for documentation"},
    {"3fff::", 20, "for documentation"},
};

// Outside 2000::/3, only to name them well.
constexpr Block names_v6[] = {
    {"::", 128, "unspecified"},  {"::1", 128, "loopback"},      {"fe80::", 10, "link-local"},
    {"fc00::", 7, "private"},    {"fec0::", 10, "site-local"},  {"ff00::", 8, "multicast"},
    {"100::", 64, "for discarding"}, {"64:ff9b:1::", 48, "a local NAT64's"},
};

constexpr unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned char nat64_prefix[12] = {0, 0x64, 0xff, 0x9b};

Address mapped(const unsigned char* v4) {
  Address address;
  std::memcpy(address.data(), mapped_prefix, 12);
  std::memcpy(address.data() + 12, v4, 4);
  return address;
}

std::optional<Address> parse(std::string_view text) {
  const std::string copy(text.substr(0, text.find('%')));  // without a zone
  if (copy.size() > INET6_ADDRSTRLEN || copy.find('\0') != copy.npos) return {};
  unsigned char v4[4];
  if (inet_pton(AF_INET, copy.c_str(), v4) == 1) return mapped(v4);
  Address address;
  if (inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return address;
  return {};
}

bool within(const Address& address, const unsigned char* network, int prefix) {
  const int whole = prefix / 8, rest = prefix % 8;
  if (std::memcmp(address.data(), network, whole) != 0) return false;
  if (rest == 0) return true;
  const unsigned char mask = static_cast<unsigned char>(0xff << (8 - rest));
  return (address[whole] & mask) == (network[whole] & mask);
}

struct ReadyBlock {
  Address network;
  int prefix;
  const char* what;
};

template <std::size_t size>
std::vector<ReadyBlock> ready(const Block (&blocks)[size]) {
  std::vector<ReadyBlock> list;
  for (const Block& block : blocks)
    list.push_back({*parse(block.network), block.prefix + (std::strchr(block.network, ':') ? 0 : 96), block.what});
  return list;
}

// What the first block that holds the address is; empty when none does.
std::string_view what_of(const Address& address, const std::vector<ReadyBlock>& blocks) {
  for (const ReadyBlock& block : blocks)
    if (within(address, block.network.data(), block.prefix)) return block.what;
  return {};
}

bool is_v4(const Address& address) { return std::memcmp(address.data(), mapped_prefix, 12) == 0; }

// The IPv4 address that a translated or tunnelled IPv6 address leads to.
std::optional<Address> inner_v4(const Address& a) {
  if (std::memcmp(a.data(), nat64_prefix, 12) == 0) return mapped(a.data() + 12);
  if (a[0] == 0x20 && a[1] == 0x02) return mapped(a.data() + 2);
  const bool isatap = (a[8] & 0xfd) == 0 && a[9] == 0 && a[10] == 0x5e && a[11] == 0xfe;
  if (isatap && (a[0] & 0xe0) == 0x20) return mapped(a.data() + 12);
  return {};
}

// Empty when the address is of the public internet.
std::string_view what_is_special(const Address& address) {
  static const std::vector<ReadyBlock> of_v4 = ready(blocks_v4), of_v6 = ready(blocks_v6), names = ready(names_v6);
  if (is_v4(address)) return what_of(address, of_v4);
  if (const auto inner = inner_v4(address)) {
    if (!what_is_special(*inner).empty()) return "a way round to an IPv4 address that is not public";
    return {};
  }
  if (const auto name = what_of(address, names); !name.empty()) return name;
  if ((address[0] & 0xe0) != 0x20) return "not global unicast";
  return what_of(address, of_v6);
}

std::string text_of(const Address& address) {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (is_v4(address))
    inet_ntop(AF_INET, address.data() + 12, buffer, sizeof buffer);
  else
    inet_ntop(AF_INET6, address.data(), buffer, sizeof buffer);
  return buffer;
}

Error bad_network(const std::string& text, std::string mend) {
  return Error{Errc::bad_config, "'" + text + "' is no network", std::move(mend)};
}

}  // namespace

Result<AddressPolicy> AddressPolicy::allowing(const std::vector<std::string>& networks) {
  AddressPolicy policy;
  for (const std::string& text : networks) {
    const auto slash = text.find('/');
    const auto address = parse(std::string_view(text).substr(0, slash));
    if (!address || text.find('%') != std::string::npos)
      return bad_network(text, "write it as 10.1.2.0/24 or fd00::/8");

    const bool v4 = text.find(':') == std::string::npos;
    const int bits = v4 ? 32 : 128;
    int prefix = bits;
    if (slash != std::string::npos) {
      const char* end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, prefix);
      if (error != std::errc() || stop != end || prefix < 0 || prefix > bits)
        return bad_network(text, "the prefix is a number from 0 to " + std::to_string(bits));
    }

    Network network{};
    network.prefix = prefix + (v4 ? 96 : 0);
    Address base = *address;
    for (int bit = network.prefix; bit < 128; ++bit) base[bit / 8] &= static_cast<unsigned char>(~(0x80 >> (bit % 8)));
    if (base != *address)
      return bad_network(text, "it has bits beyond its prefix; write " + text_of(base) + "/" + std::to_string(prefix));
    std::copy(base.begin(), base.end(), network.bytes);
    policy.extra_.push_back(network);
  }
  return policy;
}

// An IPv6 network does not let IPv4 addresses in, though they are kept as IPv6 ones here; nor does it open a
// way round to an IPv4 address that is not allowed itself.
bool AddressPolicy::is_extra(const std::array<unsigned char, 16>& address) const {
  const bool v4 = is_v4(address);
  const bool listed = std::any_of(extra_.begin(), extra_.end(), [&](const Network& network) {
    return (!v4 || network.prefix >= 96) && within(address, network.bytes, network.prefix);
  });
  if (!listed || v4) return listed;
  const auto inner = inner_v4(address);
  return !inner || is_extra(*inner) || what_is_special(*inner).empty();
}

bool AddressPolicy::allows(std::string_view ip) const { return refusal(ip).empty(); }

std::string AddressPolicy::refusal(std::string_view ip) const {
  const auto address = parse(ip);
  if (!address) return "'" + std::string(ip) + "' is no address";
  if (is_extra(*address)) return {};
  const std::string_view what = what_is_special(*address);
  if (what.empty()) return {};
  return text_of(*address) + " is " + std::string(what);
}

}  // namespace tingchao::net
