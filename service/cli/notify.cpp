// Channels as their keeper sees them: what each is, what it was last used for, what a message on it looks
// like, and whether it works. Only `test` sends anything.
#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "alerting/notify.h"
#include "alerting/notify/pace.h"
#include "alerting/notify/templates.h"
#include "core/json.h"
#include "net/http_client.h"
#include "net/supervise.h"
#include "service/cli/setup.h"
#include "service/outbox.h"

namespace tingchao::service {
namespace {

using Kind = alerting::Channel::Kind;

const char* kind_word(Kind kind) {
  switch (kind) {
    case Kind::mail:
      return "邮件";
    case Kind::webhook:
      return "网络回调";
    case Kind::spool:
      return "目录";
    case Kind::dingtalk:
      return "钉钉";
    case Kind::wecom:
      return "企业微信";
    case Kind::feishu:
      return "飞书";
    case Kind::syslog:
      return "系统日志";
  }
  return "";
}

std::string limit_text(const alerting::Channel& channel) {
  std::string text;
  for (const alerting::Window& window : alerting::pace_of(channel.kind).windows)
    text += (text.empty() ? "" : "、") + std::to_string(window.span.count()) + " 秒内至多 " +
            std::to_string(window.calls) + " 次";
  return text;
}

// Whoever is configured for the channel; a robot, a webhook or a directory stands for itself.
alerting::Recipient someone_on(const Config& config, const alerting::Channel& channel) {
  for (const alerting::Recipient& each : config.book.recipients)
    if (each.channel == channel.id) return each;
  alerting::Recipient recipient;
  recipient.channel = channel.id;
  return recipient;
}

const alerting::Channel* chosen(const alerting::Book& book, const NotifyOptions& options,
                                const Console& console) {
  const alerting::Channel* channel = alerting::find_channel(book, options.channel);
  if (!channel)
    console.error(Error{Errc::bad_argument, "no channel '" + options.channel + "'",
                        "`tingchao notify list` shows them"});
  return channel;
}

// The warning by its id, else the newest one, as it stands after its last change; without any a made-up one.
Result<std::optional<alerting::Raised>> raised_for(const Config& config, const std::string& id) {
  const Time now = config.clock.now();
  const std::optional<alerting::Raised> sample = alerting::sample_raised(now);
  auto store = open_store(config, true);
  if (!store && id.empty()) return sample;
  if (!store) return store.error();
  auto all = (*store)->warnings(Time{}, now + std::chrono::hours{24}, false);
  if (!all) return all.error();
  const Warning* chosen = nullptr;
  for (const Warning& each : *all)
    if (id.empty() ? !chosen || each.raised_at > chosen->raised_at : each.id == id) chosen = &each;
  if (!chosen) return id.empty() ? sample : std::optional<alerting::Raised>{};
  auto history = (*store)->history(chosen->id);
  if (!history) return history.error();
  // A comment and a step of the chain have no message to everybody: what was last told before them is shown.
  const auto told = std::find_if(history->rbegin(), history->rend(), [](const WarningChange& each) {
    return each.event != WarningEvent::commented && each.event != WarningEvent::escalated;
  });
  if (told == history->rend()) return sample;
  alerting::Raised raised{*chosen, *told};
  raised.change.level = raised.warning.level;
  return std::optional{std::move(raised)};
}

void show(const Delivery& delivery, const alerting::Channel& channel, const Console& console) {
  const alerting::Readable seen = alerting::readable(delivery, channel);
  if (console.json()) {
    console.line(to_line({{"channel", channel.id},
                          {"subject", delivery.subject},
                          {"text", seen.text},
                          {"html", seen.html},
                          {"body", delivery.body},
                          {"bytes", delivery.body.size()}}));
    return;
  }
  console.line(console.paint(delivery.subject, Colour::bold));
  console.line("");
  console.line(seen.text);
  std::string foot =
      channel.id + "（" + kind_word(channel.kind) + "）共 " + std::to_string(delivery.body.size()) + " 字节";
  if (!seen.html.empty())
    foot += "，另有 HTML 部分 " + std::to_string(seen.html.size()) + " 字节；加 --json 可取出";
  console.line(console.paint(foot, Colour::dim));
}

net::awaitable<void> send_one(alerting::Sender& sender, Delivery delivery, alerting::Attempt& attempt,
                              boost::asio::io_context& io) {
  attempt = co_await sender.send(std::move(delivery));
  io.stop();
}

}  // namespace

int run_notify_list(const NotifyOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  std::vector<store::Store::ChannelState> states(config->book.channels.size());
  if (auto store = open_store(*config, true))
    if (auto known = channels_of(**store, config->book, config->clock.now())) states = std::move(*known);
  for (std::size_t at = 0; at < states.size(); ++at) {
    const alerting::Channel& channel = config->book.channels[at];
    const auto& state = states[at];
    if (console.json()) {
      console.line(to_line({{"channel", channel.id},
                            {"kind", kind_word(channel.kind)},
                            {"last_sent", state.last_sent ? to_rfc3339(*state.last_sent) : ""},
                            {"waiting", state.waiting},
                            {"dead_7d", state.dead}}));
      continue;
    }
    console.line(
        console.paint(pad(channel.id, 16), Colour::bold) + pad(kind_word(channel.kind), 10) +
        (state.last_sent ? "最近成功投递 " + china_minute(*state.last_sent) : "尚无成功投递") + "　待发 " +
        std::to_string(state.waiting) +
        (state.dead > 0 ? console.paint("　七日内未送达 " + std::to_string(state.dead), Colour::red) : ""));
    if (const std::string limit = limit_text(channel); !limit.empty())
      console.line(console.paint("                限速：" + limit + "；留 5 次给Ⅰ、Ⅱ级", Colour::dim));
  }
  return config->book.channels.empty() ? nothing : done;
}

int run_notify_preview(const NotifyOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  alerting::Book book = book_of(*config);
  const alerting::Channel* channel = chosen(book, options, console);
  if (!channel) return usage;
  if (auto templates = alerting::check_templates(book); !templates) console.error(templates.error());
  const auto raised = raised_for(*config, options.warning);
  if (!raised) return console.error(raised.error());
  if (!*raised) {
    console.note("tingchao: no warning " + options.warning + " (`tingchao warnings list --all` shows ids)");
    return nothing;
  }
  alerting::Recipient recipient = someone_on(*config, *channel);
  recipient.level_rank_max = 9;
  recipient.topics.clear();
  recipient.opinion = true;
  recipient.on_duty.clear();
  book.recipients = {recipient};
  const auto deliveries = alerting::plan(**raised, book, (*raised)->change.at);
  for (const Delivery& delivery : deliveries) show(delivery, *channel, console);
  return deliveries.empty() ? nothing : done;
}

int run_notify_test(const NotifyOptions& options, const Console& console) {
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  const alerting::Book book = book_of(*config);
  const alerting::Channel* channel = chosen(book, options, console);
  if (!channel) return usage;
  const alerting::Recipient recipient = someone_on(*config, *channel);
  if (channel->kind == Kind::mail && recipient.address.empty()) {
    console.note("tingchao: nobody is to get mail over " + channel->id +
                 " (add a recipient with an address)");
    return usage;
  }
  auto policy = net::AddressPolicy::allowing(config->allow_networks);
  if (!policy) return console.error(policy.error());
  boost::asio::io_context io(1);
  net::HttpClient::Options client_options;
  client_options.policy = std::move(*policy);
  net::HttpClient client(io, std::move(client_options));
  alerting::Sender sender(client, book);
  alerting::Attempt attempt{Error{Errc::io, channel->id + ": no answer", ""}, {}};
  const Time now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
  net::supervise(io, send_one(sender, alerting::plan_test(*channel, recipient, book, now), attempt, io));
  io.run();
  if (!attempt.said) return console.error(attempt.said.error());
  console.line(console.json() ? to_line({{"channel", channel->id}, {"answer", *attempt.said}})
                              : console.paint("✓ ", Colour::green) + channel->id + "（" +
                                    kind_word(channel->kind) + "）已接收：" + *attempt.said);
  return done;
}

}  // namespace tingchao::service
