// The outline as the templates' JSON. Sections that may be absent have a flag of their own ("has_…"),
// because Mustache would otherwise print their headings once an entry.
#include <boost/json.hpp>
#include <fmt/format.h>

#include "alerting/digest/outline.h"

namespace tingchao::alerting {
namespace {

namespace json = boost::json;

template <class T, class Turn>
json::array rows_of(const std::vector<T>& items, Turn turn) {
  json::array rows;
  for (const T& item : items) {
    json::object row = turn(item);
    row["number"] = static_cast<std::int64_t>(rows.size() + 1);
    rows.push_back(std::move(row));
  }
  return rows;
}

json::object excerpt_row(const Excerpt& excerpt) {
  json::object row;
  row["text"] = excerpt.quote.text;
  row["cut"] = excerpt.quote.cut;
  row["source"] = excerpt.source;
  row["time"] = excerpt.time;
  row["url"] = excerpt.link;
  return row;
}

json::object item_row(const Item& item) {
  json::object row;
  row["title"] = item.title;
  row["url"] = item.link;
  row["level"] = item.level;
  row["fill"] = item.paint.fill;
  row["ink"] = item.paint.ink;
  row["numbers"] = item.numbers;
  row["times"] = item.times;
  row["why"] = item.why;
  row["excerpts"] = rows_of(item.excerpts, excerpt_row);
  row["answers"] = rows_of(item.answers, [](const Answer& answer) {
    json::object each;
    each["title"] = answer.title;
    each["source"] = answer.source;
    each["url"] = answer.link;
    return each;
  });
  return row;
}

json::object warning_row(const WarningLine& line) {
  json::object row;
  row["level"] = line.level;
  row["meter"] = line.meter;
  row["fill"] = line.paint.fill;
  row["ink"] = line.paint.ink;
  row["title"] = line.title;
  row["url"] = line.link;
  row["id"] = line.id;
  row["state"] = line.state;
  row["score"] = line.score;
  row["raised"] = line.raised;
  row["assignee"] = line.assignee;
  row["clock"] = line.clock;
  row["due"] = line.due;
  row["left"] = line.left;
  row["late"] = line.late;
  return row;
}

json::object bar_row(const Bar& bar) {
  json::object row;
  row["label"] = bar.label;
  row["documents"] = static_cast<std::int64_t>(bar.documents);
  row["negative"] = static_cast<std::int64_t>(bar.negative);
  row["percent"] = static_cast<std::int64_t>(bar.percent);
  return row;
}

template <class T, class Turn>
void put(json::object& view, const std::string& name, const Told<T>& told, const char* unit, Turn turn) {
  view[name] = rows_of(told.items, turn);
  view["has_" + name] = !told.items.empty();
  view["more_" + name] = told.more ? fmt::format("等 {} {}，以上列出 {} {}。", told.items.size() + told.more, unit,
                                                 told.items.size(), unit) : "";
}

}  // namespace

json::object to_view(const Outline& outline) {
  json::object view;
  view["bureau"] = outline.bureau;
  view["kind"] = outline.kind;
  view["issue"] = outline.issue;
  view["date"] = outline.date;
  view["span"] = outline.span;
  view["headline"] = outline.headline;
  view["overview"] = outline.overview;
  view["quiet"] = outline.quiet;
  view["base_url"] = outline.base_url;
  view["tiles"] = rows_of(outline.tiles, [](const Outline::Tile& tile) {
    json::object row;
    row["label"] = tile.label;
    row["value"] = tile.value;
    row["note"] = tile.note;
    return row;
  });
  view["trend"] = rows_of(outline.trend_table, bar_row);
  view["has_trend"] = !outline.trend_table.empty() && !outline.quiet;
  put(view, "stories", outline.stories, "件", item_row);
  put(view, "near_misses", outline.near_misses, "件", item_row);
  put(view, "unlisted", outline.unlisted, "条", item_row);
  put(view, "good_news", outline.good_news, "条", item_row);
  put(view, "warnings", outline.warnings, "起", warning_row);
  put(view, "topics", outline.topics, "个", bar_row);
  put(view, "sources", outline.sources, "个", [](const SourceLine& line) {
    json::object row;
    row["name"] = line.name;
    row["trouble"] = line.trouble;
    row["since"] = line.since;
    return row;
  });
  view["sources_summary"] = outline.sources_summary;
  return view;
}

}  // namespace tingchao::alerting
