// The small texts from outside that decide where we go and when: addresses, networks, Retry-After and
// freshness headers, query strings. The first byte chooses; a policy's word on an address must not depend on
// its spelling, and an IPv4 address must fare as its mapped form does.

#include <arpa/inet.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "crawler/schedule.h"
#include "net/address_policy.h"
#include "net/http_server.h"

using namespace tingchao;
using net::AddressPolicy;

namespace {

void address(const AddressPolicy& policy, const std::string& text) {
  TINGCHAO_ASSERT(policy.allows(text) == policy.refusal(text).empty());
  if (text.find('\0') != text.npos) {  // inet_pton would read what stands before it
    TINGCHAO_ASSERT(text.find('%') < text.find('\0') || !policy.allows(text));
    return;
  }
  unsigned char bytes[16] = {};
  char spelled[INET6_ADDRSTRLEN];
  if (inet_pton(AF_INET, text.c_str(), bytes) == 1) {
    TINGCHAO_ASSERT(policy.allows(text) == policy.allows("::ffff:" + text));
  } else if (inet_pton(AF_INET6, text.c_str(), bytes) == 1) {
    inet_ntop(AF_INET6, bytes, spelled, sizeof spelled);
    TINGCHAO_ASSERT(policy.allows(text) == policy.allows(spelled));
  }
}

// Sixteen bytes as they are, the surest way to meet the odd blocks.
void address_bytes(const AddressPolicy& policy, std::string_view bytes) {
  if (bytes.size() < 16) return;
  char spelled[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, bytes.data(), spelled, sizeof spelled);
  address(policy, spelled);
  const bool global = (static_cast<unsigned char>(bytes[0]) & 0xe0) == 0x20;
  static const AddressPolicy closed;
  const std::string_view mapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12), nat64("\0\x64\xff\x9b\0\0\0\0\0\0\0\0", 12);
  if (!global && !bytes.starts_with(mapped) && !bytes.starts_with(nat64)) TINGCHAO_ASSERT(!closed.allows(spelled));
}

void networks(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    list.emplace_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), list.back().size() + 1));
  }
  const auto policy = AddressPolicy::allowing(list);
  if (!policy) {
    TINGCHAO_ASSERT(policy.error().code == Errc::bad_config && !policy.error().mend.empty());
    return;
  }
  for (const std::string& network : list) {
    const std::string base = network.substr(0, network.find('/'));
    address(*policy, base);
  }
}

void headers(std::string_view text) {
  Headers list;
  for (const char* name : {"retry-after", "cache-control", "expires", "date", "cache-control"}) {
    list.emplace_back(name, text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), list.back().second.size() + 1));
  }
  const Time now{Seconds{1'790'000'000}};
  if (const auto later = crawler::retry_after(list, now)) TINGCHAO_ASSERT(later->count() >= 0);
  if (const auto fresh = crawler::freshness(list, now)) TINGCHAO_ASSERT(fresh->count() >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const AddressPolicy wide = *AddressPolicy::allowing({"::/0", "10.1.2.0/24"});
  static const AddressPolicy closed;
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 6) {
    case 0: address(closed, text); break;
    case 1: address(wide, text); break;
    case 2: address_bytes(data[0] & 0x40 ? wide : closed, text); break;
    case 3: networks(text); break;
    case 4: headers(text); break;
    default: TINGCHAO_ASSERT(net::query_value(text, "q").size() <= text.size());
  }
  return 0;
}
