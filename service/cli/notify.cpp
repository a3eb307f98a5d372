// Channels as their keeper sees them: what each is, what it was last used for, what a message on it looks
// like, and whether it works. Only `test` sends anything.
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "alerting/notify.h"
#include "alerting/notify/pace.h"
#include "core/json.h"
#include "net/http_client.h"
#include "net/supervise.h"
#include "service/cli/setup.h"

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

Result<std::optional<Warning>> warning_for(store::Store& store, const std::string& id, Time now) {
  if (!id.empty()) return store.warning(id);
  auto all = store.warnings(Time{}, now + std::chrono::hours{24}, false);
  if (!all) return all.error();
  const auto newest = std::max_element(
      all->begin(), all->end(), [](const Warning& a, const Warning& b) { return a.raised_at < b.raised_at; });
  if (newest == all->end()) return std::optional<Warning>{};
  return std::optional<Warning>{*newest};
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
  std::vector<store::Store::ChannelState> states;
  if (auto store = open_store(*config, true))
    if (auto known = (*store)->channel_states(config->clock.now())) states = std::move(*known);
  for (const alerting::Channel& channel : config->book.channels) {
    const auto state =
        std::find_if(states.begin(), states.end(), [&](const auto& s) { return s.channel == channel.id; });
    const bool known = state != states.end();
    const std::string last = known && state->last_sent ? china_minute(*state->last_sent) : "";
    if (console.json()) {
      console.line(to_line({{"channel", channel.id},
                            {"kind", kind_word(channel.kind)},
                            {"last_sent", known && state->last_sent ? to_rfc3339(*state->last_sent) : ""},
                            {"waiting", known ? state->waiting : 0},
                            {"dead_7d", known ? state->dead : 0}}));
      continue;
    }
    console.line(console.paint(pad(channel.id, 16), Colour::bold) + pad(kind_word(channel.kind), 10) +
                 (last.empty() ? "尚无成功投递" : "最近成功投递 " + last) + "　待发 " +
                 std::to_string(known ? state->waiting : 0) +
                 (known && state->dead > 0
                      ? console.paint("　七日内未送达 " + std::to_string(state->dead), Colour::red)
                      : ""));
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
  auto store = open_store(*config, true);
  if (!store) return console.error(store.error());
  const auto warning = warning_for(**store, options.warning, config->clock.now());
  if (!warning) return console.error(warning.error());
  if (!*warning) {
    console.note("tingchao: no warning to show (`tingchao warnings list --all` shows ids)");
    return nothing;
  }
  auto history = (*store)->history((*warning)->id);
  if (!history) return console.error(history.error());
  if (history->empty()) return nothing;
  alerting::Recipient recipient = someone_on(*config, *channel);
  recipient.level_rank_max = 9;
  recipient.topics.clear();
  recipient.opinion = true;
  book.recipients = {recipient};
  alerting::Raised raised{**warning, history->back()};
  raised.change.level = raised.warning.level;
  const auto deliveries = alerting::plan(raised, book, raised.change.at);
  for (const Delivery& delivery : deliveries) console.line(delivery.body);
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
