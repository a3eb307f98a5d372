// Datagrams only: a log that does not take one at once says so, and the outbox tries again.
#include "alerting/notify/syslog.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/time.h"

namespace tingchao::alerting {
namespace {

constexpr const char* journal_path = "/run/systemd/journal/socket";
constexpr const char* log_path = "/dev/log";
constexpr int facility_local0 = 16;
constexpr std::size_t message_id_max = 32;  // RFC 5424 §6

int severity_of(int rank) {
  constexpr std::array<int, 5> severities{6, 2, 3, 4, 5};
  return rank >= 0 && rank <= 4 ? severities[static_cast<std::size_t>(rank)] : 6;
}

// A PARAM-VALUE escapes quote, backslash and bracket (RFC 5424 §6.3.3).
std::string parameter(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == ']') out += '\\';
    out += c;
  }
  return out;
}

void add_field(std::string& to, std::string_view name, std::string_view value) {
  if (value.find('\n') == value.npos) {
    to += fmt::format("{}={}\n", name, value);
    return;
  }
  to += fmt::format("{}\n", name);
  std::uint64_t size = value.size();
  for (int byte = 0; byte < 8; ++byte, size >>= 8) to += static_cast<char>(size & 0xFF);
  to += value;
  to += '\n';
}

class Socket {
 public:
  explicit Socket(int family) : number_(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~Socket() {
    if (number_ >= 0) ::close(number_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  bool send(const void* address, socklen_t size, std::string_view bytes) const {
    return number_ >= 0 && ::sendto(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL,
                                    static_cast<const sockaddr*>(address), size) == static_cast<ssize_t>(bytes.size());
  }

 private:
  int number_;
};

Error failed(const std::string& where) {
  return Error{Errc::io, where + ": " + std::generic_category().message(errno),
               "check that the log service runs and the channel's socket: names it"};
}

Result<std::string> send_unix(const std::string& path, std::string_view bytes) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error{Errc::bad_config, path + ": the path of a socket is at most 107 bytes", "name a shorter one"};
  std::memcpy(address.sun_path, path.data(), path.size());
  const Socket socket(AF_UNIX);
  if (!socket.send(&address, sizeof address, bytes)) return failed(path);
  return path;
}

Result<std::string> send_udp(std::string_view where, std::string_view bytes) {
  const std::size_t colon = where.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  unsigned port = 0;
  const std::string_view digits = colon == where.npos ? std::string_view{} : where.substr(colon + 1);
  const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const std::string host(where.substr(0, colon));
  if (bad != std::errc{} || end != digits.data() + digits.size() || port == 0 || port > 65535 ||
      ::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    return Error{Errc::bad_config, "udp:" + std::string(where) + ": no address and port", "write udp:127.0.0.1:514"};
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const Socket socket(AF_INET);
  if (!socket.send(&address, sizeof address, bytes)) return failed("udp:" + std::string(where));
  return "udp:" + std::string(where);
}

std::string line_now(const LogEntry& entry) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::string now = to_rfc3339(std::chrono::floor<Seconds>(std::chrono::system_clock::now()));
  return syslog_line(entry, now, host[0] ? host.data() : "-", ::getpid());
}

}  // namespace

std::string syslog_line(const LogEntry& entry, std::string_view timestamp, std::string_view host, long process) {
  const std::string data = fmt::format("[tingchao@32473 stream=\"{}\" level=\"{}\" warning=\"{}\"]",
                                       parameter(entry.stream), entry.rank, parameter(entry.warning));
  return fmt::format("<{}>1 {} {} tingchao {} {} {} \xEF\xBB\xBF{}", facility_local0 * 8 + severity_of(entry.rank),
                     timestamp, host, process, entry.id.substr(0, message_id_max), data, entry.text);
}

std::string journal_fields(const LogEntry& entry) {
  std::string fields;
  add_field(fields, "MESSAGE", entry.text);
  add_field(fields, "PRIORITY", std::to_string(severity_of(entry.rank)));
  add_field(fields, "SYSLOG_IDENTIFIER", "tingchao");
  add_field(fields, "TINGCHAO_STREAM", entry.stream);
  add_field(fields, "TINGCHAO_LEVEL", std::to_string(entry.rank));
  add_field(fields, "TINGCHAO_MESSAGE", entry.id);
  if (!entry.warning.empty()) add_field(fields, "TINGCHAO_WARNING", entry.warning);
  return fields;
}

Result<std::string> write_log(const std::string& socket, const LogEntry& entry) {
  const bool automatic = socket.empty() || socket == "auto";
  if (socket == "journal" || (automatic && std::filesystem::exists(journal_path)))
    return send_unix(journal_path, journal_fields(entry));
  if (automatic) return send_unix(log_path, line_now(entry));
  if (socket.starts_with("unix:")) return send_unix(socket.substr(5), line_now(entry));
  if (socket.starts_with("udp:")) return send_udp(std::string_view(socket).substr(4), line_now(entry));
  return Error{Errc::bad_config, "no socket '" + socket + "'", "one of auto, journal, unix:PATH, udp:ADDRESS:PORT"};
}

}  // namespace tingchao::alerting
