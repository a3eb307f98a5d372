#pragma once
// HTTP(S) requests on one I/O thread: libcurl's multi-socket interface driven by Asio; and SMTP
// submissions, on threads of their own. Redirects are never followed here: each hop is the caller's
// decision. Every failure of the network is a value. Proxies of the environment are not used. Use
// from the io_context's thread only; outlives every request it runs.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "core/page.h"
#include "core/result.h"
#include "net/address_policy.h"

namespace tingchao::net {

struct HttpRequest {
  std::string url;              // http or https only
  std::string method = "GET";   // GET, HEAD or POST
  Headers headers;
  std::string body;             // POST
  std::size_t body_bytes_max = 8u << 20;  // of the decoded body; more is cut and flagged
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{60'000};
};

struct HttpResponse {
  int status = 0;
  Headers headers;   // of the final status; names lower-case
  Headers request_headers;  // as they were sent, but for Host
  std::string body;  // content-decoded (gzip, deflate, br, zstd)
  bool truncated = false;
  std::string address;  // the peer's IP
  std::string version;  // "1.1", "2"
  std::chrono::milliseconds took{0};
};

struct MailRequest {
  std::string host;             // mail server
  int port = 587;
  enum class Security { starttls, tls, none } security = Security::starttls;  // never "try"
  std::string user, password;   // empty: no AUTH
  std::string from, to;         // bare addresses; one recipient a transaction
  std::string message;          // complete MIME message, CRLF lines
  std::string ca_file;          // empty: the system's
  std::chrono::milliseconds timeout{60'000};
};

struct MailResponse {
  int code = 0;        // the server's last SMTP code, 250 when accepted
  std::string answer;  // its last line
};

class HttpClient {
 public:
  struct Options {
    AddressPolicy policy;
    std::string user_agent = "TingchaoBot/0.1 (+https://example.invalid/tingchao)";
    long connections_max = 256;
    long connections_per_host_max = 1;
    bool verify_tls = true;
    std::chrono::seconds stall{20};  // a peer below 100 bytes/s for so long is given up
  };
  HttpClient(boost::asio::io_context& io, Options options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Any HTTP status is an answer. Fails with timeout, refused, denied (the address policy),
  // not_found (DNS), bad_argument (the URL), io (TLS: the certificate and why).
  boost::asio::awaitable<Result<HttpResponse>> request(HttpRequest request);

  // Submits one message to one recipient. A permanent 5xx answer fails with rejected, a 4xx one
  // with refused, both with the server's words; a peer that offers no STARTTLS where it is asked
  // fails with rejected. The address policy does not apply: the mail server is the bureau's own.
  boost::asio::awaitable<Result<MailResponse>> submit(MailRequest mail);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tingchao::net
