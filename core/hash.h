#pragma once
// Digests: SHA-256 for evidence and ids, HMAC-SHA256 for signatures, and a fast 64-bit hash that is
// the same on every machine and run, for tables and fingerprints.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tingchao {

using Sha256 = std::array<unsigned char, 32>;

Sha256 sha256(std::string_view bytes);
Sha256 hmac_sha256(std::string_view key, std::string_view message);
std::string to_hex(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);  // 64 digits
std::string to_base64(std::string_view bytes);   // standard alphabet, padded
// Empty when not well-formed base64.
std::string from_base64(std::string_view text);

// A stable id: the first 16 hex digits of the SHA-256 of the text.
std::string stable_id(std::string_view text);

// FNV-1a with a final mix (MurmurHash3's fmix64): deterministic across runs; not for secrets.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace tingchao
