#pragma once
// What the two halves of evidence share: a segment's row, and its file.

#include <string>
#include <utility>

#include <unistd.h>

#include "core/hash.h"
#include "core/result.h"

namespace tingchao::store {

struct SegmentRow {
  long id = 0;
  std::string day, name;  // name empty: gone by retention
  Sha256 start{}, last{};
  long bytes = 0, records = 0;
};

// A file descriptor that closes itself.
class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

// A segment with records that are written and not yet synced.
struct UnsyncedSegment {
  UnsyncedSegment(long segment, std::string file_path, int fd, long at)
      : id(segment), path(std::move(file_path)), file(fd), group(at), end(at) {}
  long id;
  std::string path;
  File file;
  long group;           // where its first unsynced record lies
  long end;             // of what is to be committed
  bool ragged = false;  // bytes of a refused batch may lie beyond `end`
};

// Exactly `size` bytes from `at`, or what there is of them.
std::string read_at(int fd, long at, std::size_t size);
// All of it at `at`. Fails with io.
Result<void> write_at(int fd, long at, std::string_view bytes, const std::string& path);
// fsync of a directory, so that a new name in it lasts. Fails with io.
Result<void> sync_directory(const std::string& path);
Error io_error(const std::string& path, const char* what);

std::string evidence_directory(const std::string& database);

}  // namespace tingchao::store
