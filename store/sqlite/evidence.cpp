// Order of things: the records are written and synced, then the transaction that names them commits. All of it
// happens under SQLite's write lock, so there is one writer and its end of the file is the committed one;
// bytes beyond were never acknowledged and are overwritten. Each record says where the group begins that it was
// synced with, so that after a crash one unacknowledged group can be told from an older database.
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <zstd.h>
#include <boost/json.hpp>

#include "core/json.h"
#include "store/evidence/segment.h"
#include "store/sqlite/evidence_rows.h"
#include "store/sqlite/sqlite_store.h"

namespace tingchao::store {

Error io_error(const std::string& path, const char* what) {
  return {Errc::io, path + ": " + what + ": " + std::strerror(errno),
          errno == ENOSPC || errno == EFBIG ? "free disk space; nothing was lost, the work is done again"
                                            : "check the disk, and that this user may write there"};
}

std::string evidence_directory(const std::string& database) { return database + ".evidence"; }

std::string read_at(int fd, long at, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = ::pread(fd, bytes.data() + got, size - got, at + static_cast<long>(got));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  bytes.resize(got);
  return bytes;
}

Result<void> write_at(int fd, long at, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return io_error(path, "writing failed");
    bytes.remove_prefix(static_cast<std::size_t>(n));
    at += n;
  }
  return {};
}

Result<void> sync_directory(const std::string& path) {
  const File directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open() || ::fsync(directory.fd()) != 0) return io_error(path, "cannot be synced");
  return {};
}

namespace {

SegmentRow read_segment(Query& row) {
  SegmentRow segment;
  segment.id = row.number();
  segment.day = row.text();
  segment.name = row.text();
  segment.start = hash_of_hex(row.text());
  segment.last = hash_of_hex(row.text());
  segment.bytes = row.number();
  segment.records = row.number();
  return segment;
}

// The file to append to, its end where the store says it is. A file that is shorter than that was damaged:
// then the day goes on in another one, and `evidence verify` names the damage; the crawl must not stop for
// it.
int open_at_end(const std::string& path, const SegmentRow& segment) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  struct stat facts {};
  if (fd < 0) return fd;
  if (::fstat(fd, &facts) == 0 && facts.st_size >= segment.bytes) {
    if (facts.st_size == segment.bytes || ::ftruncate(fd, segment.bytes) == 0) return fd;
  }
  ::close(fd);
  return -1;
}

Page old_snapshot(const EvidenceEntry& entry, const std::string& headers) {
  Page page;
  page.url = page.requested_url = entry.url;
  page.fetched_at = entry.fetched_at;
  const auto parsed = parse_json(headers);
  if (!parsed || !parsed->is_object()) return page;
  const auto& object = parsed->get_object();
  if (const auto* status = object.if_contains("status")) page.status = status->to_number<int>();
  const auto* list = object.if_contains("headers");
  if (!list || !list->is_array()) return page;
  for (const auto& each : list->get_array())
    page.headers.emplace_back(each.as_array().at(0).as_string(), each.as_array().at(1).as_string());
  return page;
}

}  // namespace

Result<std::vector<SegmentRow>> SqliteStore::segments() {
  Query query =
      db_->query("SELECT id, day, name, start, last, bytes, records FROM evidence_segments ORDER BY id");
  std::vector<SegmentRow> all;
  while (query.next()) all.push_back(read_segment(query));
  if (query.error()) return *query.error();
  return all;
}

// The segment that takes records of that day: the last one, or a new one that follows it in the chain.
Result<SegmentRow> SqliteStore::segment_for(const std::string& day) {
  SegmentRow last;
  {
    Query query = db_->query(
        "SELECT id, day, name, start, last, bytes, records FROM evidence_segments ORDER BY id DESC LIMIT 1");
    if (query.next()) last = read_segment(query);
    if (query.error()) return *query.error();
  }
  const std::string directory = evidence_directory(db_->path());
  struct stat facts {};
  const bool is_usable = !last.name.empty() && ::stat((directory + "/" + last.name).c_str(), &facts) == 0 &&
                         facts.st_size >= last.bytes;
  if (is_usable && day <= last.day) return last;
  SegmentRow fresh;
  fresh.id = last.id + 1;
  fresh.day = std::max(day, last.day);
  fresh.name = fresh.day + (fresh.day == last.day ? "." + std::to_string(fresh.id) : "") + ".tcev";
  fresh.start = fresh.last = last.last;
  fresh.bytes = segment_head_bytes;
  std::error_code failed;
  if (std::filesystem::create_directories(directory, failed); failed)
    return Error{Errc::io, directory + ": " + failed.message(),
                 "give this user write permission beside the store"};
  const std::string path = directory + "/" + fresh.name;
  const File file(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!file.is_open()) return io_error(path, "cannot be made");
  if (auto written = write_at(file.fd(), 0, segment_head(fresh.start), path); !written)
    return written.error();
  const auto parent = std::filesystem::absolute(directory).parent_path();
  for (const std::string& each : {directory, parent.string()})
    if (auto synced = sync_directory(each); !synced) return synced.error();
  Query insert = db_->query(
      "INSERT INTO evidence_segments(id, day, name, start, last, bytes, records) VALUES (?1, ?2, ?3, ?4, ?5, "
      "?6, 0)");
  insert.bind(fresh.id).bind(fresh.day).bind(fresh.name).bind(hex_of(fresh.start)).bind(hex_of(fresh.last));
  if (auto done = insert.bind(fresh.bytes).run(); !done) return done.error();
  // The audit trail, a chain of its own, remembers where each segment ended.
  if (last.id > 0) {
    const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
    auto sealed = write_audit({now, "store", "evidence.seal", last.name.empty() ? last.day : last.name,
                               hex_of(last.last) + ", " + std::to_string(last.records) + " records"});
    if (!sealed) return sealed.error();
  }
  return fresh;
}

Result<UnsyncedSegment*> SqliteStore::unsynced(const SegmentRow& segment) {
  for (UnsyncedSegment& each : unsynced_)
    if (each.id == segment.id) return &each;
  const std::string path = evidence_directory(db_->path()) + "/" + segment.name;
  const int fd = open_at_end(path, segment);
  if (fd < 0) return io_error(path, "cannot be appended to");
  return &unsynced_.emplace_back(segment.id, path, fd, segment.bytes);
}

Result<void> SqliteStore::sync_evidence() {
  for (const UnsyncedSegment& each : unsynced_) {
    if (each.ragged && ::ftruncate(each.file.fd(), each.end) != 0)
      return io_error(each.path, "cannot be shortened");
    if (::fdatasync(each.file.fd()) != 0) return io_error(each.path, "cannot be synced");
  }
  return {};
}

Result<void> SqliteStore::write_pages(const Batch& batch) {
  std::optional<SegmentRow> segment;
  UnsyncedSegment* file = nullptr;
  for (const PackedPage& page : batch.pages) {
    Query known = db_->query(
        "SELECT 1 FROM evidence_records WHERE hash=?1 AND url=?2 UNION ALL SELECT 1 FROM snapshots WHERE "
        "hash=?1");
    if (known.bind(page.hash).bind(page.url).next()) continue;
    if (known.error()) return *known.error();
    if (!segment) {
      auto found = segment_for(china_date(page.fetched_at));
      if (!found) return found.error();
      segment = std::move(*found);
      const auto opened = unsynced(*segment);
      if (!opened) return opened.error();
      file = *opened;
    }
    const EncodedRecord record = encode_record(page, segment->last, file->group);
    if (auto written = write_at(file->file.fd(), segment->bytes, record.bytes, file->path); !written)
      return written;
    Query insert = db_->query(
        "INSERT INTO evidence_records(segment, at, bytes, chain, hash, raw_bytes, url, source, fetched_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    insert.bind(segment->id).bind(segment->bytes).bind(static_cast<long>(record.bytes.size()));
    insert.bind(hex_of(record.chain)).bind(page.hash).bind(page.raw_bytes);
    if (auto done = insert.bind(page.url).bind(page.source).bind(page.fetched_at).run(); !done) return done;
    segment->bytes += static_cast<long>(record.bytes.size());
    segment->last = record.chain;
    ++segment->records;
  }
  if (!segment) return {};
  file->end = segment->bytes;
  Query update = db_->query("UPDATE evidence_segments SET last=?1, bytes=?2, records=?3 WHERE id=?4");
  return update.bind(hex_of(segment->last))
      .bind(segment->bytes)
      .bind(segment->records)
      .bind(segment->id)
      .run();
}

#define TINGCHAO_ENTRY_COLUMNS                                                                           \
  "r.id AS id, r.hash AS hash, r.url, r.source, r.fetched_at AS t, r.raw_bytes, s.name, r.at, r.bytes, " \
  "r.chain FROM evidence_records r JOIN evidence_segments s ON s.id=r.segment "
#define TINGCHAO_OLD_COLUMNS \
  "0, hash, url, '', fetched_at, raw_bytes, '', 0, length(data), '' FROM snapshots "

Result<std::vector<EvidenceEntry>> SqliteStore::evidence(const EvidenceQuery& ask) {
  const EvidenceEntry after = ask.after.value_or(EvidenceEntry{});
  Query query = ask.hash.empty()
                    ? db_->query("SELECT * FROM (SELECT " TINGCHAO_ENTRY_COLUMNS
                                 "WHERE t>=?1 AND t<?2 UNION ALL SELECT " TINGCHAO_OLD_COLUMNS
                                 "WHERE fetched_at>=?1 AND fetched_at<?2) WHERE (t, id, hash)>(?3, ?4, ?5) "
                                 "ORDER BY t, id, hash LIMIT ?6")
                    : db_->query("SELECT " TINGCHAO_ENTRY_COLUMNS
                                 "WHERE r.hash=?1 UNION ALL SELECT " TINGCHAO_OLD_COLUMNS
                                 "WHERE hash=?1 ORDER BY t, id LIMIT ?2");
  if (ask.hash.empty()) {
    const Time from = std::max(ask.from.value_or(Time{}), ask.after ? after.fetched_at : Time{});
    query.bind(from).bind(ask.to.value_or(Time{std::chrono::days{366 * 200}}));
    query.bind(ask.after ? after.fetched_at : Time{Seconds{-1}})
        .bind(after.id)
        .bind(after.hash)
        .bind(ask.limit);
  } else {
    query.bind(ask.hash).bind(ask.limit);
  }
  std::vector<EvidenceEntry> all;
  while (query.next()) {
    EvidenceEntry& entry = all.emplace_back();
    entry.id = query.number();
    entry.hash = query.text();
    entry.url = query.text();
    entry.source = query.text();
    entry.fetched_at = query.time();
    entry.raw_bytes = query.number();
    entry.segment = query.text();
    entry.at = query.number();
    entry.bytes = query.number();
    entry.chain = query.text();
  }
  if (query.error()) return *query.error();
  return all;
}

Result<Page> SqliteStore::evidence_page(const EvidenceEntry& entry) {
  const auto missing = [&] { return Error{Errc::not_found, "no page " + entry.hash, "it may have expired"}; };
  if (entry.id == 0) {
    Query query = db_->query("SELECT headers, raw_bytes, data FROM snapshots WHERE hash=?1");
    const bool found = query.bind(entry.hash).next();
    if (query.error()) return *query.error();
    if (!found) return missing();
    Page page = old_snapshot(entry, query.text());
    const long size = query.number();
    const std::string packed = query.text();
    page.body.resize(static_cast<std::size_t>(size));
    const std::size_t got = ZSTD_decompress(page.body.data(), page.body.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) || got != page.body.size() || sha256_hex(page.body) != entry.hash)
      return Error{Errc::store, "snapshot " + entry.hash + " was altered: its bytes do not give its hash",
                   "restore it from a backup"};
    return page;
  }
  const std::string path = evidence_directory(db_->path()) + "/" + entry.segment;
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return io_error(path, "cannot be opened");
  const std::string bytes = read_at(file.fd(), entry.at, static_cast<std::size_t>(entry.bytes));
  const std::string place =
      path + ": bytes " + std::to_string(entry.at) + " to " + std::to_string(entry.at + entry.bytes) + ": ";
  const auto head = read_record_head(bytes);
  if (!head) return Error{Errc::store, place + head.error().detail, head.error().mend};
  auto page = read_payload(*head, std::string_view(bytes).substr(record_head_bytes));
  if (!page) return Error{page.error().code, place + page.error().detail, page.error().mend};
  if (sha256_hex(page->body) != entry.hash)
    return Error{Errc::store, place + "the body does not give the hash that documents name",
                 "restore a backup"};
  return page;
}

Result<std::string> SqliteStore::snapshot(const std::string& sha256) {
  EvidenceQuery ask;
  ask.hash = sha256;
  ask.limit = 1;
  const auto found = evidence(ask);
  if (!found) return found.error();
  if (sha256.empty() || found->empty())
    return Error{Errc::not_found, "no snapshot " + sha256, "it may have expired"};
  auto page = evidence_page(found->front());
  if (!page) return page.error();
  return std::move(page->body);
}

}  // namespace tingchao::store
