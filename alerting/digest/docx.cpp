// The outline set in the layout of official papers.
#include "alerting/digest/docx.h"

#include <fmt/format.h>

#include "alerting/digest/charts.h"
#include "alerting/digest/paper.h"

namespace tingchao::alerting {
namespace {

void write_more(Paper& paper, std::size_t listed, std::size_t more, const char* unit) {
  if (more > 0) paper.paragraph("Note", fmt::format("等 {} {}，以上列出 {} {}。", listed + more, unit, listed, unit));
}

void write_items(Paper& paper, const Told<Item>& told, const char* unit) {
  for (std::size_t at = 0; at < told.items.size(); ++at) {
    const Item& item = told.items[at];
    paper.paragraph("Heading2", "（" + ordinal(std::min<std::size_t>(at + 1, 99)) + "）" + item.title);
    const std::string level = item.level.empty() ? "" : "预警级别：" + item.level + "。";
    if (!item.numbers.empty())
      paper.paragraph("Body", official(level + item.numbers + "。" + item.times + "。"));
    if (!item.why.empty()) paper.paragraph("Body", official(item.why + "。"));
    for (const Excerpt& excerpt : item.excerpts) {
      paper.paragraph("Quotation", "“" + excerpt.quote.text + "”" + (excerpt.quote.cut ? "（下略）" : ""));
      paper.linked("Note", "——" + excerpt.source + "，" + excerpt.time + (excerpt.link.empty() ? "" : "　"),
                   excerpt.link.empty() ? "" : "原文", excerpt.link);
    }
    for (const Answer& answer : item.answers)
      paper.linked("Body", "官方回应：", answer.title + in_brackets(answer.source), answer.link);
  }
  write_more(paper, told.items.size(), told.more, unit);
}

// "4月15日18:10" over two lines, the day and the hour, where a cell is too narrow for both.
std::string broken(std::string moment) {
  constexpr std::string_view day = "日";
  const std::size_t at = moment.find(day);
  return at == std::string::npos ? moment : moment.insert(at + day.size(), "\n");
}

void write_warnings(Paper& paper, const Outline& outline) {
  paper.heading("预警与时限");
  if (outline.warnings.items.empty()) {
    paper.paragraph("Body", "期内没有新发或未办结的预警。");
    return;
  }
  std::vector<std::vector<std::string>> rows{{"级别", "事项", "发出", "状态", "下一时限"}};
  for (const WarningLine& line : outline.warnings.items) {
    const std::string clock =
        line.clock.empty() ? "—" : line.clock + "\n" + official(line.due + "\n" + in_brackets(line.left));
    rows.push_back({line.level, line.title, broken(official(line.raised)),
                    line.state + in_brackets(line.assignee), clock});
  }
  paper.table({1250, 2750, 1400, 1250, 2195}, rows);
  write_more(paper, outline.warnings.items.size(), outline.warnings.more, "起");
}

void write_topics(Paper& paper, const Outline& outline, const std::string& png) {
  if (outline.topics.items.empty()) return;
  paper.heading("话题分布");
  std::string text;
  for (const Bar& topic : outline.topics.items)
    text += fmt::format("{}{} {} 篇", text.empty() ? "" : "；", topic.label, topic.documents);
  paper.paragraph("Body", official(text + "。"));
  if (!png.empty()) paper.picture(png, {chart_width, topics_height(outline.topics.items.size())}, "话题分布：" + text);
  write_more(paper, outline.topics.items.size(), outline.topics.more, "个话题");
}

void write_sources(Paper& paper, const Outline& outline) {
  paper.heading("信源运行情况");
  paper.paragraph("Body", official(outline.sources_summary));
  for (const SourceLine& line : outline.sources.items)
    paper.paragraph("Note", line.name + "：" + line.trouble + in_brackets(line.since));
  write_more(paper, outline.sources.items.size(), outline.sources.more, "个");
}

}  // namespace

Result<std::string> write_docx(const Outline& outline, const Pictures& pictures) {
  Paper paper;
  paper.paragraph("Title", outline.bureau + outline.kind);
  paper.masthead(outline.issue, outline.date);
  paper.heading("概况");
  paper.paragraph("Body", official(outline.overview));
  if (!pictures.trend.empty())
    paper.picture(pictures.trend, {chart_width, chart_height}, "信息量走势：" + outline.headline);
  if (!outline.stories.items.empty()) {
    paper.heading("重点事件");
    write_items(paper, outline.stories, "件");
  }
  write_warnings(paper, outline);
  write_topics(paper, outline, pictures.topics);
  if (!outline.near_misses.items.empty()) {
    paper.heading("近似预警（接近但未达到预警条件）");
    write_items(paper, outline.near_misses, "件");
  }
  if (!outline.unlisted.items.empty()) {
    paper.heading("规则之外的新情况（词表未命中，分类器认为相关）");
    write_items(paper, outline.unlisted, "条");
  }
  if (!outline.good_news.items.empty()) {
    paper.heading("正面宣传");
    write_items(paper, outline.good_news, "条");
  }
  write_sources(paper, outline);
  paper.paragraph("Note", "说明：统计时段 " + outline.span + "（北京时间）。引语逐字摘自公开网页；级别为系统建议，须经人工研判。");

  return paper.pack(outline.bureau + outline.kind + " " + outline.date, outline.bureau);
}

}  // namespace tingchao::alerting
