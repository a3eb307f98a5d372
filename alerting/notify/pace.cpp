// A token bucket lets through twice its size within one window (full, then refilled), so calls are
// counted in the very windows that the providers publish, a second longer because times are whole seconds.
#include "alerting/notify/pace.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "alerting/notify/robots.h"
#include "alerting/render.h"
#include "alerting/wording.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t title_chars_max = 60;
constexpr std::size_t pages_max =
    24;  // of a storm; with five calls kept back they are out within two minutes

// Bytes of lines that fit one summary beside its head.
std::size_t page_bytes_max(Channel::Kind kind) { return kind == Channel::Kind::wecom ? 3200 : 12'000; }

std::string summary_title(std::size_t count, std::size_t part, std::size_t parts) {
  return fmt::format("【预警汇总】{} 条预警集中到来{}", count,
                     parts > 1 ? fmt::format("（{}/{}）", part, parts) : "");
}

std::string counts_by_level(const std::vector<Delivery>& waiting) {
  std::map<int, int> counts;
  for (const Delivery& each : waiting) ++counts[each.level_rank];
  constexpr std::array<const char*, 4> codes{"Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级"};
  std::string text;
  for (const auto& [rank, count] : counts) {
    const std::string code =
        rank >= 1 && rank <= 4 ? codes[static_cast<std::size_t>(rank - 1)] : fmt::format("{} 级", rank);
    text += fmt::format("{}{} {} 条", text.empty() ? "" : "，", code, count);
  }
  return text;
}

std::vector<std::string> pages_of(const std::vector<Delivery>& waiting, const Book& book,
                                  Channel::Kind kind) {
  std::vector<std::string> pages(1);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const std::string subject = plain_in_markdown(one_line(waiting[i].subject, title_chars_max));
    const std::string link = warning_link(book.base_url, waiting[i].warning);
    const std::string line =
        link.empty() ? "- " + subject + "\n" : fmt::format("- [{}]({})\n", subject, link);
    if (pages.back().size() + line.size() > page_bytes_max(kind)) {
      if (pages.size() == pages_max) {
        pages.back() += fmt::format("- 另有 {} 条，用 tingchao warnings list 查看\n", waiting.size() - i);
        break;
      }
      pages.emplace_back();
    }
    pages.back() += line;
  }
  return pages;
}

}  // namespace

Pace pace_of(Channel::Kind kind) {
  constexpr Seconds minute{61};
  switch (kind) {
    case Channel::Kind::dingtalk:
    case Channel::Kind::wecom:
      return {{{minute, 18}}, 5, 10};
    case Channel::Kind::feishu:
      return {{{Seconds{2}, 4}, {minute, 90}}, 5, 10};
    default:
      return {};
  }
}

Seconds longest_span(const Pace& pace) {
  Seconds longest{0};
  for (const Window& window : pace.windows) longest = std::max(longest, window.span);
  return longest;
}

Room room_now(const Pace& pace, const std::vector<Time>& calls, Time now) {
  constexpr int unlimited = 1000;
  Room room{unlimited, unlimited};
  const Seconds longest = longest_span(pace);
  for (const Window& window : pace.windows) {
    const auto made = std::count_if(calls.begin(), calls.end(), [&](Time at) {
      return at > now - window.span && at < now + window.span;
    });
    const int left = std::max(0, window.calls - static_cast<int>(made));
    room.grave = std::min(room.grave, left);
    const int kept = window.span == longest ? pace.kept_for_grave : 0;
    room.any = std::min(room.any, std::max(0, left - kept));
  }
  return room;
}

std::vector<Delivery> merge(const std::vector<Delivery>& waiting, const Channel& channel,
                            const Recipient& recipient, const Book& book, Time now) {
  std::vector<Delivery> sorted = waiting;
  std::sort(sorted.begin(), sorted.end(), [](const Delivery& a, const Delivery& b) {
    return a.level_rank != b.level_rank ? a.level_rank < b.level_rank : a.id < b.id;
  });
  const auto pages = pages_of(sorted, book, channel.kind);
  std::vector<Delivery> summaries;
  for (std::size_t page = 0; page < pages.size(); ++page) {
    RobotMessage message;
    message.title = summary_title(sorted.size(), page + 1, pages.size());
    message.link = book.base_url;
    message.markdown = fmt::format("**{}**\n{}\n\n{}", message.title, counts_by_level(sorted), pages[page]);
    Delivery summary;
    summary.key = fmt::format("merge:{}:{}:{}:{}", channel.id, sorted.front().key, sorted.size(), page + 1);
    summary.channel = channel.id;
    summary.recipient = recipient.address.empty() ? channel.id : recipient.address;
    summary.level_rank = sorted.front().level_rank;
    summary.subject = message.title;
    summary.body = robot_body(channel.kind, message);
    summary.created = summary.not_before = now;
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

}  // namespace tingchao::alerting
