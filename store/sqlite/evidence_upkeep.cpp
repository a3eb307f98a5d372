// What is done to evidence besides adding to it: checking it, clearing up after a crash, and retention.
#include <algorithm>
#include <filesystem>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>

#include "store/evidence/segment.h"
#include "store/sqlite/evidence_rows.h"
#include "store/sqlite/sqlite_store.h"

namespace tingchao::store {
namespace {

namespace fs = std::filesystem;

// Walks over the records of one segment, each held against the one before it.
class Walk {
 public:
  Walk(const File& file, const SegmentRow& segment)
      : fd_(file.fd()), segment_(segment), before_(segment.start) {}

  struct Step {
    long at = 0;
    RecordHead head;
    std::string payload;
  };
  // The next record; nothing at the end, or when fault() tells what does not hold.
  std::optional<Step> next() {
    if (at_ == 0 && !begin()) return std::nullopt;
    if (at_ >= segment_.bytes) {
      if (before_ != segment_.last)
        fail(0, segment_.bytes, "the last record is not the one that the store knows");
      return std::nullopt;
    }
    ++number_;
    const long end = std::min<long>(at_ + static_cast<long>(record_head_bytes), segment_.bytes);
    Step step;
    step.at = at_;
    auto head = read_record_head(read_at(fd_, at_, record_head_bytes));
    if (!head) return fail(at_, end, head.error().detail);
    if (head->before != before_) return fail(at_, end, "a record before this one was left out or exchanged");
    step.head = *head;
    const long size = static_cast<long>(head->size());
    if (at_ + size > segment_.bytes)
      return fail(at_, segment_.bytes, "the record is longer than the segment");
    if (!head->erased) {
      step.payload = read_at(fd_, at_ + static_cast<long>(record_head_bytes), head->stored);
      if (step.payload.size() < head->stored) return fail(at_, at_ + size, "the file ends within the record");
      if (sha256(step.payload) != head->digest)
        return fail(at_ + static_cast<long>(record_head_bytes), at_ + size,
                    "the record's bytes were altered");
    }
    before_ = head->chain;
    at_ += size;
    return step;
  }
  void refuse(const Step& step, const std::string& what) {
    fail(step.at, step.at + static_cast<long>(step.head.size()), what);
  }
  const std::optional<EvidenceFault>& fault() const { return fault_; }

 private:
  bool begin() {
    const auto start = read_segment_head(read_at(fd_, 0, segment_head_bytes));
    if (!start)
      fail(0, static_cast<long>(segment_head_bytes), start.error().detail);
    else if (*start != segment_.start)
      fail(0, static_cast<long>(segment_head_bytes), "it does not follow the segment before it");
    at_ = static_cast<long>(segment_head_bytes);
    return !fault_;
  }
  std::nullopt_t fail(long begin, long end, std::string what) {
    fault_ = EvidenceFault{segment_.name, number_, begin, end, std::move(what)};
    return std::nullopt;
  }

  int fd_;
  const SegmentRow& segment_;
  Sha256 before_;
  long at_ = 0, number_ = 0;
  std::optional<EvidenceFault> fault_;
};

// Whether more than one group of records begins at or after `end`, where the store believes the file to end. A
// second one was only ever written after the first was acknowledged: the store is older than its evidence.
bool holds_several_groups(int fd, long end) {
  for (long at = end;;) {
    const auto head = read_record_head(read_at(fd, at, record_head_bytes));
    if (!head) return false;  // the end, or torn
    const auto group =
        read_group(*head, read_at(fd, at + static_cast<long>(record_head_bytes), head->stored));
    if (!group) return false;
    if ((*group == 0 ? at : *group) != end) return true;
    at += static_cast<long>(head->size());
  }
}

}  // namespace

Result<EvidenceCheck> SqliteStore::verify_evidence(const std::string& day) {
  EvidenceCheck check;
  const auto all = segments();
  if (!all) return all.error();
  const SegmentRow* before = nullptr;
  for (const SegmentRow& segment : *all) {
    const SegmentRow* previous = std::exchange(before, &segment);
    if (!day.empty() && segment.day != day) continue;
    if (previous && previous->last != segment.start) {
      check.fault = EvidenceFault{segment.name, 0, 0, static_cast<long>(segment_head_bytes),
                                  "the store's own rows do not follow one another"};
      return check;
    }
    if (segment.name.empty()) {
      ++check.gone;
      continue;
    }
    const std::string path = evidence_directory(db_->path()) + "/" + segment.name;
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
      check.fault = EvidenceFault{segment.name, 0, 0, segment.bytes, "the file is missing or cannot be read"};
      return check;
    }
    ++check.segments;
    Walk walk(file, segment);
    while (auto step = walk.next()) {
      check.bytes += static_cast<long>(step->head.size());
      if (step->head.erased) {
        ++check.erased;
        continue;
      }
      ++check.records;
      const auto page = read_payload(step->head, step->payload);
      Query known = db_->query("SELECT hash FROM evidence_records WHERE segment=?1 AND at=?2");
      const bool named = known.bind(segment.id).bind(step->at).next();
      if (known.error()) return *known.error();
      if (!page)
        walk.refuse(*step, page.error().detail);
      else if (!named || sha256_hex(page->body) != known.text())
        walk.refuse(*step, "the store names another page here");
      if (walk.fault()) break;
    }
    check.fault = walk.fault();
    if (check.fault) return check;
  }
  if (!day.empty()) return check;
  Query old = db_->query("SELECT hash FROM snapshots ORDER BY hash");
  while (old.next()) {
    EvidenceEntry entry;
    entry.hash = old.text();
    const auto page = evidence_page(entry);
    if (!page) {
      check.fault = EvidenceFault{"snapshots", 0, 0, 0, page.error().detail};
      return check;
    }
    ++check.snapshots;
  }
  if (old.error()) return *old.error();
  return check;
}

// After a kill the last file may hold one group of records that was never acknowledged: it goes. More than one
// means that an older database was put back beside newer evidence: nothing is destroyed then, what is not known
// is set aside.
Result<void> SqliteStore::recover_evidence() {
  Transaction transaction(*db_);
  if (auto begun = transaction.begin(); !begun) return begun;
  const auto all = segments();
  if (!all) return all.error();
  const std::string directory = evidence_directory(db_->path());
  std::error_code failed;
  std::set<std::string> named;
  for (const SegmentRow& segment : *all) named.insert(segment.name);
  std::vector<fs::path> unknown;
  for (const auto& entry : fs::directory_iterator(directory, failed))
    if (entry.path().extension() == ".tcev" && !named.contains(entry.path().filename().string()))
      unknown.push_back(entry.path());
  for (const fs::path& path : unknown) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    // A day that was begun and not acknowledged: no record, a torn one, or a single group.
    const auto size = fs::file_size(path, failed);
    const bool has_record =
        file.is_open() && read_record_head(read_at(file.fd(), segment_head_bytes, record_head_bytes));
    if (size <= segment_head_bytes + record_head_bytes ||
        (has_record && !holds_several_groups(file.fd(), segment_head_bytes)))
      fs::remove(path, failed);
    else
      fs::rename(path, path.string() + ".aside", failed);
  }
  if (!all->empty() && !all->back().name.empty()) {
    const SegmentRow& last = all->back();
    const std::string path = directory + "/" + last.name;
    const File file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    struct stat facts {};
    if (file.is_open() && ::fstat(file.fd(), &facts) == 0 && facts.st_size > last.bytes) {
      if (holds_several_groups(file.fd(), last.bytes)) fs::copy_file(path, path + ".aside", failed);
      if (::ftruncate(file.fd(), last.bytes) != 0) return io_error(path, "cannot be shortened");
    }
  }
  return transaction.commit();
}

// Of the days that are over, pages whose documents are all gone lose their bytes: the whole file when none is
// left, else the file is written anew with those records erased. The chain holds either way.
Result<std::vector<std::string>> SqliteStore::expire_evidence(Time before) {
  std::vector<std::string> files;
  const auto all = segments();
  if (!all) return all.error();
  const std::string directory = evidence_directory(db_->path()), last_day = china_date(before);
  const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  for (const SegmentRow& segment : *all) {
    if (segment.name.empty() || segment.day >= last_day) continue;
    std::set<long> dead;
    {
      Query query = db_->query(
          "SELECT at FROM evidence_records WHERE segment=?1 AND hash NOT IN (SELECT snapshot FROM "
          "documents)");
      query.bind(segment.id);
      while (query.next()) dead.insert(query.number());
      if (query.error()) return *query.error();
    }
    long alive = 0;
    {
      Query query = db_->query("SELECT count(*) FROM evidence_records WHERE segment=?1");
      if (query.bind(segment.id).next()) alive = query.number() - static_cast<long>(dead.size());
      if (query.error()) return *query.error();
    }
    if (dead.empty() && alive > 0) continue;
    auto left = alive > 0 ? erase_records(segment, dead) : Result<SegmentRow>(segment);
    if (!left && left.error().code == Errc::store) {
      auto told = write_audit({now, "retention", "evidence.fault", segment.day, left.error().detail});
      if (!told) return told.error();
      continue;
    }
    if (!left) return left.error();
    if (alive == 0) left->name.clear();
    files.push_back(directory + "/" + segment.name);
    Query forget = db_->query(
        "DELETE FROM evidence_records WHERE segment=?1 AND hash NOT IN (SELECT snapshot FROM documents)");
    if (auto done = forget.bind(segment.id).run(); !done) return done.error();
    Query update = db_->query("UPDATE evidence_segments SET name=?1, bytes=?2 WHERE id=?3");
    if (auto done = update.bind(left->name).bind(left->bytes).bind(segment.id).run(); !done)
      return done.error();
    auto told = write_audit({now, "retention", alive > 0 ? "evidence.erase" : "evidence.drop", segment.day,
                             segment.name + ": " + std::to_string(dead.size()) + " pages erased, " +
                                 std::to_string(alive) + " kept as evidence of documents"});
    if (!told) return told.error();
  }
  return files;
}

// The segment again under a new name, without the payloads of the records at `dead`. A segment with a fault
// is left as it is: whoever looks into the fault needs it.
Result<SegmentRow> SqliteStore::erase_records(const SegmentRow& segment, const std::set<long>& dead) {
  const std::string directory = evidence_directory(db_->path());
  const std::string old_path = directory + "/" + segment.name;
  SegmentRow fresh = segment;
  const std::size_t mark = segment.name.find(".r");
  const long round = mark == std::string::npos ? 0 : std::atol(segment.name.c_str() + mark + 2);
  fresh.name = segment.name.substr(0, mark == std::string::npos ? segment.name.size() - 5 : mark) + ".r" +
               std::to_string(round + 1) + ".tcev";
  const std::string path = directory + "/" + fresh.name;
  const File from(::open(old_path.c_str(), O_RDONLY | O_CLOEXEC));
  const File to(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!from.is_open()) return io_error(old_path, "cannot be opened");
  if (!to.is_open()) return io_error(path, "cannot be made");
  if (auto written = write_at(to.fd(), 0, segment_head(segment.start), path); !written)
    return written.error();
  fresh.bytes = static_cast<long>(segment_head_bytes);
  std::vector<std::pair<long, long>> moves;
  Walk walk(from, segment);
  while (auto step = walk.next()) {
    std::string record;
    if (step->head.erased || dead.contains(step->at))
      record = erased_record(step->head);
    else
      record = read_at(from.fd(), step->at, step->head.size());
    if (auto written = write_at(to.fd(), fresh.bytes, record, path); !written) return written.error();
    moves.emplace_back(step->at, fresh.bytes);
    fresh.bytes += static_cast<long>(record.size());
  }
  if (walk.fault()) {
    ::unlink(path.c_str());
    return Error{Errc::store, old_path + ": " + walk.fault()->what, "run `tingchao evidence verify`"};
  }
  if (::fsync(to.fd()) != 0) return io_error(path, "cannot be synced");
  if (auto synced = sync_directory(directory); !synced) return synced.error();
  for (const auto& [old_at, new_at] : moves) {  // only ever towards the front: no two stand at one place
    Query move = db_->query("UPDATE evidence_records SET at=?1 WHERE segment=?2 AND at=?3");
    if (auto done = move.bind(new_at).bind(segment.id).bind(old_at).run(); !done) return done.error();
  }
  return fresh;
}

}  // namespace tingchao::store
