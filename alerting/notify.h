#pragma once
// Turns changes of warnings into messages, and sends them. Planning is pure and happens in the
// transaction of the change; sending is an effect that may be repeated: the Message-ID, webhook-id
// and key of a Delivery are fixed when it is planned.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "alerting/duty.h"
#include "alerting/warn.h"
#include "core/delivery.h"
#include "core/result.h"
#include "core/story.h"
#include "net/http_client.h"

namespace tingchao::alerting {

struct Channel {
  std::string id;
  enum class Kind { mail, webhook, spool, dingtalk, wecom, feishu, syslog } kind = Kind::mail;
  // mail
  std::string host; int port = 587; std::string security = "starttls";  // starttls, tls, none
  std::string user, password, from, ca_file;
  // webhook and the robots of the messengers
  std::string url, secret;       // webhook: whsec_… (Standard Webhooks); 钉钉 and 飞书: the robot's own
  std::string template_text;     // a robot's own message template; empty: the embedded one of its kind
  // syslog
  std::string socket = "auto";   // "journal", "unix:/dev/log", "udp:127.0.0.1:514"; auto: the first of the two
  // spool: a directory that gets one file a message
  std::string directory;
  enum class Form { mail, json } form = Form::mail;  // of a spool: .eml, or the webhook's body
};

struct Recipient {
  std::string name;              // duty officer
  std::string channel;           // Channel::id
  std::string address;           // mail address; of a robot whom to call by name at Ⅰ and Ⅱ: 手机号 (钉钉),
                                 // userid (企业微信), open_id (飞书), several with commas; else empty
  std::string fallback_channel;  // tried at once when a message of the gravest level fails; may be empty
  std::string fallback_address;
  int level_rank_max = 4;        // hears of levels 1…this, where the measure names nobody for a level
  std::vector<std::string> groups;  // by which the measure may name several
  std::vector<std::string> topics;  // path prefixes; empty: all
  bool digest = false;
  std::string unsubscribe_url;   // where this recipient ends the digest by one click; empty: by mail only
  bool opinion = true;           // opinion warnings
  bool operator_ = false;        // operator health
  std::string on_duty;           // Roster::id: hears only while that roster names them; empty: always
  std::vector<Hours> quiet;      // what is not urgent waits until they end
};

struct Book {                    // who hears of what, and how
  std::vector<Channel> channels;
  std::vector<Recipient> recipients;
  Duty duty;
  std::map<int, std::vector<std::string>> audiences;  // audiences_of(measure)
  std::string bureau;            // 某区教育和体育局
  std::string base_url;          // of our dashboard, for links; may be empty
  std::string mail_domain;       // right side of Message-IDs
  std::string template_html, template_text;  // mustache; empty: the embedded ones given by service
};

const Channel* find_channel(const Book& book, const std::string& id);
// Delivery::recipient of the messages to them: the address; a channel of one receiver stands for itself.
const std::string& place_of(const Recipient& recipient);
// 钉钉, 企业微信, 飞书: a short message in Markdown to a group, under a limit of calls.
bool is_robot(const Channel& channel);

// Fails with bad_config when a template cannot be used, naming it; plan() falls back to a plain form
// of its own then, for a warning must go out in any case.
Result<void> check_templates(const Book& book);

// What is known beside the warning itself. With the story the mail tells how far it spread; with the
// history (oldest first; the change itself may be in it) what is new since this recipient's last
// message, and which message began the recipient's thread. Both may be absent.
struct Background {
  const Story* story = nullptr;
  const std::vector<WarningChange>* history = nullptr;
  const std::vector<Silence>* silences = nullptr;         // that may hold back
  const std::map<std::string, Warning>* open = nullptr;   // warnings that live, for inhibition
};

// One Delivery per recipient that hears of this change (quiet changes give none). Pure.
// New, graver or running out: whoever hears of this level. All else that happens to a warning:
// whoever heard of its gravest level. Where the measure names recipients for levels, who was told of a warning hears
// what becomes of it, too. Comments, and what the measure closed as part of another warning: nobody. A step of the
// chain: those whom it names. A recipient of a roster hears while on duty; when nobody is, all of that roster's
// recipients do. What a silence or a graver warning holds back is a Delivery too, `dropped`, whose answer says by whom
// and until when; quiet hours only delay.
std::vector<Delivery> plan(const Raised& raised, const Book& book, Time now, const Background& background = {});
// Why what waits of this warning from before the change is not sent any more, in Chinese; empty: the warning goes on.
std::string why_over(const Raised& raised);
// A notice to the administrator: a silent source, a dead channel, a full disk.
std::vector<Delivery> plan_notice(const std::string& subject, const std::string& text,
                                  const std::string& key, const Book& book, Time now);
// A marked message to one recipient's channel, to see that it works and what the provider says.
Delivery plan_test(const Channel& channel, const Recipient& recipient, const Book& book, Time now);
// A digest that compose() made, to each recipient with `digest`.
struct Digest;
std::vector<Delivery> plan_digest(const Digest& digest, const Book& book, Time now);

// When a delivery that failed `attempts` times is tried again: 5 s × 2^n ±20 %, at most 10 min, for
// 24 h, then it is dead. Empty: dead now (permanent, or too old).
std::optional<Time> retry_at(const Delivery& delivery, const Error& error, Time now);

// One try to send. `pause`: the provider asks to be left alone for so long by the whole channel.
struct Attempt {
  Result<std::string> said;  // the provider's own words
  Seconds pause{0};
};

// Sends one Delivery.
class Sender {
 public:
  Sender(net::HttpClient& client, Book book);
  boost::asio::awaitable<Attempt> send(Delivery delivery);

 private:
  net::HttpClient& client_;
  Book book_;
};

// Standard Webhooks 1.0.0: "v1,<base64>" over "id.timestamp.body"; secret "whsec_<base64>".
std::string webhook_signature(std::string_view secret, std::string_view id, long timestamp,
                              std::string_view body);

}  // namespace tingchao::alerting
