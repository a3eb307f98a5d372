#pragma once
// Evidence as the program asks of it: the pages that documents were extracted from, byte for byte, with
// headers and how they were fetched. How they lie on disk: store/evidence/segment.h, docs/storage.md.
// A page may hold names of authors that documents never hold: who shows or exports one writes an audit row
// first.

#include <optional>
#include <string>

#include "core/page.h"
#include "core/time.h"

namespace tingchao::store {

// A page made ready to be kept. Hashing and compressing it is half of what keeping it costs, so whoever has a thread
// to spare does that before the commit.
struct PackedPage {
  std::string url;      // final
  std::string source;   // Source::id
  Time fetched_at{};
  std::string hash;     // SHA-256 of the body
  long raw_bytes = 0;   // of the body
  std::string record;   // metadata and body as store/evidence/segment.h keeps them, compressed
  long record_raw = 0;  // bytes of these before
  long metadata_bytes = 0;
};
// Pure, for any thread. `hash` is that of the body if it is known already, else empty.
PackedPage pack(const Page& page, std::string hash = {});

struct EvidenceEntry {
  long id = 0;          // of the store's row; 0: kept before there were segments
  std::string hash;     // SHA-256 of the body: Document::snapshot_hash
  std::string url;      // final
  std::string source;   // Source::id; empty when kept before there were segments
  Time fetched_at{};
  long raw_bytes = 0;   // of the body
  std::string segment;  // file name; empty: in the database itself
  long at = 0, bytes = 0;
  std::string chain;    // hex
};

struct EvidenceQuery {
  std::optional<Time> from, to;  // fetched within [from, to)
  std::string hash;              // empty: all
  int limit = 1000;
  std::optional<EvidenceEntry> after;  // cursor: the last entry of the answer before
};

// The first thing that does not hold.
struct EvidenceFault {
  std::string segment;      // file name, or "snapshots" for those in the database
  long record = 0;          // number within the segment, from 1; 0: the segment as a whole
  long begin = 0, end = 0;  // bytes of the file
  std::string what;
};

struct EvidenceCheck {
  long segments = 0, gone = 0;   // read; dropped whole by retention
  long records = 0, erased = 0;  // whole; with an erased payload
  long bytes = 0;
  long snapshots = 0;            // of the older form, in the database
  std::optional<EvidenceFault> fault;
};

}  // namespace tingchao::store
