#pragma once
// A network of a test's own: a child process in fresh Linux namespaces where *every* IPv4 and IPv6 address is
// local, so that real sockets can be counted at addresses that no machine may use, and where names are
// resolved by the test's own DNS server through the system's resolver. Needs iproute2 and the right to make
// namespaces (root, or user namespaces).

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

namespace tingchao::tests {

inline constexpr const char* private_dns = "127.0.0.53";  // where the system's resolver asks, port 53

namespace detail {

inline bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return bool(file);
}

inline bool own_file(const std::string& path, const std::string& text) {
  std::string mine = "/tmp/tingchao-net-XXXXXX";
  const int fd = ::mkstemp(mine.data());
  if (fd < 0) return false;
  ::close(fd);
  const bool done = write_file(mine, text) && ::chmod(mine.c_str(), 0644) == 0 &&
                    ::mount(mine.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) == 0;
  ::unlink(mine.c_str());
  return done;
}

inline bool enter_private_network() {
  const auto uid = ::geteuid(), gid = ::getegid();
  const int user = uid == 0 ? 0 : CLONE_NEWUSER;
  if (::unshare(user | CLONE_NEWNET | CLONE_NEWNS) != 0) return false;
  if (user) {
    write_file("/proc/self/setgroups", "deny");
    if (!write_file("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1")) return false;
    if (!write_file("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1")) return false;
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  const char* const routes =
      "PATH=$PATH:/sbin:/usr/sbin; ip link set lo up && ip route add local 0.0.0.0/0 dev lo && "
      "ip -6 route add local ::/0 dev lo";
  return std::system(routes) == 0 && own_file("/etc/resolv.conf", "nameserver " + std::string(private_dns) + "\n") &&
         own_file("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n") &&
         own_file("/etc/nsswitch.conf", "hosts: files dns\n");
}

}  // namespace detail

// What `work` returned, in the child; nothing when the system grants no such network.
inline std::optional<std::string> in_private_network(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) return {};
  const pid_t child = ::fork();
  if (child < 0) return {};
  if (child == 0) {
    ::close(ends[0]);
    std::string report;
    const bool ready = detail::enter_private_network();
    if (ready) report = work();
    for (std::size_t sent = 0; sent < report.size();) {
      const ssize_t n = ::write(ends[1], report.data() + sent, report.size() - sent);
      if (n <= 0) break;
      sent += static_cast<std::size_t>(n);
    }
    ::_exit(ready ? 0 : 77);
  }
  ::close(ends[1]);
  std::string report;
  char bytes[4096];
  for (ssize_t n; (n = ::read(ends[0], bytes, sizeof bytes)) > 0;) report.append(bytes, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) return {};
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return report + "\nthe child crashed";
  return report;
}

}  // namespace tingchao::tests
