// A request is an easy handle with its callbacks, run by CurlLoop; the coroutine sleeps on a
// timer that never expires and is cancelled when curl is done, so it resumes from the io_context's
// own queue and never from inside curl. The decoded body and the header lines are counted as they
// come and cut at their caps. The address policy is asked twice: with the resolved address before a
// socket exists, and with the peer's address before each request, for a connection may be reused.

#include "net/http_client.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/utf8.h"
#include "net/answer_head.h"
#include "net/curl_loop.h"
#include "net/mail_submit.h"

namespace tingchao::net {

namespace asio = boost::asio;

namespace {

// Slower than this for HttpClient::Options::stall is not worth a connection.
constexpr long stall_bytes_per_second = 100;
// Compressed bytes may run ahead of what they unpack to by one block of zstd, the largest there is, or a
// read from the socket. What is beyond is made to keep us unpacking for nothing. Where compressions are
// nested, each byte may stand for a thousand in between, so that a single read is enough.
constexpr long read_bytes = 16L << 10;
constexpr curl_off_t unpacking_lead_max = 256 << 10;
constexpr curl_off_t nested_lead_max = 4 << 10;
// Mails under way at once, each on a thread of its own.
constexpr std::size_t mail_threads = 2;

// The lines that go out with a request.
class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_slist_free_all(list_); }
  void add(const std::string& line) {
    if (curl_slist* const longer = curl_slist_append(list_, line.c_str())) list_ = longer;
  }
  void add(const std::string& name, const std::string& value) {
    add(value.empty() ? name + ";" : name + ": " + value);
  }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

std::shared_ptr<const HeaderList> own_lines(const std::string& user_agent, const std::string& encodings) {
  auto lines = std::make_shared<HeaderList>();
  lines->add("User-Agent", user_agent);
  lines->add("Accept-Encoding", encodings);
  return lines;
}

struct EasyFree {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyFree>;

// One request under way. Curl holds its address, so it is never moved.
struct Transfer {
  Transfer(asio::io_context& io, HttpRequest r, std::shared_ptr<CurlLoop> l, std::shared_ptr<const AddressPolicy> p)
      : request(std::move(r)), loop(std::move(l)), policy(std::move(p)), done(io) {
    done.expires_at(asio::steady_timer::time_point::max());
  }
  HttpRequest request;
  std::shared_ptr<CurlLoop> loop;
  std::shared_ptr<const AddressPolicy> policy;  // shared: a coroutine may outlive the client by its destruction
  Easy easy;
  std::shared_ptr<const HeaderList> header_list;
  HttpResponse response;
  AnswerHead head;
  bool unpacks_to_nothing = false;
  bool socket_opened = false;
  std::string refusal;  // the policy's words
  char error[CURL_ERROR_SIZE] = {};
  std::optional<CURLcode> result;
  asio::steady_timer done;  // cancelled when result is there
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  std::string& body = transfer.response.body;
  const std::size_t n = size * count, room = transfer.request.body_bytes_max - body.size();
  body.append(bytes, std::min(n, room));
  if (n <= room) return n;
  transfer.response.truncated = true;
  return CURL_WRITEFUNC_ERROR;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  const std::size_t n = size * count;
  return static_cast<Transfer*>(self)->head.take(std::string_view(bytes, n)) ? n : CURL_WRITEFUNC_ERROR;
}

// Called by curl now and then, above all when it has read; `arrived` counts bytes as they came.
int watch_unpacking(void* self, curl_off_t, curl_off_t arrived, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(self);
  const int layers = transfer.head.coding_layers();
  if (layers == 0) return 0;
  const auto unpacked = static_cast<curl_off_t>(transfer.response.body.size());
  transfer.unpacks_to_nothing = arrived > unpacked + (layers > 1 ? nested_lead_max : unpacking_lead_max);
  return transfer.unpacks_to_nothing ? 1 : 0;
}

curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  char ip[NI_MAXHOST] = {};
  getnameinfo(&address->addr, address->addrlen, ip, sizeof ip, nullptr, 0, NI_NUMERICHOST);
  std::string refusal = transfer.policy->refusal(ip);
  if (!refusal.empty()) {
    transfer.refusal = std::move(refusal);
    return CURL_SOCKET_BAD;
  }
  transfer.socket_opened = true;
  return transfer.loop->open_socket(*address);
}

int before_request(void* self, char* peer, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.refusal = transfer.policy->refusal(peer);
  return transfer.refusal.empty() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

bool has_line_break(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

std::optional<Error> mistake(const HttpRequest& request) {
  const std::string start = ascii_lower(request.url.substr(0, 8));
  if (!start.starts_with("http://") && start != "https://")
    return Error{Errc::bad_argument, "'" + request.url + "' is no http(s) address", ""};
  if (request.method != "GET" && request.method != "HEAD" && request.method != "POST")
    return Error{Errc::bad_argument, "method " + request.method + " for " + request.url, "use GET, HEAD or POST"};
  for (const auto& [name, value] : request.headers)
    if (name.empty() || has_line_break(name) || has_line_break(value) || name.find(':') != name.npos)
      return Error{Errc::bad_argument, "header '" + name + "' for " + request.url + " cannot be sent", ""};
  return {};
}

Error failure(CURLcode result, const Transfer& transfer) {
  const std::string& url = transfer.request.url;
  const std::string words = transfer.error[0] ? transfer.error : curl_easy_strerror(result);
  const std::string detail = url + ": " + words;
  if (const auto& why = transfer.head.objection()) return {why->code, url + ": " + why->detail, ""};
  if (transfer.unpacks_to_nothing) return {Errc::bad_encoding, url + ": compressed data that unpacks to nothing", ""};
  if (!transfer.refusal.empty() && (!transfer.socket_opened || result == CURLE_ABORTED_BY_CALLBACK))
    return {Errc::denied, url + ": " + transfer.refusal + ", which the address policy does not allow",
            "if this is meant, add its network to the allowed ones"};
  switch (result) {
    case CURLE_OPERATION_TIMEDOUT: return {Errc::timeout, detail, ""};
    case CURLE_COULDNT_RESOLVE_HOST: return {Errc::not_found, detail, "check the name and the DNS"};
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED: return {Errc::bad_argument, detail, "give an address without user and password"};
    case CURLE_BAD_CONTENT_ENCODING: return {Errc::bad_encoding, detail, ""};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return {Errc::bad_markup, detail, ""};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_INVALIDCERTSTATUS: return {Errc::io, detail, ""};
    case CURLE_OUT_OF_MEMORY:  // what curl says of a line past its 100 KB; without memory we would not be here
      return {Errc::too_large, url + ": a header longer than any honest answer has", ""};
    default: return {Errc::refused, detail, ""};
  }
}

std::string version_text(CURL* easy) {
  long version = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
  switch (version) {
    case CURL_HTTP_VERSION_1_0: return "1.0";
    case CURL_HTTP_VERSION_2_0: return "2";
    default: return "1.1";
  }
}

// The easy handle is asked for what only it knows.
// All that this curl decodes, as it stands in the request.
std::string decoded_encodings() {
  const int features = curl_version_info(CURLVERSION_NOW)->features;
  std::string names = (features & CURL_VERSION_LIBZ) ? "deflate, gzip" : "identity";
  if (features & CURL_VERSION_BROTLI) names += ", br";
  if (features & CURL_VERSION_ZSTD) names += ", zstd";
  return names;
}

Result<HttpResponse> outcome(Transfer& transfer) {
  const CURLcode result = *transfer.result;
  if (result != CURLE_OK && !(transfer.response.truncated && result == CURLE_WRITE_ERROR))
    return failure(result, transfer);
  CURL* const h = transfer.easy.get();
  HttpResponse response = std::move(transfer.response);
  response.headers = std::move(transfer.head.headers);
  long status = 0;
  curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  const char* peer = nullptr;
  if (curl_easy_getinfo(h, CURLINFO_PRIMARY_IP, &peer) == CURLE_OK && peer) response.address = peer;
  curl_off_t microseconds = 0;
  curl_easy_getinfo(h, CURLINFO_TOTAL_TIME_T, &microseconds);
  response.took = std::chrono::milliseconds(microseconds / 1000);
  response.version = version_text(h);
  return response;
}

}  // namespace

struct HttpClient::Impl {
  Impl(asio::io_context& context, Options o)
      : io(context),
        options(std::move(o)),
        policy(std::make_shared<const AddressPolicy>(options.policy)),
        loop(std::make_shared<CurlLoop>(io, options.connections_max, options.connections_per_host_max)),
        encodings(decoded_encodings()),
        own_headers(own_lines(options.user_agent, encodings)) {}
  ~Impl() {
    loop->close();
    *stop = true;
    if (mail_pool) mail_pool->join();
  }

  std::shared_ptr<Transfer> prepare(HttpRequest request);
  Easy new_handle() const;
  std::shared_ptr<const HeaderList> lines_of(const HttpRequest& request) const;

  asio::io_context& io;
  Options options;
  std::shared_ptr<const AddressPolicy> policy;
  std::shared_ptr<CurlLoop> loop;
  std::string encodings;
  // What every request says of us. As lines of ours: curl writes what it is told as options letter by letter,
  // twice.
  std::shared_ptr<const HeaderList> own_headers;
  std::shared_ptr<std::atomic<bool>> stop = std::make_shared<std::atomic<bool>>(false);
  std::optional<asio::thread_pool> mail_pool;  // made with the first mail
};

HttpClient::HttpClient(asio::io_context& io, Options options) {
  curl_global_init(CURL_GLOBAL_DEFAULT);  // thread-safe and counted since 7.84
  impl_ = std::make_unique<Impl>(io, std::move(options));
}

HttpClient::~HttpClient() = default;

// Always a new one: curl 7.88 keeps a pointer to the last header of a handle's transfer beyond the header's
// life, and an answer whose first header line begins with a space makes it use that (later versions do not).
// Connections are the loop's, not the handle's, and are kept all the same.
Easy HttpClient::Impl::new_handle() const {
  Easy easy(curl_easy_init());
  CURL* const h = easy.get();
  if (!h) return easy;
  curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(h, CURLOPT_PROXY, "");  // the environment's proxy would hide the peer from the policy
  curl_easy_setopt(h, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(h, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(h, CURLOPT_QUICK_EXIT, 1L);  // leave a name being resolved without waiting for it
  curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, stall_bytes_per_second);
  curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall.count()));
  curl_easy_setopt(h, CURLOPT_BUFFERSIZE, read_bytes);
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, options.verify_tls ? 1L : 0L);
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, options.verify_tls ? 2L : 0L);
  curl_easy_setopt(h, CURLOPT_ACCEPT_ENCODING, encodings.c_str());  // decodes; the line is in own_headers
  curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  curl_easy_setopt(h, CURLOPT_CLOSESOCKETFUNCTION, &CurlLoop::close_socket);
  curl_easy_setopt(h, CURLOPT_CLOSESOCKETDATA, loop.get());
  curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, &before_request);
  curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, &watch_unpacking);
  curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
  return easy;
}

void set_method(CURL* h, const HttpRequest& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(h, CURLOPT_NOBODY, 1L);
  } else if (request.method == "POST") {
    curl_easy_setopt(h, CURLOPT_POST, 1L);
    curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(h, CURLOPT_POSTFIELDS, request.body.data());
    // On a reused connection that dies curl would send again what the peer perhaps has already read.
    curl_easy_setopt(h, CURLOPT_FRESH_CONNECT, 1L);
  }
}

std::shared_ptr<const HeaderList> HttpClient::Impl::lines_of(const HttpRequest& request) const {
  const bool is_post = request.method == "POST";
  if (request.headers.empty() && !is_post) return own_headers;
  auto lines = std::make_shared<HeaderList>();
  lines->add("User-Agent", options.user_agent);
  lines->add("Accept-Encoding", encodings);
  if (is_post) lines->add("Expect:");  // no 100-continue dance
  for (const auto& [name, value] : request.headers) lines->add(name, value);
  return lines;
}

std::shared_ptr<Transfer> HttpClient::Impl::prepare(HttpRequest request) {
  auto transfer = std::make_shared<Transfer>(io, std::move(request), loop, policy);
  transfer->easy = new_handle();
  CURL* const h = transfer->easy.get();
  if (!h) return nullptr;
  set_method(h, transfer->request);
  transfer->header_list = lines_of(transfer->request);
  curl_easy_setopt(h, CURLOPT_HTTPHEADER, transfer->header_list->get());
  curl_easy_setopt(h, CURLOPT_URL, transfer->request.url.c_str());
  curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(transfer->request.connect_timeout.count()));
  curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, static_cast<long>(transfer->request.timeout.count()));
  curl_easy_setopt(h, CURLOPT_WRITEDATA, transfer.get());
  curl_easy_setopt(h, CURLOPT_HEADERDATA, transfer.get());
  curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, transfer.get());
  curl_easy_setopt(h, CURLOPT_PREREQDATA, transfer.get());
  curl_easy_setopt(h, CURLOPT_XFERINFODATA, transfer.get());
  curl_easy_setopt(h, CURLOPT_ERRORBUFFER, transfer->error);
  return transfer;
}

asio::awaitable<Result<HttpResponse>> HttpClient::request(HttpRequest request) {
  if (auto wrong = mistake(request)) co_return *std::move(wrong);
  const auto transfer = impl_->prepare(std::move(request));
  if (!transfer) co_return Error{Errc::io, "out of memory for a request", ""};

  // Let go of the handle however the coroutine ends; by then the client itself may be gone.
  struct Hold {
    std::shared_ptr<Transfer> transfer;
    ~Hold() {
      if (!transfer->result) transfer->loop->abandon(transfer->easy.get());
    }
  };
  const Hold hold{transfer};
  const auto done = [transfer](CURLcode result) {
    transfer->result = result;
    transfer->done.cancel();
  };
  if (!transfer->loop->start(transfer->easy.get(), done)) co_return Error{Errc::io, "curl takes no more requests", ""};

  const auto token = asio::as_tuple(asio::use_awaitable);
  if (!transfer->result) co_await transfer->done.async_wait(token);
  if (!transfer->result) co_return Error{Errc::timeout, transfer->request.url + ": given up by its caller", ""};

  Result<HttpResponse> response = outcome(*transfer);
  if (response) {
    Headers& sent = response->request_headers;
    sent = {{"User-Agent", impl_->options.user_agent}, {"Accept-Encoding", impl_->encodings}};
    std::move(transfer->request.headers.begin(), transfer->request.headers.end(), std::back_inserter(sent));
  }
  co_return response;
}

asio::awaitable<Result<MailResponse>> HttpClient::submit(MailRequest mail) {
  struct Job {
    explicit Job(asio::io_context& io) : done(io) { done.expires_at(asio::steady_timer::time_point::max()); }
    MailRequest mail;
    Result<MailResponse> answer = Error{Errc::timeout, "a mail given up by its caller", ""};
    bool finished = false;
    asio::steady_timer done;
  };
  const auto job = std::make_shared<Job>(impl_->io);
  job->mail = std::move(mail);
  if (!impl_->mail_pool) impl_->mail_pool.emplace(mail_threads);

  const auto work = [job, stop = impl_->stop, verify = impl_->options.verify_tls,
                     guard = asio::make_work_guard(impl_->io)] {
    auto answer = submit_mail(job->mail, verify, *stop);
    asio::post(guard.get_executor(), [job, answer = std::move(answer)]() mutable {
      job->answer = std::move(answer);
      job->finished = true;
      job->done.cancel();
    });
  };
  asio::post(*impl_->mail_pool, work);
  const auto token = asio::as_tuple(asio::use_awaitable);
  if (!job->finished) co_await job->done.async_wait(token);
  co_return std::move(job->answer);
}

}  // namespace tingchao::net
