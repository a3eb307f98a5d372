#pragma once
// Drives libcurl's multi-socket interface with Asio: curl says which sockets and which moment it
// waits for, Asio says when they come. Private to net/. I/O thread only.

#include <functional>
#include <memory>
#include <unordered_map>

#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace tingchao::net {

class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
 public:
  using Done = std::function<void(CURLcode)>;

  CurlLoop(boost::asio::io_context& io, long connections_max, long connections_per_host_max);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // `done` is called once, after curl has let go of the handle, from within one of this loop's own
  // handlers: it must not call back into the loop. False when curl takes no more handles.
  bool start(CURL* easy, Done done);
  // Forgets a transfer; its `done` is not called.
  void abandon(CURL* easy);
  // Forgets all transfers and closes all connections; nothing happens afterwards.
  void close();

 private:
  struct Watch;  // one socket that curl waits for
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long ms, void* self);
  void watch(curl_socket_t socket, int what);
  void arm(const std::shared_ptr<Watch>& watch);
  void wait(const std::shared_ptr<Watch>& watch, int direction);
  void act(curl_socket_t socket, int events);

  boost::asio::io_context& io_;
  boost::asio::steady_timer timer_;
  CURLM* multi_;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::unordered_map<CURL*, Done> running_;
};

}  // namespace tingchao::net
