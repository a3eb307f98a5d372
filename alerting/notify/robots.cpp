// Limits and codes as the providers publish them: 钉钉 20 000 bytes a call, 企业微信 4096 bytes of Markdown,
// 飞书 20 KB a call. We stay under them by the JSON around the text.
#include "alerting/notify/robots.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "alerting/render.h"
#include "alerting/wording.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

namespace json = boost::json;
using Kind = Channel::Kind;

constexpr std::size_t wecom_markdown_max = 4096, body_max = 19'500, title_chars_max = 100;
constexpr int mention_rank = 2;
constexpr std::string_view left_off = "\n……（下略）";

// What remains unless the text of the body, written out as JSON, would pass the limit.
std::size_t escaped_size(std::string_view text) { return json::serialize(json::string(text)).size(); }

std::string fitted(std::string_view markdown, std::size_t bytes_max, bool as_json) {
  std::string text = cut_markdown(markdown, bytes_max);
  while (as_json && escaped_size(text) > bytes_max) {
    const std::size_t over = escaped_size(text) - bytes_max;
    text =
        cut_markdown(markdown, text.size() > over + left_off.size() ? text.size() - over : left_off.size());
  }
  return text;
}

std::vector<std::string> split_mentions(const RobotMessage& message) {
  std::vector<std::string> names;
  if (message.rank == 0 || message.rank > mention_rank) return names;
  std::string name;
  for (const char c : message.mentions + ",") {
    if (c != ',' && c != ' ')
      name += c;
    else if (!name.empty())
      names.push_back(std::exchange(name, {}));
  }
  return names;
}

// The call by name stands in front: a text that is cut still calls.
std::string with_mentions(const RobotMessage& message, std::string_view form) {
  std::string line;
  for (const std::string& name : split_mentions(message)) line += fmt::format(fmt::runtime(form), name) + " ";
  return line.empty() ? message.markdown : line + "\n\n" + message.markdown;
}

const char* header_colour(int rank) {
  constexpr std::array colours{"red", "orange", "yellow", "blue"};
  return rank >= 1 && rank <= 4 ? colours[static_cast<std::size_t>(rank - 1)] : "grey";
}

json::object dingtalk(const RobotMessage& message) {
  json::array mobiles;
  for (const std::string& name : split_mentions(message)) mobiles.emplace_back(name);
  json::object markdown{{"title", one_line(message.title, title_chars_max)}};
  json::object body{{"msgtype", "markdown"},
                    {"at", json::object{{"atMobiles", mobiles}, {"isAtAll", false}}}};
  const std::size_t around = json::serialize(markdown).size() + json::serialize(body).size() + 64;
  markdown["text"] = fitted(with_mentions(message, "@{}"), body_max - around, true);
  body["markdown"] = std::move(markdown);
  return body;
}

json::object wecom(const RobotMessage& message) {
  const std::string content = cut_markdown(with_mentions(message, "<@{}>"), wecom_markdown_max);
  return {{"msgtype", "markdown"}, {"markdown", json::object{{"content", content}}}};
}

json::object feishu(const RobotMessage& message) {
  json::object title{{"tag", "plain_text"}, {"content", one_line(message.title, title_chars_max)}};
  json::object header{{"title", std::move(title)}, {"template", header_colour(message.rank)}};
  json::array elements;
  constexpr std::size_t around = 2000;  // header, button, signature
  const std::string text = fitted(with_mentions(message, "<at id={}></at>"), body_max - around, true);
  elements.push_back(json::object{{"tag", "markdown"}, {"content", text}});
  if (!message.link.empty()) {
    json::object open{{"type", "open_url"}, {"default_url", message.link}};
    elements.push_back(json::object{{"tag", "button"},
                                    {"text", json::object{{"tag", "plain_text"}, {"content", "打开预警"}}},
                                    {"behaviors", json::array{json::value(std::move(open))}}});
  }
  json::object card{{"schema", "2.0"},
                    {"header", std::move(header)},
                    {"body", json::object{{"elements", std::move(elements)}}}};
  return {{"msg_type", "interactive"}, {"card", std::move(card)}};
}

// Bytes up to which the line may be kept: a character's border, outside of [..](..) and <..>.
std::size_t whole_up_to(std::string_view line, std::size_t bytes_max) {
  std::size_t end = std::min(line.size(), bytes_max);
  while (end > 0 && end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  const std::string_view kept = line.substr(0, end);
  const std::size_t tag = kept.rfind('<'), link = kept.rfind('[');
  if (tag != kept.npos && kept.find('>', tag) == kept.npos) end = std::min(end, tag);
  if (link != kept.npos && kept.find(')', link) == kept.npos && line.find("](", link) != line.npos)
    end = std::min(end, link);
  return end;
}

constexpr std::string_view font_end = "</font>";

bool leaves_font_open(std::string_view text) {
  const std::size_t opened = text.rfind("<font");
  return opened != text.npos && text.find(font_end, opened) == text.npos;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return out;
}

std::string base64_of(const Sha256& mac) {
  return to_base64({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

struct Verdict {
  std::int64_t code = 0;
  std::string words;
};
std::optional<Verdict> verdict_in(Kind kind, std::string_view body) {
  boost::system::error_code bad;
  json::parse_options options;
  options.max_depth = 8;
  const json::value answer = json::parse({body.data(), body.size()}, bad, {}, options);
  const json::object* object = bad ? nullptr : answer.if_object();
  if (!object) return {};
  const bool is_feishu = kind == Kind::feishu;
  const json::value* code = object->if_contains(is_feishu ? "code" : "errcode");
  if (!code && is_feishu) code = object->if_contains("StatusCode");  // 飞书's older form
  if (!code || !code->is_int64()) return {};
  const json::value* words = object->if_contains(is_feishu ? "msg" : "errmsg");
  return Verdict{code->as_int64(),
                 words && words->is_string() ? std::string(words->as_string()) : std::string{}};
}

// Codes that pass by themselves: too many calls, the provider is busy.
bool is_too_fast(Kind kind, std::int64_t code) {
  switch (kind) {
    case Kind::dingtalk:
      return code == 130101 || code == 130102 || code == 410100;
    case Kind::wecom:
      return code == 45009 || code == 45033;
    case Kind::feishu:
      return code == 11232 || code == 9499 || code == 99991400;
    default:
      return false;
  }
}
bool passes(Kind kind, std::int64_t code) {
  return is_too_fast(kind, code) || code == -1 || (kind == Kind::dingtalk && code == 90018);
}

std::string mend_of(Kind kind, std::int64_t code) {
  if (kind == Kind::dingtalk && code == 310000)
    return "核对机器人的加签密钥、关键词或 IP 白名单，以及本机时钟";
  if (kind == Kind::feishu && code == 19021) return "核对机器人的签名密钥与本机时钟";
  if (kind == Kind::wecom && code == 93000) return "核对机器人地址中的 key";
  return "核对机器人的地址与密钥";
}

constexpr std::string_view plain_robot_template = R"(**{{level}} {{meter}}** {{event}}
{{title}}
{{lead}}
{{#link}}[打开预警]({{{link}}}){{/link}}
)";

}  // namespace

std::string cut_markdown(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  const std::size_t room = bytes_max > left_off.size() ? bytes_max - left_off.size() : 0;
  std::size_t end = text.rfind('\n', room);
  if (end == text.npos || end == 0) end = 0;
  std::string kept(text.substr(0, end));
  if (kept.find_first_not_of(" \n") == kept.npos) {
    const std::size_t reserve = room > font_end.size() ? room - font_end.size() : 0;
    const std::string_view line = text.substr(0, text.find('\n'));
    kept = std::string(line.substr(0, whole_up_to(line, reserve)));
    if (leaves_font_open(kept)) kept += font_end;
  }
  return kept + std::string(left_off.substr(0, bytes_max));
}

std::string robot_body(Kind kind, const RobotMessage& message) {
  switch (kind) {
    case Kind::dingtalk:
      return to_line(dingtalk(message));
    case Kind::wecom:
      return to_line(wecom(message));
    default:
      return to_line(feishu(message));
  }
}

RobotMessage robot_message(const json::object& view, const Channel& channel, const Recipient& recipient,
                           std::string_view subject, int rank) {
  RobotMessage message;
  message.title = std::string(subject);
  message.rank = rank;
  message.mentions = recipient.address;
  if (const auto* link = view.if_contains("link"); link && link->is_string())
    message.link = std::string(link->as_string());
  const auto text = render(channel.id, channel.template_text, view, Escape::markdown);
  const auto plain = text ? text : render("built-in", plain_robot_template, view, Escape::markdown);
  message.markdown = plain ? *plain : message.title;
  return message;
}

std::string dingtalk_sign(std::string_view secret, std::int64_t milliseconds) {
  return percent_encoded(base64_of(hmac_sha256(secret, fmt::format("{}\n{}", milliseconds, secret))));
}

std::string feishu_sign(std::string_view secret, std::int64_t seconds) {
  return base64_of(hmac_sha256(fmt::format("{}\n{}", seconds, secret), ""));
}

RobotCall robot_call(const Channel& channel, std::string_view body, std::int64_t now_milliseconds) {
  RobotCall call{channel.url, std::string(body)};
  if (channel.secret.empty()) return call;
  if (channel.kind == Kind::dingtalk) {
    call.url += fmt::format("{}timestamp={}&sign={}", call.url.find('?') == call.url.npos ? '?' : '&',
                            now_milliseconds, dingtalk_sign(channel.secret, now_milliseconds));
  } else if (channel.kind == Kind::feishu && call.body.starts_with('{')) {
    const std::int64_t seconds = now_milliseconds / 1000;
    call.body.insert(
        1, fmt::format(R"("timestamp":"{}","sign":"{}",)", seconds, feishu_sign(channel.secret, seconds)));
  }
  return call;
}

Result<void> robot_verdict(Kind kind, std::string_view body) {
  const auto verdict = verdict_in(kind, body);
  if (!verdict)
    return Error{Errc::refused, "no code of the provider in: " + one_line(body, 200),
                 "check the robot's address"};
  if (verdict->code == 0) return {};
  const std::string said = fmt::format("code {} {}", verdict->code, one_line(verdict->words, 160));
  if (passes(kind, verdict->code)) return Error{Errc::refused, said, ""};
  return Error{Errc::rejected, said, mend_of(kind, verdict->code)};
}

Seconds robot_pause(Kind kind, std::string_view answer) {
  const auto verdict = verdict_in(kind, answer);
  if (!verdict || !is_too_fast(kind, verdict->code)) return Seconds{0};
  return kind == Kind::dingtalk ? Seconds{600} : Seconds{60};  // 钉钉 shuts a robot out for ten minutes
}

}  // namespace tingchao::alerting
