#include <catch2/catch.hpp>

#include "core/hash.h"
#include "net/http_client.h"
#include "tests/support/loopback.h"
#include "tests/support/smtp_sink.h"

using namespace tingchao;
using namespace tingchao::tests;
using net::HttpClient;
using net::MailRequest;
using net::MailResponse;
using Security = MailRequest::Security;

namespace {

const char* const letter =
    "From: desk@example.com\r\nTo: chief@example.com\r\nSubject: =?utf-8?B?6aKE6K2m?=\r\n\r\n"
    ".a line with a dot\r\n..two\r\n预警：食堂\r\n";

MailRequest mail_to(const SmtpSink& sink, Security security) {
  MailRequest mail;
  mail.host = "localhost";
  mail.port = sink.port();
  mail.security = security;
  mail.from = "desk@example.com";
  mail.to = "chief@example.com";
  mail.message = letter;
  mail.ca_file = sink.ca_file();
  return mail;
}

Result<MailResponse> submit(MailRequest mail) {
  asio::io_context io;
  HttpClient client(io, {});  // the default policy: mail does not ask it
  return run(io, client.submit(std::move(mail)));
}

}  // namespace

TEST_CASE("a mail arrives byte for byte", "[net][smtp]") {
  struct Case {
    const char* name;
    std::vector<std::string> options;
    Security security;
    const char* user;
  };
  const Case cases[] = {
      {"STARTTLS and a login", {"--starttls", "--auth", "局机关:密码 p@ss"}, Security::starttls, "局机关"},
      {"TLS from the first byte", {"--tls"}, Security::tls, ""},
      {"in the clear, as configured", {}, Security::none, ""},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    SmtpSink sink(c.options);
    MailRequest mail = mail_to(sink, c.security);
    mail.user = c.user;
    if (!mail.user.empty()) mail.password = "密码 p@ss";
    const auto got = submit(mail);
    INFO((got ? "" : describe(got.error())));
    REQUIRE(got);
    CHECK(got->code == 250);
    CHECK(got->answer == "250 2.0.0 queued as sink-1");
    const auto event = sink.next();
    CHECK(from_base64(event.at("message").as_string().c_str()) == letter);
    CHECK(event.at("from") == "desk@example.com");
    CHECK(event.at("to").as_array() == boost::json::array{"chief@example.com"});
    CHECK(event.at("user") == c.user);
    CHECK(event.at("tls") == (c.security != Security::none));
  }
}

TEST_CASE("a mail server's no is told with its words", "[net][smtp]") {
  struct Case {
    const char* name;
    std::vector<std::string> options;
    Security security;
    const char *user, *password;
    Errc code;
    const char* says;
  };
  const Case cases[] = {
      {"no such mailbox",
       {"--reject", "chief@example.com"},
       Security::none,
       "",
       "",
       Errc::rejected,
       "550 5.1.1 no such mailbox here"},
      {"greylisted", {"--greylist", "9"}, Security::none, "", "", Errc::refused, "450 4.2.0 greylisted"},
      {"spam", {"--reject-data"}, Security::none, "", "", Errc::rejected, "554 5.7.1 this message looks like spam"},
      {"wrong password", {"--starttls", "--auth", "u:p"}, Security::starttls, "u", "wrong", Errc::rejected, "535"},
      {"login not given", {"--starttls", "--auth", "u:p"}, Security::starttls, "", "", Errc::rejected, "530"},
      {"no STARTTLS offered", {}, Security::starttls, "", "", Errc::rejected, "offers no STARTTLS"},
      {"no TLS spoken", {}, Security::tls, "", "", Errc::io, "TLS failed"},
      {"a certificate for another",
       {"--starttls", "--names", "DNS:mail.example.net"},
       Security::starttls,
       "",
       "",
       Errc::io,
       "a certificate for localhost"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    SmtpSink sink(c.options);
    MailRequest mail = mail_to(sink, c.security);
    mail.user = c.user;
    mail.password = c.password;
    const auto got = submit(mail);
    REQUIRE_FALSE(got);
    INFO(describe(got.error()));
    CHECK(got.error().code == c.code);
    CHECK_THAT(describe(got.error()), Catch::Contains(c.says) && Catch::Contains("localhost"));
  }
}

TEST_CASE("a certificate of an unknown authority is refused", "[net][smtp]") {
  SmtpSink sink({"--starttls"});
  MailRequest mail = mail_to(sink, Security::starttls);
  mail.ca_file = "";
  auto got = submit(mail);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == Errc::io);
  CHECK_THAT(describe(got.error()), Catch::Contains("certificate") && Catch::Contains("localhost"));

  mail.ca_file = "/no/such/file.pem";
  got = submit(mail);
  REQUIRE_FALSE(got);
  CHECK_THAT(describe(got.error()), Catch::Contains("/no/such/file.pem"));
}

TEST_CASE("a mail that cannot be is refused before anything happens", "[net][smtp]") {
  MailRequest good;
  good.host = "127.0.0.1";
  good.from = "a@b.c";
  good.to = "d@e.f";
  std::vector<MailRequest> bad(7, good);
  bad[0].to = "";
  bad[1].to = "d@e.f>\r\nRCPT TO:<x@y.z";
  bad[2].from = "no address";
  bad[3].host = "";
  bad[4].host = "a/b";
  bad[5].port = 0;
  bad[6].port = 65536;
  for (const MailRequest& mail : bad) {
    const auto got = submit(mail);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::bad_argument);
  }
}

TEST_CASE("a mail server that is silent or away", "[net][smtp]") {
  SECTION("silent for longer than the timeout") {
    SmtpSink sink({"--slow", "30"});
    MailRequest mail = mail_to(sink, Security::none);
    mail.timeout = std::chrono::milliseconds(500);
    const auto got = submit(mail);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::timeout);
  }
  SECTION("away") {
    int port;
    { port = SmtpSink().port(); }
    MailRequest mail;
    mail.host = "127.0.0.1";
    mail.port = port;
    mail.from = "a@b.c";
    mail.to = "d@e.f";
    const auto got = submit(mail);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::refused);
    CHECK_THAT(got.error().detail, Catch::Contains("127.0.0.1:" + std::to_string(port)));
  }
}

TEST_CASE("a client that goes while a mail is under way does not wait for it", "[net][smtp]") {
  SmtpSink sink({"--slow", "30"});
  asio::io_context io;
  std::optional<HttpClient> client(std::in_place, io, HttpClient::Options{});
  const auto send_one = [](HttpClient& c, MailRequest mail) -> awaitable<void> {
    (void)co_await c.submit(std::move(mail));
  };
  net::supervise(io, send_one(*client, mail_to(sink, Security::none)));
  for (int i = 0; i < 3; ++i) io.poll_one();
  const auto start = std::chrono::steady_clock::now();
  client.reset();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(15));  // half of the sink's pause
}
