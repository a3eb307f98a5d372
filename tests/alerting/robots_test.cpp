#include <catch2/catch.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/json.hpp>

#include "alerting/notify/robots.h"
#include "alerting/notify/syslog.h"
#include "alerting/render.h"
#include "core/utf8.h"
#include "net/http_server.h"
#include "tests/alerting/sample.h"
#include "tests/support/loopback.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;
namespace json = boost::json;
using Kind = Channel::Kind;

namespace {

Channel robot(Kind kind, unsigned short port) {
  Channel channel;
  channel.id = "group";
  channel.kind = kind;
  channel.url = "http://127.0.0.1:" + std::to_string(port) + "/robot/send?access_token=geheim";
  channel.secret = "SECtest0123456789";
  const char* name = kind == Kind::dingtalk ? "dingtalk" : kind == Kind::wecom ? "wecom" : "feishu";
  channel.template_text = shipped_template(std::string("warning.") + name + ".mustache");
  return channel;
}

Delivery planned(Kind kind, unsigned short port, Book& book) {
  book = sample_book();
  book.base_url = "https://tingchao.example.gov.cn";
  book.channels = {robot(kind, port)};
  Recipient recipient;
  recipient.name = "值班群";
  recipient.channel = "group";
  recipient.address = "13800000000";
  book.recipients = {recipient};
  const Raised raised = sample_upgrade();
  const auto deliveries = plan(raised, book, raised.change.at);
  REQUIRE(deliveries.size() == 1);
  return deliveries[0];
}

// Text of a message as the provider would show it.
std::string shown(Kind kind, const std::string& body) {
  const json::object object = json::parse(body).as_object();
  if (kind == Kind::dingtalk) return object.at("markdown").at("text").as_string().c_str();
  if (kind == Kind::wecom) return object.at("markdown").at("content").as_string().c_str();
  return object.at("card").at("body").at("elements").at(0).at("content").as_string().c_str();
}

std::string long_text(std::size_t lines) {
  std::string text;
  for (std::size_t line = 0; line < lines; ++line) text += "第" + std::to_string(line) + "行：家长反映食堂\"饭菜\"异味😀\n";
  return text;
}

net::HttpClient::Options on_loopback() {
  net::HttpClient::Options options;
  options.policy = *net::AddressPolicy::allowing({"127.0.0.0/8"});
  return options;
}

}  // namespace

TEST_CASE("signatures equal the published vectors", "[alerting][robots]") {
  CHECK(dingtalk_sign("SECtest0123456789", 1767225600000) == "WqRwE26E5CxYGjFqhx%2B2yyo3peNrvAUu8ptyyREKKyk%3D");
  CHECK(feishu_sign("SECtest0123456789", 1767225600) == "x0FLP8hAs6px6cFg/dRbDK6OK17ucRThD400ku+CnSk=");
}

TEST_CASE("the signature goes where the provider looks for it", "[alerting][robots]") {
  const RobotCall ding = robot_call(robot(Kind::dingtalk, 1), "{}", 1767225600000);
  CHECK(ding.url.ends_with("&timestamp=1767225600000&sign=WqRwE26E5CxYGjFqhx%2B2yyo3peNrvAUu8ptyyREKKyk%3D"));
  const RobotCall feishu = robot_call(robot(Kind::feishu, 1), R"({"msg_type":"interactive"})", 1767225600000);
  const json::object signed_body = json::parse(feishu.body).as_object();
  CHECK(signed_body.at("timestamp") == "1767225600");
  CHECK(signed_body.at("sign") == "x0FLP8hAs6px6cFg/dRbDK6OK17ucRThD400ku+CnSk=");
  CHECK(signed_body.at("msg_type") == "interactive");
  Channel plain = robot(Kind::wecom, 1);
  CHECK(robot_call(plain, "{}", 1).url == plain.url);
}

TEST_CASE("a warning says at a glance how grave, what, where, why and by when", "[alerting][robots]") {
  for (const Kind kind : {Kind::dingtalk, Kind::wecom, Kind::feishu}) {
    Book book;
    const Delivery delivery = planned(kind, 1, book);
    const Raised raised = sample_upgrade();
    const std::string text = shown(kind, delivery.body);
    CAPTURE(text);
    CHECK(text.find("Ⅱ级橙色") != text.npos);
    CHECK(text.find("■■■□") != text.npos);
    CHECK(text.find(raised.warning.schools.at(0)) != text.npos);
    CHECK(text.find("依据：") != text.npos);
    CHECK(text.find(raised.warning.clocks.at(0).name) != text.npos);
    CHECK(text.find("13800000000") != text.npos);  // Ⅱ calls by name
    const std::string link = "https://tingchao.example.gov.cn/warnings/" + raised.warning.id;
    CHECK(delivery.body.find(raised.warning.id) != delivery.body.npos);
    CHECK(to_valid_utf8(delivery.body) == delivery.body);
    CHECK(delivery.body.find("geheim") == delivery.body.npos);
  }
}

TEST_CASE("a stranger's title can steer no Markdown", "[alerting][robots]") {
  const std::string safe = plain_in_markdown("[点我](http://evil.example) <@all> **红** # `x`");
  for (const char c : std::string_view("[]()<>*#`@")) CHECK(safe.find(c) == safe.npos);
  CHECK(safe.find("点我") != safe.npos);
}

TEST_CASE("texts keep the providers' limits and end between characters", "[alerting][robots]") {
  for (const std::size_t lines : {1u, 60u, 90u, 400u, 3000u}) {
    RobotMessage message{"标题", long_text(lines), "https://example.gov.cn/w/1", 1, "13800000000"};
    const std::string wecom = shown(Kind::wecom, robot_body(Kind::wecom, message));
    CHECK(wecom.size() <= 4096);
    CHECK(to_valid_utf8(wecom) == wecom);
    for (const Kind kind : {Kind::dingtalk, Kind::feishu}) {
      const std::string body = robot_body(kind, message);
      CHECK(body.size() <= 20'000);
      CHECK(to_valid_utf8(body) == body);
      CHECK((shown(kind, body).find("（下略）") != std::string::npos) == (lines >= 400));
    }
  }
}

TEST_CASE("cutting closes what was open, at every length", "[alerting][robots]") {
  const std::string line = "前面的话<font color=\"warning\">Ⅱ级橙色的预警</font>，见[打开预警的链接](https://example.gov.cn/w/1)后面的话很长很长";
  for (std::size_t size = 0; size <= line.size() + 3; ++size) {
    const std::string cut = cut_markdown(line, size);
    CAPTURE(size, cut);
    REQUIRE(cut.size() <= std::max(size, std::size_t{0}));
    if (size > 40) {
      REQUIRE(to_valid_utf8(cut) == cut);
      const auto count = [&cut](std::string_view what) {
        std::size_t n = 0;
        for (std::size_t at = 0; (at = cut.find(what, at)) != cut.npos; at += what.size()) ++n;
        return n;
      };
      REQUIRE(count("<font") == count("</font>"));
      REQUIRE(count("](") == count("/w/1)"));
    }
  }
  CHECK(cut_markdown("第一行\n第二行很长很长很长很长\n第三行", 40) == "第一行\n……（下略）");
}

TEST_CASE("HTTP 200 is no yes: the provider's own code is", "[alerting][robots]") {
  struct Case {
    Kind kind;
    int status;
    const char* body;
    std::optional<Errc> want;
    long pause;
  };
  const Case cases[] = {
      {Kind::dingtalk, 200, R"({"errcode":0,"errmsg":"ok"})", {}, 0},
      {Kind::dingtalk, 200, R"({"errcode":130101,"errmsg":"send too fast"})", Errc::refused, 600},
      {Kind::dingtalk, 200, R"({"errcode":310000,"errmsg":"sign not match"})", Errc::rejected, 0},
      {Kind::dingtalk, 200, R"({"errcode":460101,"errmsg":"too big"})", Errc::rejected, 0},
      {Kind::dingtalk, 200, R"({"errcode":-1,"errmsg":"system busy"})", Errc::refused, 0},
      {Kind::wecom, 200, R"({"errcode":0,"errmsg":"ok"})", {}, 0},
      {Kind::wecom, 200, R"({"errcode":45009,"errmsg":"freq limit"})", Errc::refused, 60},
      {Kind::wecom, 200, R"({"errcode":93000,"errmsg":"invalid webhook url"})", Errc::rejected, 0},
      {Kind::wecom, 200, R"({"errcode":40058,"errmsg":"too long"})", Errc::rejected, 0},
      {Kind::feishu, 200, R"({"code":0,"msg":"success"})", {}, 0},
      {Kind::feishu, 200, R"({"StatusCode":0,"StatusMessage":"success"})", {}, 0},
      {Kind::feishu, 200, R"({"code":11232,"msg":"frequency limited"})", Errc::refused, 60},
      {Kind::feishu, 200, R"({"code":19021,"msg":"sign match fail"})", Errc::rejected, 0},
      {Kind::feishu, 200, "", Errc::refused, 0},
      {Kind::feishu, 200, "<html>网关</html>", Errc::refused, 0},
      {Kind::dingtalk, 200, R"({"errcode":0)", Errc::refused, 0},
      {Kind::dingtalk, 302, "", Errc::rejected, 0},
      {Kind::wecom, 429, "", Errc::refused, 7},
      {Kind::wecom, 503, "", Errc::refused, 0}};
  asio::io_context io;
  net::ServerResponse answer;
  std::vector<net::ServerRequest> got;
  auto handler = [&](net::ServerRequest request) -> awaitable<net::ServerResponse> {
    got.push_back(std::move(request));
    co_return answer;
  };
  auto server = std::move(*net::HttpServer::listen(io, {}, handler));
  for (const Case& each : cases) {
    CAPTURE(each.status, each.body);
    answer = {};
    answer.status = each.status;
    answer.body = each.body;
    if (each.status == 429) answer.headers = {{"retry-after", "7"}};
    Book book;
    const Delivery delivery = planned(each.kind, server->port(), book);
    net::HttpClient client(io, on_loopback());
    Sender sender(client, book);
    const Attempt attempt = run(io, sender.send(delivery));
    CHECK(attempt.said.has_value() == !each.want);
    CHECK(attempt.pause == Seconds{each.pause});
    if (each.want) {
      CHECK(attempt.said.error().code == *each.want);
      CHECK(describe(attempt.said.error()).find("geheim") == std::string::npos);
    }
  }
  REQUIRE(got.size() == std::size(cases));
  CHECK(got[0].target.find("&sign=") != std::string::npos);
}

TEST_CASE("half an answer and a drip are no delivery", "[alerting][robots]") {
  asio::io_context io;
  RawServer half(io, always("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"errcode\":0"));
  Book book;
  const Delivery delivery = planned(Kind::dingtalk, half.port(), book);
  net::HttpClient client(io, on_loopback());
  Sender sender(client, book);
  const Attempt attempt = run(io, sender.send(delivery));
  REQUIRE_FALSE(attempt.said);
  CHECK(is_transient(attempt.said.error().code));
  CHECK(describe(attempt.said.error()).find("geheim") == std::string::npos);
}

TEST_CASE("a line of the system's log", "[alerting][syslog]") {
  const LogEntry entry{2, "abcd", "w\"1]", "opinion", "【Ⅱ级橙色】某校"};
  CHECK(syslog_line(entry, "2026-04-15T22:40:00+08:00", "host", 7) ==
        "<131>1 2026-04-15T22:40:00+08:00 host tingchao 7 abcd [tingchao@32473 stream=\"opinion\" level=\"2\" "
        "warning=\"w\\\"1\\]\"] \xEF\xBB\xBF【Ⅱ级橙色】某校");
  const std::string fields = journal_fields({1, "abcd", "", "opinion", "两\n行"});
  CHECK(fields.starts_with(std::string("MESSAGE\n\x07\0\0\0\0\0\0\0两\n行\n", 8 + 8 + 7 + 1)));
  CHECK(fields.find("PRIORITY=2\n") != fields.npos);
  CHECK(write_log("nowhere", entry).error().code == Errc::bad_config);
  CHECK(write_log("udp:127.0.0.1:0", entry).error().code == Errc::bad_config);
  CHECK(write_log("unix:/nonexistent/log", entry).error().code == Errc::io);
}

TEST_CASE("a datagram reaches a listening log", "[alerting][syslog]") {
  asio::io_context io;
  asio::ip::udp::socket listener(io, {asio::ip::make_address("127.0.0.1"), 0});
  const std::string where = "udp:127.0.0.1:" + std::to_string(listener.local_endpoint().port());
  REQUIRE(write_log(where, {3, "id", "w", "opinion", "文"}));
  std::string got(2000, '\0');
  got.resize(listener.receive(asio::buffer(got)));
  CHECK(got.starts_with("<132>1 "));
  CHECK(got.ends_with("文"));
}
