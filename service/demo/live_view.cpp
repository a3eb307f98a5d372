// Everything shown is asked of the store at each drawing; the alternate screen is used so that the
// terminal is left as it was.
#include "service/demo/live_view.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <sys/ioctl.h>
#include <unistd.h>

#include "service/cli/setup.h"
#include "service/files.h"

namespace tingchao::service {
namespace {

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
}
std::size_t terminal_height() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 10 ? size.ws_row : 40;
}

std::size_t mail_count(const std::string& directory) {
  const auto mails = files_under(directory + "/mails", ".eml");
  return mails ? mails->size() : 0;
}

}  // namespace

LiveView::LiveView(const Console& console, std::string directory, std::string config, int port)
    : console_(console), directory_(std::move(directory)), config_(std::move(config)), port_(port) {}
LiveView::~LiveView() { close(); }

void LiveView::close() {
  if (!drawn_) return;
  std::fputs("\x1b[?25h\x1b[?1049l", stdout);
  std::fflush(stdout);
  drawn_ = false;
}

store::Store* LiveView::store() {
  std::error_code ignored;
  const std::string path = directory_ + "/tingchao.db";
  if (!store_ && std::filesystem::exists(path, ignored))
    if (auto opened = store::open(path, true)) store_ = std::move(*opened);
  return store_.get();
}

void LiveView::tell_news(Time now) {
  store::Store* memory = store();
  if (!memory) return;
  const auto warnings = memory->warnings(Time{}, now + std::chrono::hours{24}, false);
  if (!warnings) return;
  for (const Warning& warning : *warnings) {
    const auto history = memory->history(warning.id);
    if (!history) return;
    for (const WarningChange& change : *history) {
      if (!told_.insert(change.warning + ":" + std::to_string(change.seq)).second) continue;
      console_.line(china_clock(change.at) + "  " + change_words(console_, change, warning.title));
    }
  }
  std::fflush(stdout);
}

void LiveView::draw(Time now) {
  store::Store* memory = store();
  const std::size_t width = terminal_width(), height = terminal_height();
  std::vector<std::string> lines;
  const auto add = [&](const std::string& text, Colour colour = Colour::plain) {
    lines.push_back(console_.paint(clip(text, width - 1), colour));
  };
  add("听潮 Tingchao  青禾区教育和体育局（演示，一切均为虚构）    " + china_minute(now), Colour::bold);
  add("状态页 http://127.0.0.1:" + std::to_string(port_) + "/    Ctrl-C 结束", Colour::dim);
  add("");
  if (memory) {
    add("信源", Colour::bold);
    if (const auto health = memory->health())
      for (const SourceHealth& source : *health)
        add("  " + pad(source.source, 12) + pad(source.last_error.empty() ? "正常" : source.last_error, 8) +
            "  文档 " + pad(std::to_string(source.documents_total), 4) + "  下次 " +
            china_clock(source.next_due));
    add("");
    add("预警", Colour::bold);
    if (const auto warnings = memory->warnings(Time{}, now + std::chrono::hours{24}, true)) {
      if (warnings->empty()) add("  暂无", Colour::dim);
      for (const Warning& warning : *warnings) {
        add("  " + warning.level.code + "级" + warning.level.colour + "  " + warning.title + "  得分 " +
                std::to_string(warning.score).substr(0, 4),
            level_colour(warning.level.rank));
        for (std::size_t i = 0; i < std::min<std::size_t>(4, warning.reasons.size()); ++i)
          add("      " + warning.reasons[i].name + "：" + warning.reasons[i].observed);
        for (const Clock& clock : warning.clocks)
          add("      " + clock.name + "：截止 " + china_clock(clock.due) +
                  (clock.due > now ? "，剩余 " + to_chinese(clock.due - now) : "，已超时"),
              clock.due > now ? Colour::dim : Colour::red);
      }
    }
    add("");
    add("热点", Colour::bold);
    if (const auto stories = memory->stories(now - std::chrono::hours{24}, now + std::chrono::hours{1}, 5))
      for (const Story& story : *stories)
        add("  " +
            pad(std::to_string(story.documents) + " 篇 " + std::to_string(story.origins_total) + " 源", 14) +
            story.title);
    add("");
    add("最新文档", Colour::bold);
    store::SearchQuery ask;
    ask.limit = 6;
    if (const auto documents = memory->search(ask))
      for (const auto& each : *documents) {
        const std::string& text = each.document.body.empty() ? each.document.title : each.document.body;
        add("  " + china_clock(effective_time(each.document)) + "  " + pad(each.document.source, 10) +
                text.substr(0, text.find('\n')),
            Colour::dim);
      }
  } else {
    add("守护进程正在启动……", Colour::dim);
  }
  add("");
  add("邮件 " + std::to_string(mail_count(directory_)) + " 封：" + directory_ + "/mails/");
  std::string frame = drawn_ ? "" : "\x1b[?1049h\x1b[?25l";
  drawn_ = true;
  frame += "\x1b[H";
  for (std::size_t i = 0; i < std::min(lines.size(), height - 1); ++i) frame += lines[i] + "\x1b[K\n";
  frame += "\x1b[J";
  std::fwrite(frame.data(), 1, frame.size(), stdout);
  std::fflush(stdout);
}

}  // namespace tingchao::service
