#include <catch2/catch.hpp>

#include <boost/json.hpp>

#include "alerting/notify/webhook.h"
#include "core/utf8.h"
#include "tests/alerting/sample.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;
namespace json = boost::json;

namespace {

json::object body_of(const Raised& raised) {
  const Book book = sample_book();
  return json::parse(webhook_body(raised, book, book.channels[1], "主题")).as_object();
}

}  // namespace

TEST_CASE("the signature is that of the vector", "[alerting][webhook]") {
  const std::string secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  const std::string body = R"({"version":"4","status":"firing"})";
  CHECK(webhook_signature(secret, "evt_01TEST", 1767225600, body) == "v1,QJbprJB/jBRtDUKHfqWGTTGFeNPZhNX9qI2J+yjuIq0=");
  CHECK(webhook_signature(secret, "evt_01TEST", 1767225601, body) != "v1,QJbprJB/jBRtDUKHfqWGTTGFeNPZhNX9qI2J+yjuIq0=");
  CHECK(webhook_signature(secret, "evt_02TEST", 1767225600, body) != "v1,QJbprJB/jBRtDUKHfqWGTTGFeNPZhNX9qI2J+yjuIq0=");
}

TEST_CASE("the body is Alertmanager's version 4", "[alerting][webhook]") {
  const json::object body = body_of(sample_upgrade());
  CHECK(body.at("version") == "4");
  CHECK(body.at("status") == "firing");
  CHECK(body.at("receiver") == "hook");
  CHECK(body.at("truncatedAlerts") == 0);
  CHECK(body.at("externalURL") == "https://tingchao.example.cn");
  CHECK(body.at("groupKey").as_string().size() > 0);
  CHECK(body.at("groupLabels").as_object().at("warning") == "3f9a6c01d2e45b78");
  REQUIRE(body.at("alerts").as_array().size() == 1);
  const json::object& alert = body.at("alerts").as_array()[0].as_object();
  CHECK(alert.at("status") == "firing");
  CHECK(alert.at("labels").as_object().at("level") == "2");
  CHECK(alert.at("labels").as_object().at("severity") == "error");
  CHECK(alert.at("labels").as_object().at("alertname") == "舆情预警");
  CHECK(alert.at("startsAt") == "2026-04-15T18:10:00+08:00");
  CHECK(alert.at("endsAt") == "0001-01-01T00:00:00Z");
  const std::string fingerprint = alert.at("fingerprint").as_string().c_str();
  CHECK(fingerprint.size() == 16);
  CHECK(fingerprint.find_first_not_of("0123456789abcdef") == std::string::npos);
  for (const auto& member : alert.at("annotations").as_object()) CHECK(member.value().is_string());
  for (const auto& member : alert.at("labels").as_object()) CHECK(member.value().is_string());
  const std::string documents = alert.at("annotations").as_object().at("documents").as_string().c_str();
  for (const Evidence& each : sample_upgrade().warning.evidence) CHECK(documents.find(each.url) != std::string::npos);
}

TEST_CASE("a closed warning is resolved, under the same fingerprint", "[alerting][webhook]") {
  Raised raised = sample_upgrade();
  const json::value before = body_of(raised).at("alerts").as_array()[0].at("fingerprint");
  raised.warning.state = raised.change.state = WarningState::closed;
  raised.change.event = WarningEvent::closed;
  raised.change.at = at("2026-04-16 09:30");
  const json::object body = body_of(raised);
  CHECK(body.at("status") == "resolved");
  CHECK(body.at("alerts").as_array()[0].at("endsAt") == "2026-04-16T09:30:00+08:00");
  CHECK(body.at("alerts").as_array()[0].at("fingerprint") == before);
}

TEST_CASE("severity by rank", "[alerting][webhook]") {
  const std::pair<Level, const char*> cases[] = {
      {red, "critical"}, {orange, "error"}, {yellow, "warning"}, {blue, "info"}};
  for (const auto& [level, want] : cases) {
    Raised raised = sample_upgrade();
    raised.warning.level = level;
    CHECK(body_of(raised).at("commonLabels").at("severity") == want);
    CHECK(body_of(raised).at("commonLabels").at("level").as_string() == std::to_string(level.rank));
  }
}

TEST_CASE("hostile texts stay inside their strings", "[alerting][webhook]") {
  Raised raised = sample_upgrade();
  raised.warning.title = "\"}],\"status\":\"resolved\n\xFF\xC0" + std::string(40'000, 'x');
  raised.change.note = std::string(100'000, '\x01');
  const json::object body = body_of(raised);
  CHECK(body.at("status") == "firing");
  CHECK(is_utf8(json::serialize(body)));
  CHECK(json::serialize(body).size() < 100'000);
}

TEST_CASE("an answer of 200 may say no", "[alerting][webhook]") {
  struct Case {
    const char* name;
    const char* body;
    std::optional<Errc> want;
  };
  const Case cases[] = {
      {"空", "", {}},
      {"不是 JSON", "OK", {}},
      {"别的 JSON", R"({"ok":true})", {}},
      {"成功", R"({"errcode":0,"errmsg":"ok"})", {}},
      {"太快", R"({"errcode":130101,"errmsg":"send too fast"})", Errc::refused},
      {"超频", R"({"errcode":45009,"errmsg":"api freq out of limit"})", Errc::refused},
      {"签名不对", R"({"errcode":310000,"errmsg":"sign not match"})", Errc::rejected},
      {"消息不是字符串", R"({"errcode":1,"errmsg":{}})", Errc::rejected},
      {"深得出奇", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", {}},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    const auto verdict = read_verdict(c.body);
    CHECK(verdict.has_value() == !c.want.has_value());
    if (!verdict && c.want) CHECK(verdict.error().code == *c.want);
  }
}
