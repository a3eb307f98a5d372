// Every field is checked before it is believed: a damaged length must not make us allocate.
#include "store/evidence/segment.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include <zstd.h>
#include <boost/json.hpp>

#include "core/json.h"

namespace tingchao::store {
namespace {

constexpr int level = 3;  // zstd: 250 MB/s at a ratio of about 3.6 on real pages
constexpr std::size_t room_kept_max = 1u << 20;
constexpr std::string_view segment_mark = "TCEV0001", record_mark = "TCR1", erased_mark = "TCRX";

template <class T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i));
}
template <class T>
T get(std::string_view bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i)
    value |= static_cast<T>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return value;
}
std::string_view view(const Sha256& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
Sha256 hash_at(std::string_view bytes) {
  Sha256 hash{};
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return hash;
}
Error broken(std::string what) { return {Errc::store, std::move(what), "restore this file from a backup"}; }

std::string fields_of(const RecordHead& head) {
  std::string fields;
  put(fields, head.stored);
  put(fields, head.raw);
  return fields;
}
Sha256 chain_of(const RecordHead& head) {
  return sha256(std::string(view(head.before)) + fields_of(head) + std::string(view(head.digest)));
}
std::string head_bytes(const RecordHead& head) {
  std::string out(head.erased ? erased_mark : record_mark);
  out += fields_of(head);
  for (const Sha256* hash : {&head.before, &head.digest, &head.chain}) out += view(*hash);
  return out;
}

boost::json::object metadata_of(const Page& page) {
  boost::json::array headers, sent, redirects;
  for (const auto& [name, value] : page.headers) headers.push_back({name, value});
  for (const auto& [name, value] : page.request_headers) sent.push_back({name, value});
  for (const Hop& hop : page.redirects) redirects.push_back({hop.url, hop.status});
  return {{"source", page.source},
          {"requested_url", page.requested_url},
          {"url", page.url},
          {"redirects", std::move(redirects)},
          {"status", page.status},
          {"headers", std::move(headers)},
          {"request_headers", std::move(sent)},
          {"truncated", page.truncated},
          {"address", page.address},
          {"robots", name(page.robots)},
          {"robots_rule", page.robots_rule},
          {"fetched_at", page.fetched_at.time_since_epoch().count()},
          {"took_ms", page.took.count()}};
}

RobotsVerdict verdict_named(std::string_view text) {
  for (const RobotsVerdict each :
       {RobotsVerdict::allowed, RobotsVerdict::allowed_no_file, RobotsVerdict::allowed_local,
        RobotsVerdict::disallowed, RobotsVerdict::unreachable})
    if (text == name(each)) return each;
  return RobotsVerdict::allowed;
}

Page page_of(const boost::json::object& from) {
  const auto text = [&](const char* key) { return std::string(from.at(key).as_string()); };
  Page page;
  page.source = text("source");
  page.requested_url = text("requested_url");
  page.url = text("url");
  for (const auto& hop : from.at("redirects").as_array())
    page.redirects.push_back(
        {std::string(hop.as_array().at(0).as_string()), hop.as_array().at(1).to_number<int>()});
  page.status = from.at("status").to_number<int>();
  const auto read_headers = [](const boost::json::value& list, Headers& into) {
    for (const auto& each : list.as_array())
      into.emplace_back(each.as_array().at(0).as_string(), each.as_array().at(1).as_string());
  };
  read_headers(from.at("headers"), page.headers);
  if (const auto* sent = from.if_contains("request_headers")) read_headers(*sent, page.request_headers);
  page.truncated = from.at("truncated").as_bool();
  page.address = text("address");
  page.robots = verdict_named(text("robots"));
  page.robots_rule = text("robots_rule");
  page.fetched_at = Time{Seconds{from.at("fetched_at").to_number<long>()}};
  page.took = std::chrono::milliseconds{from.at("took_ms").to_number<long>()};
  return page;
}

std::string compressed(std::string_view raw) {
  // One context a thread: making its tables anew costs as much as compressing a small page.
  thread_local const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  thread_local std::string room;
  room.resize(std::max(room.size(), ZSTD_compressBound(raw.size())));
  const std::size_t size =
      ZSTD_compressCCtx(context.get(), room.data(), room.size(), raw.data(), raw.size(), level);
  if (ZSTD_isError(size)) throw std::bad_alloc();  // with enough room nothing else can be wrong
  std::string out(room, 0, size);
  if (room.size() > room_kept_max) std::string().swap(room);
  return out;
}

}  // namespace

std::string segment_head(const Sha256& start) { return std::string(segment_mark) + std::string(view(start)); }

Result<Sha256> read_segment_head(std::string_view bytes) {
  if (bytes.size() < segment_head_bytes) return broken("the file is shorter than its head");
  if (!bytes.starts_with(segment_mark)) return broken("the file is no evidence segment");
  return hash_at(bytes.substr(segment_mark.size()));
}

PackedPage pack(const Page& page, std::string hash) {
  PackedPage packed;
  packed.url = page.url;
  packed.source = page.source;
  packed.fetched_at = page.fetched_at;
  packed.hash = hash.empty() ? sha256_hex(page.body) : std::move(hash);
  packed.raw_bytes = static_cast<long>(page.body.size());
  std::string raw = boost::json::serialize(metadata_of(page)).substr(1);  // the brace goes before the group
  packed.metadata_bytes = static_cast<long>(raw.size());
  raw += page.body;
  packed.record_raw = static_cast<long>(raw.size());
  packed.record = compressed(raw);
  return packed;
}

EncodedRecord encode_record(const PackedPage& page, const Sha256& before, long group) {
  const std::string begin = group == 0 ? "{" : "{\"group\":" + std::to_string(group) + ",";
  std::string first;
  put(first, static_cast<std::uint32_t>(begin.size() + static_cast<std::size_t>(page.metadata_bytes)));
  first += begin;
  const std::string payload = compressed(first) + page.record;
  RecordHead head;
  head.stored = static_cast<std::uint32_t>(payload.size());
  head.raw = first.size() + static_cast<std::size_t>(page.record_raw);
  head.before = before;
  head.digest = sha256(payload);
  head.chain = chain_of(head);
  return {head_bytes(head) + payload, head.chain};
}

std::string erased_record(const RecordHead& head) {
  RecordHead erased = head;
  erased.erased = true;
  return head_bytes(erased);
}

Result<RecordHead> read_record_head(std::string_view bytes) {
  if (bytes.size() < record_head_bytes) return broken("the file ends within a record's head");
  RecordHead head;
  head.erased = bytes.starts_with(erased_mark);
  if (!head.erased && !bytes.starts_with(record_mark)) return broken("no record begins here");
  head.stored = get<std::uint32_t>(bytes.substr(4));
  head.raw = get<std::uint64_t>(bytes.substr(8));
  head.before = hash_at(bytes.substr(16));
  head.digest = hash_at(bytes.substr(48));
  head.chain = hash_at(bytes.substr(80));
  if (chain_of(head) != head.chain)
    return broken("the record's head was altered: its fields do not give its hash");
  return head;
}

namespace {

struct Opened {
  boost::json::object metadata;
  std::string raw;
  std::size_t body = 0;  // where it begins in `raw`
};
Result<Opened> open_payload(const RecordHead& head, std::string_view payload) {
  if (head.erased) return Error{Errc::not_found, "the page was erased by retention", ""};
  if (sha256(payload) != head.digest)
    return broken("the record's bytes were altered: they do not give its hash");
  if (head.raw > record_raw_bytes_max) return broken("the record is larger than any page");
  std::string raw(head.raw, '\0');
  const std::size_t got = ZSTD_decompress(raw.data(), raw.size(), payload.data(), payload.size());
  if (ZSTD_isError(got) || got != raw.size() || raw.size() < 4)
    return broken("the record cannot be decompressed");
  const std::size_t length = get<std::uint32_t>(raw);
  if (length > raw.size() - 4) return broken("the record's metadata are cut");
  const auto metadata = parse_json(std::string_view(raw).substr(4, length));
  if (!metadata || !metadata->is_object()) return broken("the record's metadata cannot be read");
  return Opened{metadata->get_object(), std::move(raw), 4 + length};
}

}  // namespace

Result<Page> read_payload(const RecordHead& head, std::string_view payload) {
  auto opened = open_payload(head, payload);
  if (!opened) return opened.error();
  Page page;
  try {  // Boost.JSON's accessors throw on a member of another type
    page = page_of(opened->metadata);
  } catch (const std::exception& what) {
    return broken(std::string("the record's metadata cannot be read: ") + what.what());
  }
  page.body = opened->raw.substr(opened->body);
  return page;
}

Result<long> read_group(const RecordHead& head, std::string_view payload) {
  const auto opened = open_payload(head, payload);
  if (!opened) return opened.error();
  const auto* group = opened->metadata.if_contains("group");
  if (!group) return 0L;
  if (!group->is_int64()) return broken("the record's metadata cannot be read: group is no number");
  return static_cast<long>(group->get_int64());
}

std::string hex_of(const Sha256& hash) { return to_hex(view(hash)); }

Sha256 hash_of_hex(std::string_view hex) {
  Sha256 hash{};
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (hex.size() != 2 * hash.size()) return hash;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return {};
    hash[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return hash;
}

}  // namespace tingchao::store
