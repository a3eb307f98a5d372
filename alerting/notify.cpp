// Who hears of a change is a table of two questions: does the event call for action (then the level of
// now decides) or does it close a matter (then the gravest level decides, for whoever was alarmed must
// learn that it is over). The rest is one message per recipient, complete and addressed.
#include "alerting/notify.h"

#include <algorithm>
#include <map>
#include <set>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "alerting/audience.h"
#include "alerting/digest.h"
#include "alerting/notify/mail_rows.h"
#include "alerting/notify/mail_text.h"
#include "alerting/notify/mime.h"
#include "alerting/notify/robots.h"
#include "alerting/notify/templates.h"
#include "alerting/notify/webhook.h"
#include "alerting/render.h"
#include "alerting/wording.h"
#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr const char* html_name = "warning.html.mustache";
constexpr const char* text_name = "warning.txt.mustache";
constexpr int urgent_rank = 2;  // Ⅰ and Ⅱ
constexpr std::size_t why_chars_max = 80;

const Channel* channel_of(const Book& book, const Recipient& recipient) {
  return find_channel(book, recipient.channel);
}

// A topic path is within another one when it is the same or lies below it.
bool is_within(std::string_view topic, std::string_view prefix) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  return topic.starts_with(prefix) && (topic.size() == prefix.size() || topic[prefix.size()] == '/');
}

bool cares_for(const Recipient& recipient, const Warning& warning) {
  if (!recipient.opinion) return false;
  if (recipient.topics.empty()) return true;
  for (const std::string& prefix : recipient.topics)
    for (const std::string& topic : warning.topics)
      if (is_within(topic, prefix)) return true;
  return false;
}

// The level that decides whether a change is heard; empty for those that nobody hears of.
std::optional<int> rank_heard(WarningEvent event, int rank_now, int rank_peak) {
  switch (event) {
    case WarningEvent::raised:
    case WarningEvent::upgraded:
    case WarningEvent::clock: return rank_now;
    case WarningEvent::escalated:  // has its own addressees
    case WarningEvent::commented: return {};
    default: return std::min(rank_now, rank_peak);
  }
}

// What was closed because its story became another's: the warning that goes on says so to everybody.
bool is_told_elsewhere(const WarningChange& change) {
  return change.event == WarningEvent::closed && change.actor == "measure";
}

bool hears(const Recipient& recipient, const WarningChange& change, int rank_peak, const Book& book) {
  if (is_told_elsewhere(change)) return false;
  const auto rank = rank_heard(change.event, change.level.rank, rank_peak);
  return rank && hears_level(recipient, *rank, book, change.at);
}

// What whoever was told before must learn, though another level has other recipients.
bool is_for_those_told(const WarningChange& change) {
  return change.event != WarningEvent::commented && change.event != WarningEvent::clock && !is_told_elsewhere(change);
}

int peak_of(const Warning& warning) {
  return warning.level_peak ? std::min(warning.level_peak->rank, warning.level.rank) : warning.level.rank;
}

std::string domain_of(const Book& book) { return book.mail_domain.empty() ? "tingchao.invalid" : book.mail_domain; }

std::string sender_of(const Book& book, const Channel& channel) {
  return channel.from.empty() ? "听潮 <tingchao@" + domain_of(book) + ">" : channel.from;
}

std::string addressee_of(const Recipient& recipient) {
  const std::string name = one_line(recipient.name, 40);
  if (recipient.address.empty()) return (name.empty() ? "值班人员" : name) + ":;";
  return name.empty() ? recipient.address : name + " <" + recipient.address + ">";
}

std::string warning_key(const Warning& warning, int seq, const Recipient& recipient) {
  return fmt::format("{}:{}:{}:{}", warning.id, seq, recipient.channel, place_of(recipient));
}

std::string message_id(const Book& book, std::string_view key) { return stable_id(key) + "@" + domain_of(book); }

bool wants_mail(const Channel& channel) {
  return channel.kind == Channel::Kind::mail ||
         (channel.kind == Channel::Kind::spool && channel.form == Channel::Form::mail);
}

// Of one recipient: the change that began the thread, and the last one told before this.
struct Told {
  const WarningChange* first = nullptr;
  const WarningChange* last = nullptr;
};

Told told_before(const Raised& raised, const Recipient& recipient, const Book& book, const Background& background) {
  Told told;
  if (!background.history) return told;
  int peak = 99;
  for (const WarningChange& change : *background.history) {
    if (change.seq >= raised.change.seq) break;
    peak = std::min(peak, change.level.rank);
    if (!hears(recipient, change, peak, book)) continue;
    if (!told.first) told.first = &change;
    told.last = &change;
  }
  return told;
}

// Without the history every later message names the first change, which most recipients heard of;
// mail programs thread by a common ancestor even when one of them never saw it.
std::string thread_of(const Raised& raised, const Recipient& recipient, const Book& book,
                      const Background& background, const Told& told) {
  const bool first = background.history ? told.first == nullptr : raised.change.seq <= 1;
  if (first) return {};
  return message_id(book, warning_key(raised.warning, told.first ? told.first->seq : 1, recipient));
}

struct Parts {
  std::string text, html;
};

// A mail channel's own template is its HTML when it begins with a tag, beside the shipped text; else the
// whole mail.
Parts parts_of(const boost::json::object& view, const Book& book, const Channel& channel) {
  Parts parts;
  const bool own_html = trim(channel.template_text).starts_with('<');
  if (!channel.template_text.empty() && !own_html)
    if (auto text = render(channel.id, channel.template_text, view, Escape::none)) {
      parts.text = std::move(*text);
      return parts;
    }
  const std::string_view own = book.template_text.empty() ? plain_template : std::string_view(book.template_text);
  const auto text = render(text_name, own, view, Escape::none);
  const auto plain = text ? text : render("built-in", plain_template, view, Escape::none);
  if (plain) parts.text = *plain;
  if (own_html)
    if (auto html = render(channel.id, channel.template_text, view, Escape::html)) {
      parts.html = std::move(*html);
      return parts;
    }
  if (book.template_html.empty()) return parts;
  if (const auto html = render(html_name, book.template_html, view, Escape::html)) parts.html = *html;
  return parts;
}

// The texts of one change. They differ only by what a recipient was told last, so a long list of
// recipients is written once or twice, not once for each; a channel's own template makes them its own.
class Letters {
 public:
  Letters(const Raised& raised, const Book& book, const Background& background)
      : raised_(raised), book_(book), background_(background) {}

  const Parts& after(const WarningChange* last, const Channel& channel) {
    const std::pair key{last, channel.template_text.empty() ? std::string{} : channel.id};
    const auto found = written_.find(key);
    if (found != written_.end()) return found->second;
    const auto view = warning_view(raised_, book_, background_, last, raised_.change.at);
    return written_[key] = parts_of(view, book_, channel);
  }
  const Raised& raised() const { return raised_; }
  const Book& book() const { return book_; }
  const Background& background() const { return background_; }

 private:
  const Raised& raised_;
  const Book& book_;
  const Background& background_;
  std::map<std::pair<const WarningChange*, std::string>, Parts> written_;
};

Delivery base_delivery(const Recipient& recipient, std::string key, const Book& book, Time now) {
  Delivery delivery;
  delivery.message_id = message_id(book, key);
  delivery.key = std::move(key);
  delivery.channel = recipient.channel;
  delivery.recipient = place_of(recipient);
  delivery.created = delivery.not_before = now;
  return delivery;
}

Mail base_mail(const Delivery& delivery, const Recipient& recipient, const Channel& channel, const Book& book) {
  Mail mail;
  mail.from = sender_of(book, channel);
  mail.to = addressee_of(recipient);
  mail.subject = delivery.subject;
  mail.message_id = delivery.message_id;
  mail.date = delivery.created;
  return mail;
}

// One line: what, why most of all, and where to look.
std::string log_line(const Raised& raised, const std::string& subject) {
  std::string line = subject;
  if (!raised.warning.reasons.empty()) line += "；" + reason_in_words(raised.warning.reasons.front());
  return line + "；预警编号 " + raised.warning.id;
}

// Text of ours to a channel that takes no mail: a notice, a digest, a test.
std::string plain_body(const PlainAlert& alert, const Book& book, const Channel& channel) {
  if (channel.kind == Channel::Kind::syslog) return std::string(alert.subject);
  if (!is_robot(channel)) return webhook_body(alert, book, channel);
  RobotMessage message;
  message.title = std::string(alert.subject);
  message.markdown = fmt::format("**{}**\n\n{}", plain_in_markdown(alert.subject), plain_in_markdown(alert.text));
  message.link = book.base_url;
  return robot_body(channel.kind, message);
}

Delivery warning_delivery(Letters& letters, const Recipient& recipient, const Channel& channel) {
  const Raised& raised = letters.raised();
  const Book& book = letters.book();
  const Time now = raised.change.at;
  Delivery delivery = base_delivery(recipient, warning_key(raised.warning, raised.change.seq, recipient), book, now);
  delivery.warning = raised.warning.id;
  delivery.seq = raised.change.seq;
  delivery.level_rank = raised.warning.level.rank;
  delivery.subject = subject_of(raised, now);
  if (channel.kind == Channel::Kind::syslog) {
    delivery.body = log_line(raised, delivery.subject);
    return delivery;
  }
  if (is_robot(channel)) {
    const Told told = told_before(raised, recipient, book, letters.background());
    const boost::json::object view = warning_view(raised, book, letters.background(), told.last, now);
    const RobotMessage message =
        robot_message(view, channel, recipient, delivery.subject, delivery.level_rank);
    delivery.body = robot_body(channel.kind, message);
    return delivery;
  }
  if (!wants_mail(channel)) {
    delivery.body = webhook_body(raised, book, channel, delivery.subject);
    return delivery;
  }
  const Told told = told_before(raised, recipient, book, letters.background());
  const Parts& parts = letters.after(told.last, channel);
  Mail mail = base_mail(delivery, recipient, channel, book);
  mail.thread = thread_of(raised, recipient, book, letters.background(), told);
  mail.urgent = raised.warning.level.rank <= urgent_rank;
  mail.text = parts.text;
  mail.html = parts.html;
  delivery.body = to_mime(mail);
  return delivery;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A roster without anybody at that time must not mean that nobody hears.
bool is_on_duty(const Recipient& recipient, const Book& book, Time now) {
  if (recipient.on_duty.empty()) return true;
  const auto names = on_duty(book.duty, recipient.on_duty, now);
  return names.empty() || contains(names, recipient.name);
}

bool is_addressee(const Recipient& recipient, const Raised& raised, const Book& book, const Background& background,
                  Time now) {
  const Warning& warning = raised.warning;
  if (raised.change.event == WarningEvent::escalated) {
    const auto step = std::find_if(book.duty.chain.begin(), book.duty.chain.end(),
                                   [&](const ChainStep& s) { return s.after == warning.escalated; });
    return recipient.opinion && step != book.duty.chain.end() && is_named(recipient, step->to, book.duty, now);
  }
  if (!cares_for(recipient, warning) || !is_on_duty(recipient, book, now)) return false;
  if (hears(recipient, raised.change, peak_of(warning), book)) return true;
  return !book.audiences.empty() && is_for_those_told(raised.change) &&
         told_before(raised, recipient, book, background).first != nullptr;
}

// Not sent, and kept so that one can see what was not told and why.
Delivery muted_delivery(const Raised& raised, const Recipient& recipient, const Book& book, const std::string& why) {
  Delivery delivery =
      base_delivery(recipient, warning_key(raised.warning, raised.change.seq, recipient), book, raised.change.at);
  delivery.warning = raised.warning.id;
  delivery.seq = raised.change.seq;
  delivery.level_rank = raised.warning.level.rank;
  delivery.subject = subject_of(raised, raised.change.at);
  delivery.state = DeliveryState::dropped;
  delivery.answer = why;
  return delivery;
}

}  // namespace

const Channel* find_channel(const Book& book, const std::string& id) {
  for (const Channel& channel : book.channels)
    if (channel.id == id) return &channel;
  return nullptr;
}

const std::string& place_of(const Recipient& recipient) {
  return recipient.address.empty() ? recipient.channel : recipient.address;
}

bool is_robot(const Channel& channel) {
  using Kind = Channel::Kind;
  return channel.kind == Kind::dingtalk || channel.kind == Kind::wecom || channel.kind == Kind::feishu;
}

Result<void> check_templates(const Book& book) {
  for (const Channel& channel : book.channels)
    if (!channel.template_text.empty())
      if (auto good = check_template("通道 " + channel.id + " 的模板", channel.template_text); !good)
        return good;
  if (!book.template_html.empty())
    if (auto good = check_template(html_name, book.template_html); !good) return good;
  if (!book.template_text.empty())
    if (auto good = check_template(text_name, book.template_text); !good) return good;
  return {};
}

std::vector<Delivery> plan(const Raised& raised, const Book& book, Time now, const Background& background) {
  std::vector<Delivery> deliveries;
  std::set<std::string> keys;
  Letters letters(raised, book, background);
  const Warning& warning = raised.warning;
  const std::string muted = held_back(raised, book.duty, background.silences, background.open, now);
  for (const Recipient& recipient : book.recipients) {
    const Channel* channel = channel_of(book, recipient);
    if (!channel || !is_addressee(recipient, raised, book, background, now)) continue;
    if (!keys.insert(warning_key(warning, raised.change.seq, recipient)).second) continue;
    if (!muted.empty()) {
      deliveries.push_back(muted_delivery(raised, recipient, book, muted));
      continue;
    }
    deliveries.push_back(warning_delivery(letters, recipient, *channel));
    deliveries.back().created = deliveries.back().not_before = now;
    if (warning.level.rank > book.duty.urgent_rank)
      deliveries.back().not_before = quiet_until(recipient.quiet, book.duty.calendar, now).value_or(now);
  }
  return deliveries;
}

std::string why_over(const Raised& raised) {
  const WarningEvent event = raised.change.event;
  if (event != WarningEvent::closed && event != WarningEvent::dismissed) return {};
  return fmt::format("预警{}（{}），此前的消息不再发送", chinese_name(event), one_line(raised.change.note, why_chars_max));
}

std::vector<Delivery> plan_notice(const std::string& subject, const std::string& text, const std::string& key,
                                  const Book& book, Time now) {
  std::vector<Delivery> deliveries;
  std::set<std::string> keys;
  for (const Recipient& recipient : book.recipients) {
    const Channel* channel = channel_of(book, recipient);
    if (!channel || !recipient.operator_) continue;
    const std::string own = fmt::format("{}:{}:{}", key, recipient.channel, place_of(recipient));
    if (!keys.insert(own).second) continue;
    Delivery delivery = base_delivery(recipient, own, book, now);
    delivery.stream = "operator";
    delivery.subject = "【听潮运行】" + one_line(subject, 80);
    if (wants_mail(*channel)) {
      Mail mail = base_mail(delivery, recipient, *channel, book);
      mail.text = fmt::format("{}\n\n{}\n\n时间：{}（北京时间）\n本通知只发给系统管理员，与舆情预警分开发送。\n",
                              one_line(subject, 200), quote(text, 20'000).text, china_minute(now));
      delivery.body = to_mime(mail);
    } else {
      delivery.body = plain_body({"听潮运行", "warning", key, delivery.subject, text, now}, book, *channel);
    }
    deliveries.push_back(std::move(delivery));
  }
  return deliveries;
}

Delivery plan_test(const Channel& channel, const Recipient& recipient, const Book& book, Time now) {
  const std::string key = fmt::format("test:{}:{}:{}", channel.id, place_of(recipient), to_rfc3339(now));
  Delivery delivery = base_delivery(recipient, key, book, now);
  delivery.channel = channel.id;
  if (delivery.recipient.empty()) delivery.recipient = channel.id;
  delivery.stream = "operator";
  delivery.subject = "【听潮测试】通道 " + one_line(channel.id, 40) + " 测试消息";
  const std::string text = fmt::format("这是一条测试消息，不是预警，无需处置。\n收到即表示通道“{}”可用。\n发出时间：{}（北京时间）。",
                                       one_line(channel.id, 40), china_minute(now));
  if (wants_mail(channel)) {
    Mail mail = base_mail(delivery, recipient, channel, book);
    mail.text = text + "\n";
    delivery.body = to_mime(mail);
  } else {
    delivery.body = plain_body({"听潮测试", "info", key, delivery.subject, text, now}, book, channel);
  }
  return delivery;
}

std::vector<Delivery> plan_digest(const Digest& digest, const Book& book, Time now) {
  std::vector<Delivery> deliveries;
  std::set<std::string> keys;
  // A period's report goes out once; a special one as often as it is asked for.
  std::string key = fmt::format("digest:{}:{}", digest.period, to_rfc3339(digest.from));
  if (digest.period == "special") key += fmt::format(":{}:{}", to_rfc3339(digest.to), stable_id(digest.subject));
  for (const Recipient& recipient : book.recipients) {
    const Channel* channel = channel_of(book, recipient);
    if (!channel || !recipient.digest) continue;
    const std::string own = fmt::format("{}:{}:{}", key, recipient.channel, place_of(recipient));
    if (!keys.insert(own).second) continue;
    Delivery delivery = base_delivery(recipient, own, book, now);
    delivery.subject = digest.subject;
    delivery.body = wants_mail(*channel)
                        ? to_mail(digest, {sender_of(book, *channel), addressee_of(recipient), delivery.message_id, now,
                                           recipient.unsubscribe_url})
                        : plain_body({"舆情报告", "info", key, digest.subject, digest.text, now}, book, *channel);
    deliveries.push_back(std::move(delivery));
  }
  return deliveries;
}

}  // namespace tingchao::alerting
