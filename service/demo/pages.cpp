// Each host has the looks of its kind: the paper has navigation, related links and a feed; the forum is
// a board in GBK with ten threads and five posts a page; the bureau marks its pages with the meta tags of
// government sites.
#include "service/demo/pages.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include <iconv.h>

#include "core/markup.h"
#include "core/utf8.h"

namespace tingchao::service {
namespace {

using Place = TownEvent::Place;
constexpr std::size_t posts_a_page = 5, threads_a_page = 4;

std::string to_gbk(std::string text) {
  const iconv_t converter = ::iconv_open("GB18030", "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1)) return text;
  std::string out(text.size() * 2 + 16, '\0');
  char *in = text.data(), *to = out.data();
  std::size_t in_left = text.size(), out_left = out.size();
  ::iconv(converter, &in, &in_left, &to, &out_left);
  ::iconv_close(converter);
  out.resize(out.size() - out_left);
  return out;
}

std::vector<const TownEvent*> published(const Scenario& scenario, Place place, Time now) {
  std::vector<const TownEvent*> events;
  for (const TownEvent& event : scenario.events)
    if (event.place == place && event.at <= now) events.push_back(&event);
  return events;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find("。", at);
    end = end == std::string_view::npos ? text.size() : end + std::string_view("。").size();
    out += "<p>" + escape_markup(text.substr(at, end - at)) + "</p>\n";
    at = end;
  }
  return out;
}

std::optional<std::size_t> number_in(std::string_view path, std::string_view before, std::string_view after) {
  if (!path.starts_with(before) || !path.ends_with(after) || path.size() <= before.size() + after.size())
    return std::nullopt;
  const std::string digits(path.substr(before.size(), path.size() - before.size() - after.size()));
  if (digits.size() > 6 ||
      !std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isdigit(c); }))
    return std::nullopt;
  return std::stoul(digits);
}

// — the paper

constexpr const char* paper_nav =
    "<div class=\"nav\"><a href=\"/\">首页</a> <a href=\"/edu/\">教育</a> <a "
    "href=\"/about.html\">关于我们</a></div>";

std::string paper_page(const std::string& title, const std::string& main) {
  return "<!doctype html><html><head><meta charset=\"utf-8\"><title>" + escape_markup(title) +
         "_云溪晚报</title></head><body>" + paper_nav + main +
         "<div class=\"footer\">版权声明：云溪晚报 版权所有 未经许可不得转载 联系电话 "
         "0571-00000000</div></body></html>";
}

TownPage paper_article(const TownEvent& event) {
  const std::string main =
      "<div class=\"article\"><h1>" + escape_markup(event.title) + "</h1><div class=\"info\">" +
      china_minute(event.at) + " 来源：云溪晚报</div><div class=\"content\">" + paragraphs(event.text) +
      "</div></div><div class=\"related\"><h3>相关阅读</h3><ul><li><a href=\"/news/1.html\">" +
      "青禾区今春新增绿道</a></li><li><a href=\"/edu/\">更多教育新闻</a></li></ul></div>";
  return {"text/html; charset=utf-8", paper_page(event.title, main)};
}

TownPage paper_feed(const std::vector<const TownEvent*>& events) {
  std::string items;
  for (std::size_t i = events.size(); i-- > 0;) {
    const TownEvent& event = *events[i];
    items += "<item><title>" + escape_markup(event.title) + "</title><link>/news/" + std::to_string(i + 1) +
             ".html</link><guid isPermaLink=\"false\">news-" + std::to_string(i + 1) + "</guid><pubDate>" +
             to_rfc3339(event.at) + "</pubDate><description>" + escape_markup(cut_chars(event.text, 40)) +
             "</description></item>\n";
  }
  return {"application/rss+xml; charset=utf-8",
          "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss "
          "version=\"2.0\"><channel><title>云溪晚报</title><link>/</link>"
          "<description>云溪市新闻</description>\n" +
              items + "</channel></rss>\n"};
}

TownPage list_page(const std::string& title, const std::string& folder,
                   const std::vector<const TownEvent*>& events) {
  std::string items;
  for (std::size_t i = events.size(); i-- > 0;)
    items += "<li><a href=\"" + folder + std::to_string(i + 1) + ".html\">" +
             escape_markup(events[i]->title) + "</a><span>" + china_minute(events[i]->at) + "</span></li>\n";
  return {"text/html; charset=utf-8",
          paper_page(title, "<div class=\"list\"><ul class=\"news-list\">\n" + items + "</ul></div>")};
}

std::optional<TownPage> paper(const Scenario& scenario, const std::string& path, Time now) {
  const auto news = published(scenario, Place::news, now), edu = published(scenario, Place::edu, now);
  if (path == "/feed.xml") return paper_feed(news);
  if (path == "/" || path == "/news/") return list_page("新闻", "/news/", news);
  if (path == "/edu/") return list_page("教育", "/edu/", edu);
  if (const auto n = number_in(path, "/news/", ".html"); n && *n >= 1 && *n <= news.size())
    return paper_article(*news[*n - 1]);
  if (const auto n = number_in(path, "/edu/", ".html"); n && *n >= 1 && *n <= edu.size())
    return paper_article(*edu[*n - 1]);
  return std::nullopt;
}

// — the forum

struct Thread {
  std::size_t number = 0;
  std::string title;
  std::vector<const TownEvent*> posts;
};

std::vector<Thread> threads(const Scenario& scenario, Time now) {
  std::map<std::string, std::size_t> index;
  std::vector<Thread> all;
  for (const TownEvent* event : published(scenario, Place::forum, now)) {
    const auto [known, fresh] = index.emplace(event->thread, all.size());
    if (fresh) all.push_back({all.size() + 1, event->title, {}});
    all[known->second].posts.push_back(event);
  }
  return all;
}

std::string thread_url(std::size_t number, std::size_t page) {
  return "/thread-" + std::to_string(number) + "-" + std::to_string(page) + "-1.html";
}

std::string forum_page(const std::string& title, const std::string& main) {
  return to_gbk(
      "<!DOCTYPE html><html><head><meta http-equiv=\"Content-Type\" content=\"text/html; "
      "charset=gbk\"><title>" +
      escape_markup(title) +
      " - 教育版 - 云溪论坛 - Powered by Discuz!</title></head><body id=\"nv_forum\"><div id=\"hd\"><a "
      "href=\"/\">云溪论坛</a></div>" +
      main + "<div id=\"ft\">Powered by Discuz! X3.4</div></body></html>");
}

TownPage board_page(std::vector<Thread> all, std::size_t page) {
  std::stable_sort(all.begin(), all.end(),
                   [](const Thread& a, const Thread& b) { return a.posts.back()->at > b.posts.back()->at; });
  const std::size_t pages = std::max<std::size_t>(1, (all.size() + threads_a_page - 1) / threads_a_page);
  std::string rows;
  for (std::size_t i = (page - 1) * threads_a_page; i < std::min(all.size(), page * threads_a_page); ++i) {
    const Thread& thread = all[i];
    rows += "<tbody id=\"normalthread_" + std::to_string(thread.number) +
            "\"><tr><th class=\"new\"><a href=\"" + thread_url(thread.number, 1) + "\" class=\"s xst\">" +
            escape_markup(thread.title) + "</a></th><td class=\"by\"><cite>" +
            escape_markup(thread.posts.front()->author) + "</cite><em><span>" +
            china_minute(thread.posts.front()->at) + "</span></em></td><td class=\"num\"><a href=\"" +
            thread_url(thread.number, 1) + "\" class=\"xi2\">" + std::to_string(thread.posts.size() - 1) +
            "</a><em>" + std::to_string(thread.posts.size() * 37) + "</em></td><td class=\"by\"><em>" +
            china_minute(thread.posts.back()->at) + "</em></td></tr></tbody>\n";
  }
  std::string paging = "<div class=\"pg\"><strong>" + std::to_string(page) + "</strong>";
  if (page < pages)
    paging += "<a href=\"/forum-36-" + std::to_string(page + 1) + ".html\" class=\"nxt\">下一页</a>";
  return {"text/html", forum_page("教育版", "<div id=\"threadlist\"><table id=\"threadlisttableid\">" + rows +
                                                "</table></div>" + paging + "</div>")};
}

TownPage thread_page(const Thread& thread, std::size_t page) {
  const std::size_t pages = (thread.posts.size() + posts_a_page - 1) / posts_a_page;
  std::string posts;
  for (std::size_t i = (page - 1) * posts_a_page; i < std::min(thread.posts.size(), page * posts_a_page);
       ++i) {
    const TownEvent& post = *thread.posts[i];
    const std::string pid = std::to_string(thread.number * 1000 + i + 1);
    posts += "<div id=\"post_" + pid + "\"><table id=\"pid" + pid +
             "\" class=\"plhin\"><tr><td class=\"pls\"><div class=\"authi\">" +
             "<a href=\"/space-uid-1.html\" class=\"xw1\">" + escape_markup(post.author) +
             "</a></div></td><td class=\"plc\"><div class=\"pi\"><strong><a>" + "<em>" +
             std::to_string(i + 1) + "</em><sup>#</sup></a></strong><em id=\"authorposton" + pid +
             "\">发表于 " + china_minute(post.at) +
             ":00</em></div><div class=\"pct\"><table><tr><td class=\"t_f\" id=\"postmessage_" + pid + "\">" +
             escape_markup(post.text) + "</td></tr></table></div></td></tr></table></div>\n";
  }
  std::string paging = "<div class=\"pgs\"><div class=\"pg\"><strong>" + std::to_string(page) + "</strong>";
  if (page < pages)
    paging += "<a href=\"" + thread_url(thread.number, page + 1) + "\" class=\"nxt\">下一页</a>";
  const std::string main = "<div id=\"postlist\"><h1 class=\"ts\"><span id=\"thread_subject\">" +
                           escape_markup(thread.title) + "</span></h1>" + posts + "</div>" + paging +
                           "</div></div>";
  return {"text/html", forum_page(thread.title, main)};
}

std::optional<TownPage> forum(const Scenario& scenario, const std::string& path, Time now) {
  const std::vector<Thread> all = threads(scenario, now);
  if (const auto page = number_in(path, "/forum-36-", ".html"); page && *page >= 1)
    return board_page(all, *page);
  if (!path.starts_with("/thread-")) return std::nullopt;
  const std::size_t dash = path.find('-', 8);
  if (dash == std::string::npos) return std::nullopt;
  const auto number = number_in(path.substr(0, dash), "/thread-", "");
  const auto page = number_in(path.substr(dash), "-", "-1.html");
  if (!number || !page || *number < 1 || *number > all.size() || *page < 1) return std::nullopt;
  const Thread& thread = all[*number - 1];
  if ((*page - 1) * posts_a_page >= thread.posts.size()) return std::nullopt;
  return thread_page(thread, *page);
}

// — the bureau

std::optional<TownPage> bureau(const Scenario& scenario, const std::string& path, Time now) {
  const auto notices = published(scenario, Place::gov, now);
  const auto page = [](const std::string& head, const std::string& main) {
    return TownPage{"text/html; charset=utf-8",
                    "<!doctype html><html><head><meta charset=\"utf-8\">" + head + "</head><body>" + main +
                        "<div class=\"foot\">青禾区教育和体育局 主办</div></body></html>"};
  };
  if (path == "/tzgg/") {
    std::string items;
    for (std::size_t i = notices.size(); i-- > 0;)
      items += "<li><span class=\"date\">" + china_date(notices[i]->at) + "</span><a href=\"/tzgg/art_" +
               std::to_string(i + 1) + ".html\">" + escape_markup(notices[i]->title) + "</a></li>\n";
    return page("<title>通知公告-青禾区教育和体育局</title>", "<ul class=\"list\">" + items + "</ul>");
  }
  const auto n = number_in(path, "/tzgg/art_", ".html");
  if (!n || *n < 1 || *n > notices.size()) return std::nullopt;
  const TownEvent& notice = *notices[*n - 1];
  return page("<title>" + escape_markup(notice.title) +
                  "-青禾区教育和体育局</title><meta name=\"ArticleTitle\" content=\"" +
                  escape_markup(notice.title) + "\"><meta name=\"PubDate\" content=\"" +
                  china_minute(notice.at) + "\"><meta name=\"ContentSource\" content=\"青禾区教育和体育局\">",
              "<h1>" + escape_markup(notice.title) + "</h1><div id=\"UCAP-CONTENT\" class=\"TRS_Editor\">" +
                  paragraphs(notice.text) + "</div>");
}

// — the hot list

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::optional<TownPage> hotlist(const Scenario& scenario, const std::string& path, Time now) {
  if (path != "/api/hot.json") return std::nullopt;
  auto events = published(scenario, Place::hotlist, now);
  std::erase_if(events, [&](const TownEvent* event) { return event->until <= now; });
  std::stable_sort(events.begin(), events.end(),
                   [](const auto* a, const auto* b) { return a->rank < b->rank; });
  std::string items;
  for (const TownEvent* event : events)
    items += std::string(items.empty() ? "" : ",") + "{\"title\":" + json_string(event->title) +
             ",\"url\":\"/hot/" + std::to_string(event - scenario.events.data()) +
             "\",\"rank\":" + std::to_string(event->rank) + "}";
  return TownPage{"application/json; charset=utf-8", "{\"data\":{\"list\":[" + items + "]}}"};
}

}  // namespace

std::optional<TownPage> render(const Scenario& scenario, TownHost host, const std::string& path, Time now) {
  if (path == "/robots.txt")
    return TownPage{"text/plain",
                    host == TownHost::forum
                        ? "User-agent: *\nDisallow: /search.php\nDisallow: /space-\nDisallow: /*mobile=yes*\n"
                        : "User-agent: *\nDisallow: /admin/\n"};
  switch (host) {
    case TownHost::paper:
      return paper(scenario, path, now);
    case TownHost::forum:
      return forum(scenario, path, now);
    case TownHost::bureau:
      return bureau(scenario, path, now);
    case TownHost::hotlist:
      return hotlist(scenario, path, now);
  }
  return std::nullopt;
}

}  // namespace tingchao::service
