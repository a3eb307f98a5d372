#pragma once
// The group robots of 钉钉, 企业微信 and 飞书: the form of their messages, their signatures, their limits
// of size, and what their answers mean. Pure. Facts: the providers' pages on custom robots; the forms
// and codes are listed in docs/delivery.md.

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "alerting/notify.h"

namespace tingchao::alerting {

// What a robot is given to say.
struct RobotMessage {
  std::string title;     // one line: what a telephone shows before the message is opened
  std::string markdown;  // lines; a line neither opens nor closes what belongs to another
  std::string link;      // of the dashboard; may be empty
  int rank = 0;          // of the level; 0: none
  std::string mentions;  // Recipient::address: called by name at ranks 1 and 2
};

// The body as the provider wants it, but for what depends on the moment of sending (飞书's signature).
// Texts that are too long are cut between lines, else between characters, and say so.
std::string robot_body(Channel::Kind kind, const RobotMessage& message);

// Markdown of a warning by the channel's template; when that cannot be used, by a plain form of our own.
RobotMessage robot_message(const boost::json::object& view, const Channel& channel, const Recipient& recipient,
                           std::string_view subject, int rank);

// At most `bytes_max` bytes: whole lines while they fit and a last line that says 下略. A first line that is
// too long itself ends between two characters, outside of links and tags, its <font> closed.
std::string cut_markdown(std::string_view text, std::size_t bytes_max);

// 钉钉: base64 of HMAC-SHA256 with the secret over "MS\nsecret", %-encoded; MS in milliseconds.
std::string dingtalk_sign(std::string_view secret, std::int64_t milliseconds);
// 飞书: base64 of HMAC-SHA256 with "SEC\nsecret" as key over nothing.
std::string feishu_sign(std::string_view secret, std::int64_t seconds);

// Where to post and what, at that moment; without a secret neither is signed.
struct RobotCall {
  std::string url, body;
};
RobotCall robot_call(const Channel& channel, std::string_view body, std::int64_t now_milliseconds);

// HTTP 200 is no yes: the provider's own code is. Done, refused (try later) or rejected (never), both
// with the provider's words; an answer that holds no code is refused.
Result<void> robot_verdict(Channel::Kind kind, std::string_view body);
// The provider counts our calls and had too many: nothing should be tried for that long. Zero: no such answer.
Seconds robot_pause(Channel::Kind kind, std::string_view answer);

}  // namespace tingchao::alerting
