// Every date that is seen on the page is weighed by its surroundings: a label such as 发布时间 before
// it, its distance from the title, a clock beside it, against it a place inside a sentence, in a list
// of links or in the page's foot. The best one stands for "visible". Then the origins are asked in
// order of trust; a machine-readable day is refined by the visible clock of the same day.

#include "crawler/extract/date.h"

#include <algorithm>
#include <span>

#include "core/utf8.h"
#include "crawler/extract/embedded.h"

namespace tingchao::crawler {
namespace {

constexpr std::string_view labels[] = {"发布时间", "发布日期", "发表时间", "发表日期", "发布于", "发表于", "发稿时间", "时间：",
                                       "时间:", "日期：", "日期:", "成文日期", "發佈", "发文日期", "生成日期", "公开日期", "Published",
                                       "发布："};
constexpr std::string_view weak_labels[] = {"来源", "來源", "更新", "编辑", "作者", "责编", "记者", "浏览", "阅读"};
// … of a change: not when it was published.
constexpr std::string_view change_labels[] = {
    "更新时间", "更新于",   "更新日期", "更新：",   "更新:",   "修改时间", "修改于",   "最后更新", "最后修改",
    "编辑于",   "最后编辑", "修订于",   "最后修订", "Updated", "updated",  "Modified", "更新發佈"};
// Dates of something else.
constexpr std::string_view other_labels[] = {"截止", "截至", "有效期", "实施日期", "施行", "失效", "活动时间", "会议时间", "报名时间",
                                             "考试时间", "开庭", "上映", "出生", "今天是", "现在是", "当前时间", "今日", "注册时间",
                                             "最后登录", "在线时间", "Copyright", "copyright", "©", "版权", "备案", "有效期至"};

template <std::size_t N>
bool has_any(std::string_view text, const std::string_view (&phrases)[N]) {
  return std::any_of(std::begin(phrases), std::end(phrases),
                     [&](std::string_view phrase) { return text.find(phrase) != std::string_view::npos; });
}

bool is_date_place(const PageView& page, const Line& line) {
  const Dom& dom = page.dom;
  NodeId n = dom.parent(line.node);
  for (int up = 0; n != no_node && up < 3; n = dom.parent(n), ++up) {
    if (dom.tag(n) == Tag::time) return true;
    const std::string names =
        ascii_lower(std::string(dom.attribute(n, "class")) + " " + std::string(dom.attribute(n, "id")));
    for (const char* word : {"time", "date", "pub", "info", "source", "meta", "author", "property"}) {
      if (names.find(word) != std::string::npos) return true;
    }
  }
  return false;
}

// The words that say of which moment the date is: those between it and what stands before it in its line.
std::string_view label_of_date(const Line& line, std::span<const DateReading> dates, std::size_t which) {
  const std::size_t begin = which > 0 ? dates[which - 1].end : 0;
  const std::string_view before = std::string_view(line.text).substr(begin, dates[which].begin - begin);
  // Cut at bytes, which may split a character: only whole phrases are looked for in it.
  return before.size() > 60 ? before.substr(before.size() - 60) : before;
}

// The moment is all that a link of the line says: it leads to what it is the moment of, mostly the page itself.
bool is_all_of_a_link(const PageView& page, const Line& line, const DateReading& date) {
  if (!date.to_the_minute) return false;
  const std::string_view moment = trim(std::string_view(line.text).substr(date.begin, date.end - date.begin));
  for (NodeId n = line.node; n <= line.last; ++n) {
    if (trim(page.dom.text(n)) != moment) continue;
    const NodeId parent = page.dom.parent(n);
    return page.dom.tag(parent) == Tag::a || page.dom.tag(std::max(page.dom.parent(parent), Dom::root())) == Tag::a;
  }
  return false;
}

// How much the date in that line looks like the date of publication; at or below 0 it is none.
double weight_of(const DateSources& sources, std::size_t index, const DateReading& date, std::string_view label) {
  const Line& line = sources.page.lines[index];
  const Article& article = sources.article;
  double weight = 0;
  if (has_any(label, change_labels)) {
    weight -= 20;
  } else if (has_any(label, labels)) {
    weight += 40;
  }
  if (has_any(line.text, weak_labels)) weight += 15;
  if (has_any(line.text, other_labels)) weight -= 60;
  if (date.to_the_minute) weight += 12;
  if (date.relative || date.year_guessed) weight -= 8;
  if (is_date_place(sources.page, line)) weight += 12;
  // A link's date is another page's, but for the moment that links to its own page.
  if (line.linked * 2 > line.words && !is_all_of_a_link(sources.page, line, date)) weight -= 40;
  if (line.words > 40) weight -= 25;
  const bool has_body = article.last_line > article.first_line || !article.body.empty();
  if (article.title.line) {
    const std::ptrdiff_t distance = std::ptrdiff_t(index) - std::ptrdiff_t(*article.title.line);
    if (distance >= 0 && distance <= 15) weight += 30 - 2.0 * double(distance);
    if (distance < 0 && distance >= -4) weight += 12;
    if (distance < -4) weight -= 15;
  }
  if (has_body && article.layer != "structured") {
    const bool above = index < article.first_line && index + 8 >= article.first_line;
    if (above) weight += 12;
    const bool within = index >= article.first_line && index <= article.last_line;
    if (within) weight -= line.words > 20 && line.marks > 0 ? 60 : 15;
    if (index > article.last_line + 3) weight -= 30;
    // A notice ends with who signs it and when.
    const bool signature = index + 2 >= article.last_line && index <= article.last_line + 1 && line.words <= 8;
    if (signature) weight += 25;
  }
  return weight;
}

std::optional<PublishedDate> visible_date(const DateSources& sources) {
  std::optional<PublishedDate> best;
  double most = 5;
  for (std::size_t i = 0; i < sources.page.lines.size(); ++i) {
    const Line& line = sources.page.lines[i];
    if (line.words > 200) continue;
    const std::vector<DateReading> dates = dates_in(line.text, sources.fetched_at, 4);
    for (std::size_t k = 0; k < dates.size(); ++k) {
      const DateReading& date = dates[k];
      const double weight = weight_of(sources, i, date, label_of_date(line, dates, k));
      if (weight <= most) continue;
      most = weight;
      best = PublishedDate{date.at, date.relative ? DateOrigin::relative : DateOrigin::visible, date.to_the_minute};
    }
  }
  return best;
}

// <time datetime> above or beside the body: structured, and near.
std::optional<DateReading> time_element(const DateSources& sources) {
  const Dom& dom = sources.page.dom;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::time) continue;
    const std::string_view value = dom.attribute(n, "datetime");
    if (value.empty() || sources.page.hidden[std::size_t(n)]) continue;
    if (sources.article.title.line) {
      const std::size_t line = sources.page.lines_in(n).begin;
      if (line + 3 < *sources.article.title.line || line > *sources.article.title.line + 12) continue;
    }
    if (auto reading = read_date(value, sources.fetched_at)) return reading;
  }
  return std::nullopt;
}

// What the page's scripts say under the names that portals give to it. WeChat leaves the place for the time
// empty and fills it from there: var ct = "1776262800".
std::optional<DateReading> scripted_time(const DateSources& sources) {
  const Dom& dom = sources.page.dom;
  for (NodeId n = 0; n < dom.size(); ++n) {
    if (dom.tag(n) != Tag::script || dom.first_child(n) == no_node) continue;
    if (auto reading = read_date(script_time(dom.text(dom.first_child(n))), sources.fetched_at)) return reading;
  }
  return std::nullopt;
}

std::optional<PublishedDate> of(const std::optional<DateReading>& reading, DateOrigin origin) {
  if (!reading) return std::nullopt;
  return PublishedDate{reading->at, origin, reading->to_the_minute};
}

// Midnight to the second is what machines write when they know the day alone.
PublishedDate without_false_midnight(PublishedDate date) {
  if (date.at == china_midnight(date.at)) date.to_the_minute = false;
  return date;
}

bool same_day(Time a, Time b) { return china_midnight(a) == china_midnight(b); }

}  // namespace

std::optional<PublishedDate> published_date(const DateSources& sources, std::string_view by_rule) {
  const Time now = sources.fetched_at;
  if (auto date = of(read_date(by_rule, now), DateOrigin::rule)) return date;

  const std::string_view named = sources.meta.first({"pubdate",
                                                     "article:published_time",
                                                     "og:published_time",
                                                     "publishdate",
                                                     "publish_date",
                                                     "publish-date",
                                                     "_pubtime",
                                                     "apub:time",
                                                     "weibo: article:create_at",
                                                     "bytedance:published_time",
                                                     "og:release_date",
                                                     "pubtime",
                                                     "datepublished",
                                                     "date",
                                                     "dc.date",
                                                     "dc.date.issued",
                                                     "dcterms.created",
                                                     "createdate",
                                                     "releasedate",
                                                     "ptime"});
  std::optional<PublishedDate> machine = of(read_date(named, now), DateOrigin::meta);
  if (!machine) machine = of(read_date(sources.structured.published, now), DateOrigin::structured);
  if (!machine) machine = of(time_element(sources), DateOrigin::structured);
  if (!machine) machine = of(read_date(sources.article.published, now), DateOrigin::structured);
  if (!machine && sources.article.layer == "engine wechat")
    machine = of(scripted_time(sources), DateOrigin::structured);
  const std::optional<PublishedDate> visible = visible_date(sources);
  const std::optional<PublishedDate> in_url = of(date_in_url(sources.url, now), DateOrigin::url);

  if (machine) {
    machine = without_false_midnight(*machine);
    // A page that stamps itself with today when it is drawn is betrayed by its address and its text.
    const bool refuted = visible && in_url && same_day(visible->at, in_url->at) && !same_day(machine->at, visible->at);
    if (!refuted) {
      if (!machine->to_the_minute && visible && visible->to_the_minute && same_day(machine->at, visible->at)) {
        machine->at = visible->at;
        machine->to_the_minute = true;
      }
      return machine;
    }
  }
  if (visible) {
    if (visible->origin == DateOrigin::visible || !in_url) return visible;
    return same_day(visible->at, in_url->at) ? visible : in_url;
  }
  if (in_url) return in_url;
  return of(read_date(sources.last_modified, now), DateOrigin::header);
}

std::optional<Time> modified_date(const DateSources& sources) {
  const std::string_view named =
      sources.meta.first({"article:modified_time", "og:updated_time", "lastmodifieddate", "dcterms.modified"});
  std::optional<DateReading> reading = read_date(named, sources.fetched_at);
  if (!reading) reading = read_date(sources.structured.modified, sources.fetched_at);
  if (reading) return reading->at;
  // What the page shows near its article: 更新时间：2026-04-17 11:00.
  for (std::size_t i = 0; i < sources.page.lines.size(); ++i) {
    const Line& line = sources.page.lines[i];
    if (line.words > 60 || !has_any(line.text, change_labels)) continue;
    if (sources.article.title.line && i + 4 < *sources.article.title.line) continue;
    if (sources.article.last_line > 0 && i > sources.article.last_line + 12) break;
    const std::vector<DateReading> dates = dates_in(line.text, sources.fetched_at, 4);
    for (std::size_t k = 0; k < dates.size(); ++k)
      if (has_any(label_of_date(line, dates, k), change_labels)) return dates[k].at;
  }
  return std::nullopt;
}

}  // namespace tingchao::crawler
