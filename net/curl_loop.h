#pragma once
// Drives libcurl's multi-socket interface with Asio: curl says which sockets and which moment it
// waits for, Asio says when they come. Private to net/. I/O thread only.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
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

  // `done` is called once, after curl has let go of the handle, perhaps before start() returns: it
  // must not call back into the loop. False when curl takes no more handles. Each handle that is
  // started has close_socket and this loop as its CURLOPT_CLOSESOCKETFUNCTION and -DATA.
  bool start(CURL* easy, Done done);
  // Forgets a transfer; its `done` is not called.
  void abandon(CURL* easy);
  // Forgets all transfers and closes all connections; nothing happens afterwards.
  void close();

  // For CURLOPT_OPENSOCKETFUNCTION: a socket whose end will be told to close_socket.
  curl_socket_t open_socket(const curl_sockaddr& address);
  static int close_socket(void* self, curl_socket_t socket);

 private:
  using Clock = std::chrono::steady_clock;
  struct Watch {
    int wanted = 0;      // CURL_POLL_IN | CURL_POLL_OUT; 0: curl does not care now
    int registered = 0;  // what epoll was told to report
    bool kept = false;   // from open_socket(): stays registered between two transfers
  };

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long ms, void* self);
  void tell_epoll(curl_socket_t socket, Watch& watch, int events);
  void drop(curl_socket_t socket, Watch& watch);
  void drop_disturbed();
  void on_ready();
  void on_deadline();
  void settle();
  void collect();
  void arm();

  boost::asio::posix::stream_descriptor poller_;  // an epoll of curl's sockets, itself waited for by Asio
  boost::asio::steady_timer timer_;
  CURLM* multi_;
  bool polling_ = false;
  bool is_due_ = false;                         // curl asked to be called at once
  std::optional<Clock::time_point> deadline_;   // when curl wants to be called
  std::optional<Clock::time_point> armed_for_;  // when timer_ goes off; perhaps earlier than need be
  std::unordered_map<curl_socket_t, Watch> watches_;
  std::unordered_map<CURL*, Done> running_;
};

}  // namespace tingchao::net
