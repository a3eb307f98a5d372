// Curl's sockets live in an epoll set of our own, and that set is the one descriptor that Asio watches.
// So a wake-up serves every socket that is ready, and a kept connection costs no system call to be
// watched again: curl lets go of a socket after each answer and asks for it with the next request, but
// we leave it registered until it is closed or reports what nobody waits for, which ends it. Timers are lazy for the
// same reason: curl moves its deadline several times a request, mostly later, and a timer that goes off
// too early is merely set again. Curl must not be called from inside its own callbacks, so those only
// take notes, which settle() works off.

#include "net/curl_loop.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace tingchao::net {

namespace asio = boost::asio;

namespace {

constexpr int events_at_once = 256;
// Curl may ask to be called at once, and again; after so many times others have their turn.
constexpr int calls_in_a_row = 4;

}  // namespace

CurlLoop::CurlLoop(asio::io_context& io, long connections_max, long connections_per_host_max)
    : poller_(io, ::epoll_create1(EPOLL_CLOEXEC)), timer_(io), multi_(curl_multi_init()) {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections_max);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, connections_per_host_max);
  // With fewer idle slots than hosts in use every request would connect anew.
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, connections_max);
}

CurlLoop::~CurlLoop() { close(); }

bool CurlLoop::start(CURL* easy, Done done) {
  if (multi_ != nullptr) drop_disturbed();
  if (multi_ == nullptr || curl_multi_add_handle(multi_, easy) != CURLM_OK) return false;
  running_.emplace(easy, std::move(done));
  settle();
  return true;
}

void CurlLoop::abandon(CURL* easy) {
  if (running_.erase(easy) == 0) return;
  curl_multi_remove_handle(multi_, easy);
  settle();
}

void CurlLoop::close() {
  if (multi_ == nullptr) return;
  for (const auto& [easy, done] : running_) curl_multi_remove_handle(multi_, easy);
  running_.clear();
  curl_multi_cleanup(std::exchange(multi_, nullptr));  // closes every connection through close_socket
  watches_.clear();
  timer_.cancel();
  boost::system::error_code ignored;
  poller_.close(ignored);
}

curl_socket_t CurlLoop::open_socket(const curl_sockaddr& address) {
  const int socket = ::socket(address.family, address.socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.protocol);
  if (socket >= 0) watches_[socket] = {.wanted = 0, .registered = 0, .kept = true};
  return socket;
}

int CurlLoop::close_socket(void* self, curl_socket_t socket) {
  static_cast<CurlLoop*>(self)->watches_.erase(socket);  // epoll forgets it with the close
  return ::close(socket);
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto& loop = *static_cast<CurlLoop*>(self);
  Watch& watch = loop.watches_[socket];
  watch.wanted = what == CURL_POLL_REMOVE ? 0 : what & CURL_POLL_INOUT;
  if (watch.wanted != 0) {
    loop.tell_epoll(socket, watch, watch.wanted);
  } else if (!watch.kept) {  // curl's own pipe: its number may soon be another's, untold
    loop.tell_epoll(socket, watch, 0);
    loop.watches_.erase(socket);
  }
  return 0;
}

void CurlLoop::tell_epoll(curl_socket_t socket, Watch& watch, int events) {
  if (watch.registered == events) return;
  const int action = watch.registered == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  epoll_event event{};
  event.data.fd = socket;
  if (events & CURL_POLL_IN) event.events |= EPOLLIN;
  if (events & CURL_POLL_OUT) event.events |= EPOLLOUT;
  ::epoll_ctl(poller_.native_handle(), action, socket, &event);
  watch.registered = events;
}

int CurlLoop::on_timer(CURLM*, long ms, void* self) {
  auto& loop = *static_cast<CurlLoop*>(self);
  loop.is_due_ = ms == 0;
  loop.deadline_.reset();
  if (ms > 0) loop.deadline_ = Clock::now() + std::chrono::milliseconds(ms);
  return 0;
}

void CurlLoop::on_ready() {
  epoll_event events[events_at_once];
  const int count = ::epoll_wait(poller_.native_handle(), events, events_at_once, 0);
  for (int i = 0; i < count; ++i) {
    const int socket = events[i].data.fd;
    const auto found = watches_.find(socket);
    if (found == watches_.end()) continue;  // closed on behalf of an earlier event
    if (found->second.wanted == 0) {
      drop(socket, found->second);
      continue;
    }
    int action = 0, running = 0;
    if (events[i].events & (EPOLLIN | EPOLLHUP)) action |= CURL_CSELECT_IN;
    if (events[i].events & EPOLLOUT) action |= CURL_CSELECT_OUT;
    if (events[i].events & EPOLLERR) action |= CURL_CSELECT_ERR;
    curl_multi_socket_action(multi_, socket, action, &running);
  }
}

// What reaches a connection that is between two requests, a farewell or bytes that nobody asked for, must not
// be read as the next answer. Curl would take such a connection; one that is shut down it finds dead.
void CurlLoop::drop(curl_socket_t socket, Watch& watch) {
  ::shutdown(socket, SHUT_RDWR);
  tell_epoll(socket, watch, 0);
}

// Before a request may take a kept connection: what came meanwhile, which on_ready() may not have seen yet.
void CurlLoop::drop_disturbed() {
  epoll_event events[events_at_once];
  const int count = ::epoll_wait(poller_.native_handle(), events, events_at_once, 0);
  for (int i = 0; i < count; ++i) {
    const auto found = watches_.find(events[i].data.fd);
    if (found != watches_.end() && found->second.wanted == 0) drop(found->first, found->second);
  }
}

void CurlLoop::on_deadline() {
  if (!deadline_ || *deadline_ > Clock::now()) return;  // moved since
  deadline_.reset();
  int running = 0;
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  if (deadline_ || is_due_) return;
  // Curl is silent when it takes its next moment for one it has told already, so it is asked.
  long ms = -1;
  curl_multi_timeout(multi_, &ms);
  if (ms >= 0) deadline_ = Clock::now() + std::chrono::milliseconds(std::max(ms, 1L));
}

// After anything that may have moved curl: what it asked for at once, what has finished, what to wait for.
void CurlLoop::settle() {
  for (int i = 0; is_due_ && i < calls_in_a_row; ++i) {
    is_due_ = false;
    int running = 0;
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }
  if (std::exchange(is_due_, false)) deadline_ = Clock::now();
  collect();
  arm();
}

void CurlLoop::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;  // the message dies with remove_handle
    const CURLcode result = message->data.result;
    curl_multi_remove_handle(multi_, easy);
    auto node = running_.extract(easy);
    if (node) node.mapped()(result);
  }
}

void CurlLoop::arm() {
  if (running_.empty()) {  // an io_context with nothing else to do may end
    deadline_.reset();
    if (std::exchange(armed_for_, std::nullopt)) timer_.cancel();
    if (polling_) poller_.cancel();
    return;
  }
  if (!polling_) {
    polling_ = true;
    poller_.async_wait(asio::posix::descriptor_base::wait_read,
                       [weak = weak_from_this()](const boost::system::error_code& error) {
                         const auto alive = weak.lock();
                         if (!alive || alive->multi_ == nullptr) return;
                         alive->polling_ = false;
                         if (!error) alive->on_ready();
                         alive->settle();
                       });
  }
  if (!deadline_ || (armed_for_ && *armed_for_ <= *deadline_)) return;
  armed_for_ = deadline_;
  timer_.expires_at(*deadline_);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto alive = weak.lock();
    if (!alive || error || alive->multi_ == nullptr) return;
    alive->armed_for_.reset();
    alive->on_deadline();
    alive->settle();
  });
}

}  // namespace tingchao::net
