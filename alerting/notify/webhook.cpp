// Body: Prometheus Alertmanager's webhook, version 4 (its public documentation, "webhook_config").
// Labels identify, annotations tell: whatever changes from message to message is an annotation, but
// for level and severity, which receivers route by. Signature: Standard Webhooks 1.0.0.
#include "alerting/notify/webhook.h"

#include <array>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "alerting/notify/mail_text.h"
#include "alerting/wording.h"
#include "core/hash.h"
#include "core/json.h"

namespace tingchao::alerting {
namespace {

namespace json = boost::json;

constexpr const char* never = "0001-01-01T00:00:00Z";  // Alertmanager's word for "not ended"
constexpr std::size_t text_chars_max = 4000;

// The four words that PagerDuty's event format made common.
const char* severity_of(int rank) {
  constexpr std::array words{"critical", "error", "warning", "info"};
  return words[static_cast<std::size_t>(std::clamp(rank, 1, 4) - 1)];
}

struct Frame {
  bool resolved = false;
  std::string group;
  json::object group_labels, labels, annotations;
  std::string starts, ends, url, fingerprint, reason;
};

std::string envelope(const Frame& frame, const Book& book, const Channel& channel) {
  const char* status = frame.resolved ? "resolved" : "firing";
  json::object alert;
  alert["status"] = status;
  alert["labels"] = frame.labels;
  alert["annotations"] = frame.annotations;
  alert["startsAt"] = frame.starts;
  alert["endsAt"] = frame.ends;
  alert["generatorURL"] = frame.url;
  alert["fingerprint"] = frame.fingerprint;
  json::object body;
  body["version"] = "4";
  body["groupKey"] = frame.group;
  body["truncatedAlerts"] = 0;
  body["status"] = status;
  body["receiver"] = channel.id;
  body["groupLabels"] = frame.group_labels;
  body["commonLabels"] = frame.labels;
  body["commonAnnotations"] = frame.annotations;
  body["externalURL"] = book.base_url;
  body["notification_reason"] = frame.reason;
  body["alerts"] = json::array{json::value(std::move(alert))};
  return to_line(body);
}

// An absent member says less than an empty string; receivers' templates treat both alike.
void put(json::object& to, const char* name, std::string_view text) {
  if (!text.empty()) to[name] = quote(text, text_chars_max).text;
}

std::string lines_of_reasons(const Warning& warning) {
  std::string lines;
  for (const Reason& reason : warning.reasons)
    lines += (lines.empty() ? "" : "\n") + reason_in_words(reason);
  return lines;
}

std::string lines_of_clocks(const Warning& warning) {
  std::string lines;
  for (const Clock& clock : warning.clocks)
    lines += fmt::format("{}{} {}{}", lines.empty() ? "" : "\n", clock.name, to_rfc3339(clock.due),
                         clock.met_at ? " 已完成 " + to_rfc3339(*clock.met_at) : std::string{});
  return lines;
}

json::object annotations_of(const Raised& raised, std::string_view subject) {
  const Warning& warning = raised.warning;
  std::string documents, quotes;
  for (const Evidence& each : warning.evidence) {
    documents += (documents.empty() ? "" : "\n") + each.url;
    quotes += fmt::format("{}“{}”（{}）", quotes.empty() ? "" : "\n", quote(each.sentence, 200).text, each.source_name);
  }
  json::object notes;
  put(notes, "summary", subject);
  put(notes, "title", one_line(warning.title, 200));
  put(notes, "level", level_words(warning));
  put(notes, "event", name(raised.change.event));
  put(notes, "event_text", chinese_name(raised.change.event));
  put(notes, "state", name(warning.state));
  put(notes, "score", fmt::format("{:.1f}", warning.score));
  put(notes, "topics", fmt::format("{}", fmt::join(warning.topics, "\n")));
  put(notes, "schools", fmt::format("{}", fmt::join(warning.schools, "\n")));
  put(notes, "reasons", lines_of_reasons(warning));
  put(notes, "quotes", quotes);
  put(notes, "documents", documents);
  put(notes, "clocks", lines_of_clocks(warning));
  put(notes, "actor", raised.change.actor);
  put(notes, "note", raised.change.note);
  put(notes, "answer_url", warning.answer_url);
  put(notes, "measure_version", warning.measure_version);
  put(notes, "disclaimer", disclaimer);
  return notes;
}

}  // namespace

std::string webhook_body(const Raised& raised, const Book& book, const Channel& channel,
                         std::string_view subject) {
  const Warning& warning = raised.warning;
  Frame frame;
  frame.resolved = warning.state == WarningState::closed || warning.state == WarningState::dismissed;
  frame.group = fmt::format("{{}}:{{warning=\"{}\"}}", warning.id);
  frame.group_labels["warning"] = warning.id;
  frame.labels["alertname"] = warning.kind == "burst" ? "舆情量突增" : "舆情预警";
  frame.labels["kind"] = warning.kind;
  frame.labels["level"] = std::to_string(warning.level.rank);
  frame.labels["severity"] = severity_of(warning.level.rank);
  frame.labels["warning"] = warning.id;
  frame.annotations = annotations_of(raised, subject);
  frame.starts = to_rfc3339(warning.raised_at);
  frame.ends = frame.resolved ? to_rfc3339(raised.change.at) : never;
  frame.url = warning_link(book.base_url, warning.id);
  frame.fingerprint = stable_id("warning:" + warning.id);
  frame.reason = name(raised.change.event);
  return envelope(frame, book, channel);
}

std::string webhook_body(const PlainAlert& alert, const Book& book, const Channel& channel) {
  Frame frame;
  frame.group = fmt::format("{{}}:{{key=\"{}\"}}", one_line(alert.key, 200));
  frame.group_labels["alertname"] = alert.name;
  frame.labels["alertname"] = alert.name;
  frame.labels["severity"] = alert.severity;
  put(frame.annotations, "summary", alert.subject);
  put(frame.annotations, "description", alert.text);
  frame.starts = to_rfc3339(alert.at);
  frame.ends = never;
  frame.url = book.base_url;
  frame.fingerprint = stable_id(alert.key);
  frame.reason = "notice";
  return envelope(frame, book, channel);
}

std::string webhook_id(std::string_view delivery_key) { return "evt_" + stable_id(delivery_key); }

std::string webhook_signature(std::string_view secret, std::string_view id, long timestamp,
                              std::string_view body) {
  constexpr std::string_view prefix = "whsec_";
  if (secret.starts_with(prefix)) secret.remove_prefix(prefix.size());
  const std::string key = from_base64(secret);
  const Sha256 mac = hmac_sha256(key, fmt::format("{}.{}.{}", id, timestamp, body));
  return "v1," + to_base64({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

Result<void> read_verdict(std::string_view body) {
  boost::system::error_code bad;
  json::parse_options options;
  options.max_depth = 8;
  const json::value answer = json::parse({body.data(), body.size()}, bad, {}, options);
  const json::object* object = bad ? nullptr : answer.if_object();
  const json::value* code = object ? object->if_contains("errcode") : nullptr;
  if (!code || !code->is_int64() || code->as_int64() == 0) return {};
  const json::value* words = object->if_contains("errmsg");
  const std::string said =
      fmt::format("errcode {} {}", code->as_int64(), words && words->is_string() ? words->as_string().c_str() : "");
  // "Too many calls" and "system busy" of the messengers pass; everything else stays wrong.
  constexpr std::array<std::int64_t, 4> passing{-1, 45009, 130101, 130102};
  const bool later = std::find(passing.begin(), passing.end(), code->as_int64()) != passing.end();
  return Error{later ? Errc::refused : Errc::rejected, said, later ? "" : "check the webhook's address and form"};
}

}  // namespace tingchao::alerting
