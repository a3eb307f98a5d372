// The special report as mail, Word and Excel.
#include <fmt/format.h>
#include <boost/json.hpp>

#include "alerting/digest/charts.h"
#include "alerting/digest/edition.h"
#include "alerting/digest/figures.h"
#include "alerting/digest/paper.h"
#include "alerting/digest/special.h"
#include "alerting/digest/xlsx.h"
#include "alerting/render.h"

namespace tingchao::alerting {
namespace {

namespace json = boost::json;
using Kind = SpecialLine::Kind;

constexpr const char* html_name = "special.html.mustache";
constexpr const char* text_name = "special.txt.mustache";

json::object line_row(const SpecialLine& line) {
  json::object row;
  row["is_text"] = line.kind == Kind::text;
  row["is_head"] = line.kind == Kind::head;
  row["is_quote"] = line.kind == Kind::quote;
  row["is_step"] = line.kind == Kind::step;
  row["text"] = line.text;
  row["cut"] = line.cut;
  row["cite"] = line.cite;
  row["url"] = line.link;
  return row;
}

json::object view_of(const Special& special, const std::string& base_url) {
  json::object view;
  view["bureau"] = special.bureau;
  view["title"] = special.title;
  view["date"] = special.date;
  view["level"] = special.level;
  view["fill"] = special.paint.fill;
  view["ink"] = special.paint.ink;
  view["headline"] = special.headline;
  view["base_url"] = link_or_nothing(base_url);
  json::array sections;
  for (const SpecialSection& section : special.sections) {
    json::object row;
    row["ordinal"] = ordinal(sections.size() + 1);
    row["heading"] = section.heading;
    json::array lines;
    for (const SpecialLine& line : section.lines) lines.push_back(line_row(line));
    row["lines"] = std::move(lines);
    row["pictured"] = section.pictured && !special.trend.empty();
    json::array trend;
    if (section.pictured)
      for (const Bar& bar : table_of(special.trend))
        trend.push_back({{"label", bar.label}, {"documents", bar.documents}, {"negative", bar.negative}});
    row["trend"] = std::move(trend);
    sections.push_back(std::move(row));
  }
  view["sections"] = std::move(sections);
  return view;
}

Result<Edition> edition_of(const SpecialInput& input, std::string_view html_template,
                           std::string_view text_template) {
  SpecialLimits limits;
  return fitted_edition({html_name, text_name, html_template, text_template},
                        [&] { return view_of(special_of(input, limits), input.base_url); },
                        [&] { return shrink(limits); });
}

// "青溪论坛，4月15日 17:58" of "青溪论坛 · 4月15日 17:58", as in the other reports.
std::string cited(std::string cite) {
  constexpr std::string_view dot = " · ";
  if (const std::size_t at = cite.rfind(dot); at != cite.npos) cite.replace(at, dot.size(), "，");
  return cite;
}

void write_line(Paper& paper, const SpecialLine& line, std::size_t& heads) {
  const std::string words = line.link.empty() ? "" : "原文";
  switch (line.kind) {
    case Kind::head:
      paper.paragraph("Heading2", "（" + ordinal(++heads) + "）" + line.text);
      return;
    case Kind::quote:
      paper.paragraph("Quotation", "“" + line.text + "”" + (line.cut ? "（下略）" : ""));
      paper.linked("Note", "——" + cited(line.cite) + (words.empty() ? "" : "　"), words, line.link);
      return;
    case Kind::step:
      paper.linked("Step", line.text + (words.empty() ? "" : "　"), words, line.link);
      return;
    case Kind::text:
      paper.linked("Body",
                   (line.link.empty() ? official(line.text) : line.text) + in_brackets(cited(line.cite)),
                   words, line.link);
      return;
  }
}

Result<std::string> paper_of(const Special& special, const std::string& trend_png) {
  Paper paper;
  paper.paragraph("Title", special.bureau + "舆情专报");
  paper.paragraph("Subtitle", official("（" + special.date + "）"));
  paper.paragraph("Subject", special.title + in_brackets(special.level));
  for (const SpecialSection& section : special.sections) {
    paper.heading(section.heading);
    std::size_t heads = 0;
    for (const SpecialLine& line : section.lines) write_line(paper, line, heads);
    if (section.pictured && !trend_png.empty())
      paper.picture(trend_png, {chart_width, chart_height}, "信息量走势：" + special.title);
  }
  paper.paragraph("Note", "说明：截至" + official(special.date) +
                              "（北京时间）。引语逐字摘自公开网页；级别为系统建议，须经人工研判。");
  return paper.pack(special.bureau + "舆情专报 " + special.title, special.bureau);
}

Result<std::string> ledger_of(const SpecialInput& input) {
  DigestInput all;
  all.period = "special";
  all.bureau = input.bureau;
  all.to = input.now;
  all.stories.push_back({input.story, input.documents, std::nullopt});
  if (input.warning) all.warnings.push_back(*input.warning);
  return write_ledger(all);
}

// A file's name in any system: no separators, no characters that Windows refuses.
std::string for_file(std::string_view title) {
  std::string name = one_line(title, 30);
  for (char& c : name)
    if (std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos) c = '_';
  return name;
}

}  // namespace

Result<Digest> compose_special(const SpecialInput& input, std::string_view html_template,
                               std::string_view text_template) {
  auto edition = edition_of(input, html_template, text_template);
  if (!edition) return edition.error();
  const Special special = special_of(input, SpecialLimits{});
  Digest digest;
  digest.period = "special";
  digest.from = input.story.first_seen;
  digest.to = input.now;
  digest.subject = "【舆情专报】" + (special.level.empty() ? "" : special.level + "：") + special.title;
  digest.file_name = "舆情专报-" + for_file(special.title) + "-" + china_date(input.now);
  digest.html = std::move(edition->html);
  digest.text = std::move(edition->text);
  if (!special.trend.empty()) {
    auto picture = draw_trend(special.trend);
    if (!picture) return picture.error();
    digest.trend_png = std::move(*picture);
  }
  auto paper = paper_of(special, digest.trend_png);
  if (!paper) return paper.error();
  digest.docx = std::move(*paper);
  auto ledger = ledger_of(input);
  if (!ledger) return ledger.error();
  digest.xlsx = std::move(*ledger);
  return digest;
}

}  // namespace tingchao::alerting
