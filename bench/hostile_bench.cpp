// What pages made to break a reader cost: each is read in a process of its own, whose CPU time and growth of
// resident memory are printed, and the same at twice the size, which shows whether the cost grows with the
// square. Pages are at most the fetcher's page cap (8 MiB).
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>

#include "core/time.h"
#include "crawler/extract.h"

using namespace tingchao;

namespace {

std::string times(int count, const std::string& piece) {
  std::string out;
  out.reserve(piece.size() * static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) out += piece;
  return out;
}

std::string numbered(int count, const std::function<std::string(int)>& piece) {
  std::string out;
  for (int i = 0; i < count; ++i) out += piece(i);
  return out;
}

struct Case {
  const char* name;
  std::function<std::string(int)> body;  // at size 1 or 2
};

const Case cases[] = {
    {"100k nested, closed",
     [](int k) { return times(50'000 * k, "<div>") + "字。" + times(50'000 * k, "</div>"); }},
    {"100k unclosed div", [](int k) { return times(50'000 * k, "<div>字"); }},
    {"100k unclosed, mixed", [](int k) { return times(8'000 * k, "<div><p><b><i><span><li>") + "字"; }},
    {"200k attributes, one tag",
     [](int k) {
       return "<p " + numbered(100'000 * k, [](int i) { return "a" + std::to_string(i) + "=1 "; }) +
              ">字</p>";
     }},
    {"200k equal attributes", [](int k) { return "<p " + times(100'000 * k, "class=a ") + ">字</p>"; }},
    {"table of 100k cells",
     [](int k) {
       return "<table>" + times(5'000 * k, "<tr>" + times(10, "<td>2026-04-15</td>") + "</tr>") + "</table>";
     }},
    {"nested tables", [](int k) { return times(15'000 * k, "<table><tr><td>"); }},
    {"hidden jammer text",
     [](int k) {
       return "<div id=postmessage_1>" +
              times(20'000 * k, "字<font class=jammer>x8k</font><span style='display:none'>q</span>") +
              "</div>";
     }},
    {"links reopened", [](int k) { return times(8, "<div>") + times(10'000 * k, "<a href=/x><p>甲</a>"); }},
    {"formatting reopened", [](int k) { return times(20'000 * k, "<p><b><i><u><font>甲</p>"); }},
    {"end tags alone", [](int k) { return times(100'000 * k, "</div></a></p>"); }},
    {"open brackets", [](int k) { return times(1'000'000 * k, "<"); }},
    {"comments unclosed", [](int k) { return times(200'000 * k, "<!--"); }},
    {"quotes unclosed", [](int k) { return times(100'000 * k, "<p a=\""); }},
    {"character references", [](int k) { return times(50'000 * k, "&nbsp;&#x4e2d;&nothing;&"); }},
    {"dates", [](int k) { return times(15'000 * k, "<p>2026-04-15 22:40</p>"); }},
    {"comments with dates",
     [](int k) {
       return times(2'500 * k,
                    "<div class=comment><i>2026-04-15 22:40</i><p class=text>学校食堂。</p></div>");
     }},
    {"posts",
     [](int k) {
       return numbered(2'500 * k, [](int i) {
         return "<table id=pid" + std::to_string(i) + "><td id=postmessage_" + std::to_string(i) +
                ">字</td></table>";
       });
     }},
    {"links",
     [](int k) {
       return numbered(10'000 * k, [](int i) {
         return "<a href=/" + std::to_string(i) + ".html>关于某某学校的重要通知</a>";
       });
     }},
    {"containers",
     [](int k) { return times(250 * k, "<div id=zoom>") + times(5'000 * k, "<p>一段文字，很长很长。</p>"); }},
    {"deep JSON-LD",
     [](int k) { return "<script type='application/ld+json'>" + times(50'000 * k, "[") + "</script>字"; }},
    {"script literals",
     [](int k) { return "<script>" + times(2'000 * k, "a=\"" + times(60, "学校，") + "\";") + "</script>"; }},
    {"literals of markup",
     [](int k) {
       return "<script>" + times(2'000 * k, "a='\\u003cp\\u003e" + times(60, "学校，") + "';") + "</script>";
     }},
    {"labels of forms",
     [](int k) { return times(10'000 * k, "<p>来信内容：食堂</p><p>答复内容：</p>") + "字"; }},
    {"posts without records",
     [](int k) {
       return "<body>" +
              numbered(250 * k, [](int i) { return "<p id=postmessage_" + std::to_string(i) + ">字</p>"; }) +
              times(10'000 * k, "<p>编辑</p>");
     }},
    {"empty containers",
     [](int k) { return times(250 * k, "<div id=zoom>") + times(10'000 * k, "<p>。</p>"); }},
    {"one line", [](int k) { return "<p>" + times(300'000 * k, "学校，"); }},
    {"numbers", [](int k) { return "<p>" + times(300'000 * k, "12-"); }},
};

struct Cost {
  double milliseconds = 0;
  double megabytes = 0;
};

Cost cost_of(const std::string& body, SourceKind kind) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    Page page;
    page.url = page.requested_url = "http://bbs.example.com/thread-1-1-1.html";
    page.body = body;
    page.fetched_at = *parse_time("2026-04-15T12:00:00+08:00");
    Source source;
    source.id = "hostile";
    source.kind = kind;
    {
      Page small = page;  // tables and phrase books, which every page shares
      small.body = "<p>字</p>";
      static_cast<void>(crawler::extract(small, source, crawler::Role::content, "s"));
    }
    rusage before{}, after{};
    getrusage(RUSAGE_SELF, &before);
    static_cast<void>(crawler::extract(page, source, crawler::Role::content, "s"));
    getrusage(RUSAGE_SELF, &after);
    const auto seconds = [](const rusage& r) {
      return double(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
             double(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
    };
    const Cost cost{(seconds(after) - seconds(before)) * 1e3,
                    double(after.ru_maxrss - before.ru_maxrss) / 1024};
    const bool written = write(ends[1], &cost, sizeof cost) == ssize_t(sizeof cost);
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  Cost cost;
  const bool got = read(ends[0], &cost, sizeof cost) == ssize_t(sizeof cost);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!got) std::printf("  died\n");
  return cost;
}

}  // namespace

int main() {
  std::printf("%-26s %8s %9s %9s %7s %9s\n", "page", "MB", "CPU ms", "RSS +MB", "ratio", "board ms");
  for (const Case& c : cases) {
    const std::string half = c.body(1), whole = c.body(2);
    const Cost one = cost_of(half, SourceKind::list), two = cost_of(whole, SourceKind::list);
    const Cost board = cost_of(whole, SourceKind::board);
    std::printf("%-26s %8.2f %9.1f %9.1f %7.2f %9.1f\n", c.name, double(whole.size()) / 1e6, two.milliseconds,
                two.megabytes, two.milliseconds / std::max(one.milliseconds, 0.5), board.milliseconds);
  }
}
