// The body is written as one string of paragraphs, each naming a style of styles.xml; links are
// collected on the way into the document's relations, where the address is data and not markup.
#include "alerting/digest/docx.h"

#include <fmt/format.h>

#include "alerting/digest/charts.h"
#include "alerting/digest/docx_parts.h"

namespace tingchao::alerting {
namespace {

constexpr const char* relation_base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
constexpr int emu_per_pixel = 9525;
constexpr std::size_t relations_fixed = 4;  // rId1…rId4: styles, fonts, footer, picture
constexpr const char* ordinals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

std::string ordinal(std::size_t number) {  // 1…99
  if (number <= 10) return ordinals[number - 1];
  const std::string tens = number / 10 == 1 ? "十" : std::string(ordinals[number / 10 - 1]) + "十";
  return tens + (number % 10 ? ordinals[number % 10 - 1] : "");
}

class Paper {
 public:
  void paragraph(const char* style, std::string_view text) { linked(style, text, "", ""); }
  void heading(std::string_view text) { paragraph("Heading1", ordinal(++headings_) + "、" + std::string(text)); }

  // A paragraph that ends in a link; `link` may be empty.
  void linked(const char* style, std::string_view before, std::string_view words, const std::string& link) {
    body_ += fmt::format(R"(<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr>{}{}</w:p>)", style, run(before),
                         anchor(words, link));
  }

  void picture(std::string_view alt) {
    const int wide = chart_width * emu_per_pixel, high = chart_height * emu_per_pixel;
    body_ += fmt::format(
        R"(<w:p><w:pPr><w:pStyle w:val="Picture"/></w:pPr><w:r><w:drawing>)"
        R"(<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{0}" cy="{1}"/>)"
        R"(<wp:docPr id="1" name="trend" descr="{2}"/>)"
        R"(<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>)"
        R"(<pic:nvPicPr><pic:cNvPr id="1" name="trend.png"/><pic:cNvPicPr/></pic:nvPicPr>)"
        R"(<pic:blipFill><a:blip r:embed="rId4"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>)"
        R"(<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{0}" cy="{1}"/></a:xfrm>)"
        R"(<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>)"
        R"(</wp:inline></w:drawing></w:r></w:p>)",
        wide, high, xml_text(alt));
  }

  // The first row is the head, repeated on every page.
  void table(const std::vector<int>& widths, const std::vector<std::vector<std::string>>& rows) {
    body_ += R"(<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/><w:tblBorders>)";
    for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"})
      body_ += fmt::format(R"(<w:{} w:val="single" w:sz="4" w:space="0" w:color="808080"/>)", side);
    body_ += R"(</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>)";
    for (const int width : widths) body_ += fmt::format(R"(<w:gridCol w:w="{}"/>)", width);
    body_ += "</w:tblGrid>";
    for (std::size_t row = 0; row < rows.size(); ++row) {
      body_ += fmt::format("<w:tr><w:trPr><w:cantSplit/>{}</w:trPr>", row ? "" : "<w:tblHeader/>");
      for (std::size_t cell = 0; cell < widths.size(); ++cell)
        body_ += fmt::format(
            R"(<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>)"
            R"(<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr>{}</w:p></w:tc>)",
            widths[cell], row ? "Cell" : "CellHead", run(rows[row][cell]));
      body_ += "</w:tr>";
    }
    body_ += "</w:tbl>";
    paragraph("Note", "");
  }

  // Margins as the norm for official papers has them: 37 mm above, 35 below, 28 left, 26 right.
  std::string document() const {
    return fmt::format(
        R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
        R"(<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" )"
        R"(xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" )"
        R"(xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" )"
        R"(xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" )"
        R"(xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>{}<w:sectPr>)"
        R"(<w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>)"
        R"(<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1361" )"
        R"(w:gutter="0"/></w:sectPr></w:body></w:document>)",
        body_);
  }

  std::string relations(bool with_picture) const {
    std::string part = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
                       R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)";
    const auto add = [&part](std::size_t id, const char* type, std::string_view target, const char* mode) {
      part += fmt::format(R"(<Relationship Id="rId{}" Type="{}{}" Target="{}"{}/>)", id, relation_base, type,
                          xml_text(target), mode);
    };
    add(1, "styles", "styles.xml", "");
    add(2, "fontTable", "fontTable.xml", "");
    add(3, "footer", "footer1.xml", "");
    if (with_picture) add(4, "image", "media/trend.png", "");
    for (std::size_t at = 0; at < links_.size(); ++at)
      add(relations_fixed + 1 + at, "hyperlink", links_[at], R"( TargetMode="External")");
    return part + "</Relationships>";
  }

 private:
  static std::string run(std::string_view text) {
    return text.empty() ? "" : fmt::format(R"(<w:r><w:t xml:space="preserve">{}</w:t></w:r>)", xml_text(text));
  }
  std::string anchor(std::string_view words, const std::string& link) {
    if (link.empty()) return run(words);
    links_.push_back(link);
    return fmt::format(
        R"(<w:hyperlink r:id="rId{}"><w:r><w:rPr><w:color w:val="1D5FBF"/><w:u w:val="single"/></w:rPr>)"
        R"(<w:t xml:space="preserve">{}</w:t></w:r></w:hyperlink>)",
        relations_fixed + links_.size(), xml_text(words));
  }

  std::string body_;
  std::vector<std::string> links_;
  std::size_t headings_ = 0;
};

std::string in_brackets(const std::string& text) { return text.empty() ? "" : "（" + text + "）"; }

void write_more(Paper& paper, std::size_t listed, std::size_t more, const char* unit) {
  if (more > 0) paper.paragraph("Note", fmt::format("等 {} {}，以上列出 {} {}。", listed + more, unit, listed, unit));
}

void write_items(Paper& paper, const Told<Item>& told, const char* unit) {
  for (std::size_t at = 0; at < told.items.size(); ++at) {
    const Item& item = told.items[at];
    paper.paragraph("Heading2", "（" + ordinal(std::min<std::size_t>(at + 1, 99)) + "）" + item.title);
    const std::string level = item.level.empty() ? "" : "预警级别：" + item.level + "。";
    if (!item.numbers.empty()) paper.paragraph("Body", level + item.numbers + "。" + item.times + "。");
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

void write_warnings(Paper& paper, const Outline& outline) {
  paper.heading("预警与时限");
  if (outline.warnings.items.empty()) {
    paper.paragraph("Body", "期内没有新发或未办结的预警。");
    return;
  }
  std::vector<std::vector<std::string>> rows{{"级别", "事项", "发出", "状态", "下一时限"}};
  for (const WarningLine& line : outline.warnings.items) {
    const std::string clock = line.clock.empty() ? "—" : line.clock + " " + line.due + in_brackets(line.left);
    rows.push_back({line.level, line.title, line.raised, line.state + in_brackets(line.assignee), clock});
  }
  paper.table({1250, 3100, 1350, 1300, 1845}, rows);
  write_more(paper, outline.warnings.items.size(), outline.warnings.more, "起");
}

void write_topics(Paper& paper, const Outline& outline) {
  if (outline.topics.items.empty()) return;
  paper.heading("话题分布");
  std::string text;
  for (const Bar& topic : outline.topics.items)
    text += fmt::format("{}{} {} 篇", text.empty() ? "" : "；", topic.label, topic.documents);
  paper.paragraph("Body", text + "。");
  write_more(paper, outline.topics.items.size(), outline.topics.more, "个话题");
}

void write_sources(Paper& paper, const Outline& outline) {
  paper.heading("信源运行情况");
  paper.paragraph("Body", outline.sources_summary);
  for (const SourceLine& line : outline.sources.items)
    paper.paragraph("Note", line.name + "：" + line.trouble + in_brackets(line.since));
  write_more(paper, outline.sources.items.size(), outline.sources.more, "个");
}

}  // namespace

Result<std::string> write_docx(const Outline& outline, const std::string& trend_png) {
  Paper paper;
  paper.paragraph("Title", outline.bureau + outline.kind);
  paper.paragraph("Subtitle", outline.date);
  paper.heading("概况");
  paper.paragraph("Body", outline.overview);
  if (!trend_png.empty()) paper.picture("信息量走势：" + outline.headline);
  if (!outline.stories.items.empty()) {
    paper.heading("重点事件");
    write_items(paper, outline.stories, "件");
  }
  write_warnings(paper, outline);
  write_topics(paper, outline);
  if (!outline.near_misses.items.empty()) {
    paper.heading("近似预警（接近但未达到预警条件）");
    write_items(paper, outline.near_misses, "件");
  }
  if (!outline.good_news.items.empty()) {
    paper.heading("正面宣传");
    write_items(paper, outline.good_news, "条");
  }
  write_sources(paper, outline);
  paper.paragraph("Note", "说明：统计时段 " + outline.span + "（北京时间）。引语逐字摘自公开网页；级别为系统建议，须经人工研判。");

  std::vector<std::pair<std::string, std::string>> parts{
      {"[Content_Types].xml", content_types_part()},
      {"_rels/.rels", package_relations_part()},
      {"docProps/core.xml", core_properties_part(outline.bureau + outline.kind + " " + outline.date, outline.bureau)},
      {"word/document.xml", paper.document()},
      {"word/_rels/document.xml.rels", paper.relations(!trend_png.empty())},
      {"word/styles.xml", styles_part()},
      {"word/fontTable.xml", font_table_part()},
      {"word/footer1.xml", footer_part()}};
  if (!trend_png.empty()) parts.emplace_back("word/media/trend.png", trend_png);
  return zip_parts(parts);
}

}  // namespace tingchao::alerting
