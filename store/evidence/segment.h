#pragma once
// The form of evidence on disk, pure: bytes in, bytes out. A segment is a file of one day:
//
//   segment  "TCEV0001" (8)  start (32)  record…
//   record   "TCR1", or "TCRX" once its payload was erased (4)  stored (u32)  raw (u64)
//            before (32)  digest (32)  chain (32)  payload (`stored` bytes, none when erased)
//   payload  zstd of: u32 length of the metadata, metadata (JSON), body. In two frames: the first holds the length and
//            what of the metadata is known last, the group; the second, made before, all the rest. One frame formerly.
//            metadata.group: where in the file the first record lies that was synced together with this one
//   digest   SHA-256 of the payload
//   chain    SHA-256 of before ‖ stored ‖ raw ‖ digest
//
// Numbers are little-endian. `before` is the chain value of the record before, across segments: none can
// be changed, left out or put in without changing all that follow. Because the chain covers the payload's
// digest and not the payload, retention erases bytes and the chain still holds.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/hash.h"
#include "core/page.h"
#include "core/result.h"
#include "store/evidence.h"

namespace tingchao::store {

inline constexpr std::size_t segment_head_bytes = 40;
inline constexpr std::size_t record_head_bytes = 112;
inline constexpr std::uint64_t record_raw_bytes_max = 64u << 20;  // a page is at most 15 MiB

struct RecordHead {
  bool erased = false;
  std::uint32_t stored = 0;  // bytes of the payload as it was, also when erased
  std::uint64_t raw = 0;     // of the metadata and body, decompressed
  Sha256 before{}, digest{}, chain{};
  std::size_t size() const { return record_head_bytes + (erased ? 0 : stored); }
};

std::string segment_head(const Sha256& start);
// Fails with store, saying what is wrong.
Result<Sha256> read_segment_head(std::string_view bytes);

// A record; its chain value is what the next one takes as `before`.
struct EncodedRecord {
  std::string bytes;
  Sha256 chain{};
};
// `group` 0: the record is the first of its group, wherever it lies.
EncodedRecord encode_record(const PackedPage& page, const Sha256& before, long group = 0);
// The head with the mark of an erased payload; the chain value stays.
std::string erased_record(const RecordHead& head);

// Checks mark, sizes and that `chain` is what the fields give. Fails with store.
Result<RecordHead> read_record_head(std::string_view bytes);
// Checks the digest, decompresses, reads. Fails with store.
Result<Page> read_payload(const RecordHead& head, std::string_view payload);
// The group of a whole record; 0 as above. Fails like read_payload.
Result<long> read_group(const RecordHead& head, std::string_view payload);

// 64 hex digits and back; zeros when the text is something else.
std::string hex_of(const Sha256& hash);
Sha256 hash_of_hex(std::string_view hex);

}  // namespace tingchao::store
