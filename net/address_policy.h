#pragma once
// Which addresses we may connect to. The default refuses everything that is not the public internet
// (RFC 6890 special-purpose blocks: private, loopback, link-local, shared 100.64/10, multicast,
// documentation …), looking through v4-mapped, 6to4 and NAT64 forms to the IPv4 address inside.
// Checked on the resolved address at connect, so names, redirects and rebinding cannot go round it.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tingchao::net {

class AddressPolicy {
 public:
  AddressPolicy() = default;  // public addresses only
  // Further networks in CIDR form ("127.0.0.0/8", "10.1.2.0/24", "fd00::/8"). An IPv6 network, however
  // wide, lets in no IPv4 address, neither as it is nor inside a 6to4, NAT64 or ISATAP one. Fails with
  // bad_config.
  static Result<AddressPolicy> allowing(const std::vector<std::string>& networks);

  // `ip` in numeric form. A text that is no address is refused.
  bool allows(std::string_view ip) const;
  // Why not, for people ("127.0.0.1 is loopback"); empty when allowed.
  std::string refusal(std::string_view ip) const;

 private:
  bool is_extra(const std::array<unsigned char, 16>& address) const;
  struct Network { unsigned char bytes[16]; int prefix; };
  std::vector<Network> extra_;
};

}  // namespace tingchao::net
