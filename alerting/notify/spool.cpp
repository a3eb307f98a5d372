// POSIX calls instead of streams, for a stream cannot be synced to the disk.
#include "alerting/notify/spool.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "core/hash.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t prefix_max = 60;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

Error failed(const std::string& path, const char* doing) {
  return Error{Errc::io, path + ": " + doing + ": " + std::generic_category().message(errno),
               "check that the directory exists, may be written and has room"};
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace

std::string spool_name(std::string_view prefix, std::string_view key, std::string_view extension) {
  std::string name;
  for (const char c : prefix.substr(0, prefix_max)) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    name += fits ? c : '_';
  }
  return name + "-" + stable_id(key) + "." + std::string(extension);
}

Result<std::string> write_spool(const std::string& directory, const std::string& name, std::string_view bytes) {
  std::error_code bad;
  std::filesystem::create_directories(directory, bad);
  const std::string path = directory + "/" + name, temporary = directory + "/." + name + ".tmp";
  {
    // Messages name schools and people on duty: for the owner and the group only.
    const Descriptor file{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)};
    if (file.get() < 0) return failed(temporary, "open");
    if (!write_all(file.get(), bytes) || ::fsync(file.get()) != 0) {
      const Error error = failed(temporary, "write");
      ::unlink(temporary.c_str());
      return error;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = failed(path, "rename");
    ::unlink(temporary.c_str());
    return error;
  }
  const Descriptor parent{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (parent.get() < 0 || ::fsync(parent.get()) != 0) return failed(directory, "fsync");
  return path;
}

}  // namespace tingchao::alerting
