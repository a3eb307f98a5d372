// POSIX calls rather than streams: errno tells what went wrong, and fsync exists.
#include "service/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tingchao::service {
namespace {

Error system_error(const std::string& path, int number) {
  const std::string detail = path + ": " + std::strerror(number);
  switch (number) {
    case ENOENT:
      return {Errc::not_found, detail, "check the path"};
    case EACCES:
    case EPERM:
      return {Errc::io, detail, "give this user permission on it"};
    case ENOSPC:
    case EDQUOT:
      return {Errc::io, detail, "free disk space and try again"};
    case EISDIR:
      return {Errc::io, detail, "name a file in it"};
    default:
      return {Errc::io, detail, ""};
  }
}

Result<std::string> read_all(int fd, const std::string& path, std::size_t bytes_max) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path, errno);
    if (got == 0) return text;
    if (text.size() + static_cast<std::size_t>(got) > bytes_max)
      return Error{Errc::too_large, path + ": over " + std::to_string(bytes_max >> 20) + " MiB", "split it"};
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_error(path, errno);
  auto text = read_all(fd, path, bytes_max);
  ::close(fd);
  return text;
}

Result<std::string> read_stdin(std::size_t bytes_max) {
  return read_all(STDIN_FILENO, "standard input", bytes_max);
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  std::error_code ignored;
  const auto parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, ignored);
  const std::string draft = path + ".part";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return system_error(draft, errno);
  int failed = 0;
  while (!bytes.empty() && failed == 0) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put > 0)
      bytes.remove_prefix(static_cast<std::size_t>(put));
    else if (put < 0 && errno != EINTR)
      failed = errno;
  }
  if (failed == 0 && ::fsync(fd) != 0) failed = errno;
  if (::close(fd) != 0 && failed == 0) failed = errno;
  if (failed == 0 && ::rename(draft.c_str(), path.c_str()) != 0) failed = errno;
  if (failed == 0) return {};
  ::unlink(draft.c_str());
  return system_error(path, failed);
}

Result<std::vector<std::string>> files_under(const std::string& path, std::string_view suffix) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return Error{Errc::not_found, path + ": no such file", "check the path"};
  std::vector<std::string> files;
  if (!fs::is_directory(status)) {
    files.push_back(path);
    return files;
  }
  fs::recursive_directory_iterator walk(path, fs::directory_options::skip_permission_denied, error);
  if (error) return Error{Errc::io, path + ": " + error.message(), ""};
  for (const auto& entry : walk)
    if (entry.is_regular_file(error) && entry.path().string().ends_with(suffix))
      files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace tingchao::service
