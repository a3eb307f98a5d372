// A fresh connection for every message, so that nothing is ever sent again over a stale one. Curl
// keeps only the code of the last answer; the words come from the header callback, which sees each
// line of the server. What went wrong is told by the stage first (TLS, AUTH), then by the code.

#include "net/mail_submit.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "core/utf8.h"

namespace tingchao::net {
namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// A line of an answer longer than this is no SMTP (RFC 5321 4.5.3.1.5 says 512).
constexpr std::size_t answer_bytes_max = 1000;

struct Talk {
  Talk(const MailRequest& m, const std::atomic<bool>& s) : mail(m), stop(s) {}
  const MailRequest& mail;
  const std::atomic<bool>& stop;
  std::size_t sent = 0;
  std::string answer;
  char error[CURL_ERROR_SIZE] = {};
};

std::size_t give_message(char* to, std::size_t size, std::size_t count, void* self) {
  auto& talk = *static_cast<Talk*>(self);
  const std::size_t n = std::min(size * count, talk.mail.message.size() - talk.sent);
  std::memcpy(to, talk.mail.message.data() + talk.sent, n);
  talk.sent += n;
  return n;
}

std::size_t take_answer(char* line, std::size_t size, std::size_t count, void* self) {
  auto& talk = *static_cast<Talk*>(self);
  const std::string_view words = trim(std::string_view(line, std::min(size * count, answer_bytes_max)));
  if (words.substr(0, 3) != "221") talk.answer = to_valid_utf8(words);  // the good-bye says nothing
  return size * count;
}

int still_wanted(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Talk*>(self)->stop ? 1 : 0;
}

bool is_address(std::string_view text) {
  const auto bad = [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '<' || c == '>'; };
  return !text.empty() && text.find('@') != text.npos && std::none_of(text.begin(), text.end(), bad);
}

std::optional<Error> mistake(const MailRequest& mail) {
  const auto bad_host = [](unsigned char c) { return c <= ' ' || c == '/' || c == '@' || c == '?' || c == '#'; };
  if (mail.host.empty() || std::any_of(mail.host.begin(), mail.host.end(), bad_host) || mail.port < 1 ||
      mail.port > 65535)
    return Error{Errc::bad_argument, "mail server '" + mail.host + ":" + std::to_string(mail.port) + "'",
                 "name a host and a port from 1 to 65535"};
  for (const std::string* address : {&mail.from, &mail.to})
    if (!is_address(*address))
      return Error{Errc::bad_argument, "'" + *address + "' is no mail address", "write a bare name@host"};
  return {};
}

std::string place(const MailRequest& mail) { return "mail server " + mail.host + ":" + std::to_string(mail.port); }

std::string with_words(std::string text, std::string_view words) {
  if (!words.empty()) text.append(": ").append(words);
  return text;
}

Error tls_failure(CURLcode result, const Talk& talk) {
  if (result == CURLE_SSL_CACERT_BADFILE)
    return {Errc::io, place(talk.mail) + ": cannot read the certificates in '" + talk.mail.ca_file + "'",
            "name a PEM file of certificate authorities"};
  return {Errc::io, with_words(place(talk.mail) + ": TLS failed", talk.error),
          "let the server show a certificate for " + talk.mail.host + ", or name its authority's PEM file as ca_file"};
}

Error failure(CURLcode result, long code, const Talk& talk) {
  const std::string where = place(talk.mail);
  switch (result) {
    case CURLE_OPERATION_TIMEDOUT:
      return {Errc::timeout, with_words(where + " did not answer in time; its last words", talk.answer), ""};
    case CURLE_ABORTED_BY_CALLBACK:
      return {Errc::refused, where + ": given up because the program ends", ""};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Errc::not_found, where + ": no such host", "check the name and the DNS"};
    case CURLE_COULDNT_CONNECT:
      return {Errc::refused, with_words(where + " is not reachable", talk.error), "check host, port and firewall"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return tls_failure(result, talk);
    case CURLE_USE_SSL_FAILED:
      return {Errc::rejected, where + " offers no STARTTLS", "use tls (port 465), or ask its operator"};
    case CURLE_LOGIN_DENIED:
      if (code >= 400 && code < 500)
        return {Errc::refused, with_words(where + " cannot check the login now", talk.answer), ""};
      if (code < 500)
        return {Errc::rejected, where + " offers no way to log in",
                "leave user and password empty, or ask its operator"};
      return {Errc::rejected, with_words(where + " refused the login", talk.answer), "check user and password"};
    default: break;
  }
  if (code >= 500 && code < 600) return {Errc::rejected, with_words(where, talk.answer), ""};
  if (code >= 400 && code < 500) return {Errc::refused, with_words(where, talk.answer), ""};
  return {Errc::refused, with_words(where + ": the connection broke", talk.error), ""};
}

}  // namespace

Result<MailResponse> submit_mail(const MailRequest& mail, bool verify_tls, const std::atomic<bool>& stop) {
  if (auto wrong = mistake(mail)) return *std::move(wrong);
  Talk talk(mail, stop);
  const Easy easy(curl_easy_init(), &curl_easy_cleanup);
  const List recipients(curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()), &curl_slist_free_all);
  if (!easy || !recipients) return Error{Errc::io, "out of memory for a mail", ""};

  CURL* const h = easy.get();
  const bool tls = mail.security == MailRequest::Security::tls;
  const std::string url = (tls ? "smtps://" : "smtp://") + mail.host + ":" + std::to_string(mail.port);
  const bool starttls = mail.security == MailRequest::Security::starttls;
  curl_easy_setopt(h, CURLOPT_URL, url.c_str());
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(h, CURLOPT_PROXY, "");
  curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(h, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(h, CURLOPT_USE_SSL, static_cast<long>(starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, verify_tls ? 1L : 0L);
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, verify_tls ? 2L : 0L);
  if (!mail.ca_file.empty()) curl_easy_setopt(h, CURLOPT_CAINFO, mail.ca_file.c_str());
  if (!mail.user.empty()) {
    curl_easy_setopt(h, CURLOPT_USERNAME, mail.user.c_str());
    curl_easy_setopt(h, CURLOPT_PASSWORD, mail.password.c_str());
  }
  curl_easy_setopt(h, CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  curl_easy_setopt(h, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(h, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.message.size()));
  curl_easy_setopt(h, CURLOPT_READFUNCTION, &give_message);
  curl_easy_setopt(h, CURLOPT_READDATA, &talk);
  curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, &take_answer);
  curl_easy_setopt(h, CURLOPT_HEADERDATA, &talk);
  curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, &still_wanted);
  curl_easy_setopt(h, CURLOPT_XFERINFODATA, &talk);
  curl_easy_setopt(h, CURLOPT_ERRORBUFFER, talk.error);
  curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, std::min<long>(mail.timeout.count(), 15'000));
  curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, static_cast<long>(mail.timeout.count()));
  curl_easy_setopt(h, CURLOPT_SERVER_RESPONSE_TIMEOUT, std::max<long>(1, mail.timeout.count() / 1000));
  const CURLcode result = curl_easy_perform(h);

  MailResponse response;
  long code = 0;
  curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &code);
  if (result != CURLE_OK) return failure(result, code, talk);
  response.code = static_cast<int>(code);
  response.answer = std::move(talk.answer);
  return response;
}

}  // namespace tingchao::net
