// Every socket that curl names is lent to a stream_descriptor between its first POLL_* and its
// POLL_REMOVE; curl keeps owning it, so it is released there and never closed here. An Asio wait is
// good for one event: after each, curl acts, and what it still wants is waited for again. Curl must
// not be called from inside its own callbacks, so those only arm timers and waits.

#include "net/curl_loop.h"

#include <utility>
#include <vector>

namespace tingchao::net {

namespace asio = boost::asio;

struct CurlLoop::Watch {
  explicit Watch(asio::io_context& io) : descriptor(io) {}
  asio::posix::stream_descriptor descriptor;
  curl_socket_t socket = CURL_SOCKET_BAD;
  int wanted = 0;   // CURL_POLL_IN | CURL_POLL_OUT, 0 once removed
  int waiting = 0;  // directions with a wait under way
};

CurlLoop::CurlLoop(asio::io_context& io, long connections_max, long connections_per_host_max)
    : io_(io), timer_(io), multi_(curl_multi_init()) {
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
  if (multi_ == nullptr || curl_multi_add_handle(multi_, easy) != CURLM_OK) return false;
  running_.emplace(easy, std::move(done));
  return true;
}

void CurlLoop::abandon(CURL* easy) {
  if (running_.erase(easy) > 0) curl_multi_remove_handle(multi_, easy);
}

void CurlLoop::close() {
  if (multi_ == nullptr) return;
  for (const auto& [easy, done] : running_) curl_multi_remove_handle(multi_, easy);
  running_.clear();
  curl_multi_cleanup(std::exchange(multi_, nullptr));  // takes back every socket through on_socket
  for (const auto& [socket, watch] : watches_) {
    watch->wanted = 0;
    watch->descriptor.release();
  }
  watches_.clear();
  timer_.cancel();
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  static_cast<CurlLoop*>(self)->watch(socket, what);
  return 0;
}

int CurlLoop::on_timer(CURLM*, long ms, void* self) {
  auto& loop = *static_cast<CurlLoop*>(self);
  if (ms < 0) {
    loop.timer_.cancel();
    return 0;
  }
  loop.timer_.expires_after(std::chrono::milliseconds(ms));
  loop.timer_.async_wait([weak = loop.weak_from_this()](const boost::system::error_code& error) {
    const auto alive = weak.lock();
    if (alive && !error) alive->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void CurlLoop::watch(curl_socket_t socket, int what) {
  const auto found = watches_.find(socket);
  if (what == CURL_POLL_REMOVE) {
    if (found == watches_.end()) return;
    found->second->wanted = 0;
    found->second->descriptor.release();  // its waits end with operation_aborted
    watches_.erase(found);
    return;
  }
  auto& watch = found != watches_.end() ? found->second : watches_[socket];
  if (!watch) {
    watch = std::make_shared<Watch>(io_);
    watch->socket = socket;
    boost::system::error_code error;
    watch->descriptor.assign(socket, error);  // on failure the first wait reports it
  }
  watch->wanted = what & CURL_POLL_INOUT;
  arm(watch);
}

void CurlLoop::arm(const std::shared_ptr<Watch>& watch) {
  for (const int direction : {CURL_POLL_IN, CURL_POLL_OUT})
    if ((watch->wanted & direction) && !(watch->waiting & direction)) wait(watch, direction);
}

void CurlLoop::wait(const std::shared_ptr<Watch>& watch, int direction) {
  watch->waiting |= direction;
  const auto kind =
      direction == CURL_POLL_IN ? asio::posix::descriptor_base::wait_read : asio::posix::descriptor_base::wait_write;
  const auto ready = [weak = weak_from_this(), watch, direction](const boost::system::error_code& error) {
    watch->waiting &= ~direction;
    const auto alive = weak.lock();
    if (!alive || watch->wanted == 0) return;  // removed, and its number perhaps given to another
    if (watch->wanted & direction) {
      const int events = direction == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
      alive->act(watch->socket, error ? CURL_CSELECT_ERR : events);
    }
    if (watch->wanted != 0 && !error) alive->arm(watch);
  };
  watch->descriptor.async_wait(kind, ready);
}

void CurlLoop::act(curl_socket_t socket, int events) {
  if (multi_ == nullptr) return;
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);

  std::vector<std::pair<CURL*, CURLcode>> finished;  // the messages die with remove_handle
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left))
    if (message->msg == CURLMSG_DONE) finished.emplace_back(message->easy_handle, message->data.result);
  for (const auto& [easy, result] : finished) {
    curl_multi_remove_handle(multi_, easy);
    auto node = running_.extract(easy);
    if (node) node.mapped()(result);
  }
}

}  // namespace tingchao::net
