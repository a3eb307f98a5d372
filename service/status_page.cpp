// Hand-made HTML: a handful of tables needs no framework. Every value from outside is escaped.
#include "service/status_page.h"

#include <algorithm>

#include "core/markup.h"
#include "service/heartbeat.h"
#include "service/host_words.h"
#include "service/outbox.h"
#include "service/resources.h"

namespace tingchao::service {
namespace {

std::string link(const std::string& url, const std::string& text) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) return escape_markup(text);
  return "<a rel=\"noreferrer\" href=\"" + escape_markup(url) + "\">" + escape_markup(text) + "</a>";
}

std::string warning_card(const Warning& warning, Time now) {
  std::string html = "<section class=\"card r" + std::to_string(std::clamp(warning.level.rank, 1, 4)) + "\">";
  html += "<div><span class=\"tag\">" + std::string(warning.needs_confirmation ? "拟" : "") +
          escape_markup(warning.level.code) + "级 " + escape_markup(warning.level.colour) + "</span>　" +
          escape_markup(warning.title) + "</div>";
  html += "<div class=\"dim\">" + std::string(chinese_name(warning.state)) + "　发出 " +
          china_minute(warning.raised_at) + "　编号 " + escape_markup(warning.id) + "</div>";
  for (const Clock& clock : warning.clocks) {
    const bool late = !clock.met_at && clock.due < now;
    html += "<div class=\"dim\">" + escape_markup(clock.name) + "：" +
            (clock.met_at ? "已于 " + china_minute(*clock.met_at) + " 完成"
             : late       ? "<span class=\"bad\">已超时 " + to_chinese(now - clock.due) + "</span>"
                          : "截止 " + china_minute(clock.due) + "，剩余 " + to_chinese(clock.due - now)) +
            "　" + escape_markup(clock.clause) + "</div>";
  }
  for (const Reason& reason : warning.reasons)
    html += "<div>· " + escape_markup(reason.name) + "：" + escape_markup(reason.observed) + "</div>";
  std::size_t quotes = 0;
  for (const Evidence& evidence : warning.evidence) {
    if (++quotes > 3) break;
    html += "<blockquote>" + escape_markup(evidence.sentence) + "<div class=\"dim\">" +
            escape_markup(evidence.source_name) + "　" +
            (evidence.published_at ? china_minute(*evidence.published_at) : "时间未知") + "　" +
            link(evidence.url, "原文") + "</div></blockquote>";
  }
  return html + "</section>";
}

std::string stories_table(const std::vector<Story>& stories, Time now) {
  std::string html =
      "<div "
      "class=\"scroll\"><table><tr><th>热度</th><th>事件</th><th>文档</th><th>独立首发</th><th>最近</th></"
      "tr>";
  for (const Story& story : stories) {
    char heat[16];
    std::snprintf(heat, sizeof heat, "%.1f", heat_at(story, now));
    html += "<tr><td>" + std::string(heat) + "</td><td>" + escape_markup(story.title) + "</td><td>" +
            std::to_string(story.documents) + "</td><td>" + std::to_string(story.origins_total) +
            "</td><td>" + china_minute(story.newest) + "</td></tr>";
  }
  return html + "</table></div>";
}

std::string sources_table(const std::vector<SourceHealth>& sources, const Config& config) {
  std::string html =
      "<div class=\"scroll\"><table><tr><th>信源</th><th>最近成功</th><th>24 "
      "小时文档</th><th>下次</th><th>状况</th></tr>";
  for (const SourceHealth& health : sources) {
    const auto known = std::find_if(config.sources.begin(), config.sources.end(),
                                    [&](const Source& s) { return s.id == health.source; });
    html +=
        "<tr><td>" + escape_markup(known == config.sources.end() ? health.source : known->name) +
        "</td><td>" + (health.last_success ? china_minute(*health.last_success) : "从未") + "</td><td>" +
        std::to_string(health.documents_24h) + "</td><td>" + china_minute(health.next_due) + "</td><td>" +
        (health.last_error.empty() ? "正常"
                                   : "<span class=\"bad\">" + escape_markup(health.last_error) + "</span>") +
        "</td></tr>";
  }
  return html + "</table></div>";
}

// Only those that wait for something longer than their delay: the rest is of no interest.
std::string hosts_table(const std::vector<HostMemory>& hosts, Time now) {
  std::string rows;
  for (const HostMemory& host : hosts) {
    const bool rests = host.rests_until && *host.rests_until > now;
    if (!rests && host.times_silent == 0 && !host.robots.starts_with("unreachable")) continue;
    rows += "<tr><td>" + escape_markup(host.host) + "</td><td>" + china_minute(host.last_request) + "</td><td>" +
            delay_in_words(host.delay) + "</td><td>" + std::to_string(host.links_waiting) +
            "</td><td class=\"bad\">" + escape_markup(waits_in_words(host, now)) + "</td></tr>";
  }
  if (rows.empty()) return "<p class=\"dim\">没有主机在休息或无应答。全部主机见命令 tingchao crawl --hosts。</p>";
  return "<div class=\"scroll\"><table><tr><th>主机</th><th>上次请求</th><th>间隔</th><th>待读链接</th><th>状况</th></tr>" +
         rows + "</table></div>";
}

std::string channels_table(store::Store& store, const Config& config, Time now) {
  const auto states = channels_of(store, config.book, now);
  if (!states) return "<p class=\"dim\">" + escape_markup(describe(states.error())) + "</p>";
  std::string html = "<table><tr><th>通道</th><th>最近成功投递</th><th>待发</th><th>七日内未送达</th></tr>";
  for (const auto& state : *states)
    html += "<tr><td>" + escape_markup(state.channel) + "</td><td>" +
            (state.last_sent ? china_minute(*state.last_sent) : "尚无") + "</td><td>" + std::to_string(state.waiting) +
            "</td><td>" + std::to_string(state.dead) + "</td></tr>";
  html += "</table>";
  if (const auto beat = store.note(heartbeat_note); beat && !beat->empty())
    html += "<p class=\"dim\">最近一次外部心跳：" + escape_markup(*beat) + "</p>";
  return html;
}

}  // namespace

Result<std::string> status_page(store::Store& store, const Config& config) {
  const Time now = config.clock.now();
  const auto warnings = store.warnings(Time{}, now + std::chrono::hours{1}, true);
  if (!warnings) return warnings.error();
  const auto stories = store.stories(now - std::chrono::hours{24}, now + std::chrono::hours{1}, 15);
  if (!stories) return stories.error();
  const auto health = store.health();
  if (!health) return health.error();
  const auto hosts = store.hosts(500, true);
  if (!hosts) return hosts.error();
  const auto waiting = store.deliveries(DeliveryState::waiting, 1000);
  const auto dead = store.deliveries(DeliveryState::dead, 1000);
  if (!waiting) return waiting.error();
  if (!dead) return dead.error();

  std::string html =
      "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"refresh\" "
      "content=\"30\"><title>听潮 · " +
      escape_markup(config.bureau) + "</title><style>" +
      std::string(resource("web/status.css").value_or("")) + "</style></head><body><h1>听潮　" +
      escape_markup(config.bureau) + "</h1><div class=\"dim\">" + china_minute(now) +
      "　每 30 秒自动刷新　待发消息 " + std::to_string(waiting->size()) + "　未能送达 " +
      std::to_string(dead->size()) + "</div>";
  html += "<h2>未办结预警</h2>";
  if (warnings->empty()) html += "<p class=\"dim\">当前没有未办结的预警。没有预警不等于没有舆情。</p>";
  for (const Warning& warning : *warnings) html += warning_card(warning, now);
  html += "<h2>24 小时热点</h2>" + stories_table(*stories, now);
  html += "<h2>信源运行情况</h2>" + sources_table(*health, config);
  html += "<h2>通道</h2>" + channels_table(store, config, now);
  html += "<h2>主机</h2>" + hosts_table(*hosts, now);
  const auto knowledge = store.note("knowledge");
  if (knowledge && !knowledge->empty())
    html += "<p class=\"dim\">现行规则、词表与制度：" + escape_markup(*knowledge) + "</p>";
  return html +
         "<p class=\"dim\">处理预警请用命令行：tingchao warnings ack|assign|respond|close 编号 --by "
         "姓名</p></body></html>";
}

}  // namespace tingchao::service
