// The body is written as one string of paragraphs, each naming a style of styles.xml; links and pictures are
// collected on the way into the document's relations, where an address is data and not markup.
#include "alerting/digest/paper.h"

#include <fmt/format.h>

#include "alerting/digest/docx_parts.h"

namespace tingchao::alerting {
namespace {

constexpr const char* relation_base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
constexpr int emu_per_pixel = 9525;
constexpr const char* ordinals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

std::string run(std::string_view text) {
  return text.empty() ? "" : fmt::format(R"(<w:r><w:t xml:space="preserve">{}</w:t></w:r>)", xml_text(text));
}

std::string cell_runs(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos) return run(text);
  return run(text.substr(0, end)) + "<w:r><w:br/></w:r>" + cell_runs(text.substr(end + 1));
}

}  // namespace

std::string ordinal(std::size_t number) {
  if (number <= 10) return ordinals[number - 1];
  const std::string tens = number / 10 == 1 ? "十" : std::string(ordinals[number / 10 - 1]) + "十";
  return tens + (number % 10 ? ordinals[number % 10 - 1] : "");
}

std::string in_brackets(const std::string& text) { return text.empty() ? "" : "（" + text + "）"; }

std::string official(std::string_view text) {
  constexpr std::string_view dot = " · ";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with(dot)) {
      out += "，";
      at += dot.size();
      continue;
    }
    // Of a space, one neighbour is no ASCII.
    const bool between =
        text[at] == ' ' && at > 0 && at + 1 < text.size() &&
        (static_cast<unsigned char>(text[at - 1]) > 0x7F || static_cast<unsigned char>(text[at + 1]) > 0x7F);
    if (!between) out += text[at];
    ++at;
  }
  return out;
}

void Paper::masthead(std::string_view left, std::string_view right) {
  body_ += fmt::format(R"(<w:p><w:pPr><w:pStyle w:val="Masthead"/></w:pPr>{}<w:r><w:tab/></w:r>{}</w:p>)", run(left),
                       run(right));
}

void Paper::linked(const char* style, std::string_view before, std::string_view words,
                   const std::string& link) {
  body_ += fmt::format(R"(<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr>{}{}</w:p>)", style, run(before),
                       anchor(words, link));
}

void Paper::picture(const std::string& png, std::pair<int, int> size, std::string_view alt) {
  pictures_.push_back(png);
  body_ += fmt::format(
      R"(<w:p><w:pPr><w:pStyle w:val="Picture"/></w:pPr><w:r><w:drawing>)"
      R"(<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{0}" cy="{1}"/>)"
      R"(<wp:docPr id="{3}" name="picture{3}" descr="{2}"/>)"
      R"(<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>)"
      R"(<pic:nvPicPr><pic:cNvPr id="{3}" name="picture{3}.png"/><pic:cNvPicPr/></pic:nvPicPr>)"
      R"(<pic:blipFill><a:blip r:embed="rIdP{3}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>)"
      R"(<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{0}" cy="{1}"/></a:xfrm>)"
      R"(<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>)"
      R"(</wp:inline></w:drawing></w:r></w:p>)",
      size.first * emu_per_pixel, size.second * emu_per_pixel, xml_text(alt), pictures_.size());
}

void Paper::table(const std::vector<int>& widths, const std::vector<std::vector<std::string>>& rows) {
  body_ += R"(<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/><w:tblBorders>)";
  for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"})
    body_ += fmt::format(R"(<w:{} w:val="single" w:sz="4" w:space="0" w:color="808080"/>)", side);
  body_ += R"(</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>)";
  for (const int width : widths) body_ += fmt::format(R"(<w:gridCol w:w="{}"/>)", width);
  body_ += "</w:tblGrid>";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    body_ += fmt::format("<w:tr><w:trPr><w:cantSplit/>{}</w:trPr>", row ? "" : "<w:tblHeader/>");
    for (std::size_t cell = 0; cell < widths.size(); ++cell)
      body_ +=
          fmt::format(R"(<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>)"
                      R"(<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr>{}</w:p></w:tc>)",
                      widths[cell], row ? "Cell" : "CellHead", cell_runs(rows[row][cell]));
    body_ += "</w:tr>";
  }
  body_ += "</w:tbl>";
  paragraph("Note", "");
}

std::string Paper::anchor(std::string_view words, const std::string& link) {
  if (link.empty()) return run(words);
  links_.push_back(link);
  return fmt::format(
      R"(<w:hyperlink r:id="rIdL{}"><w:r><w:rPr><w:color w:val="1D5FBF"/><w:u w:val="single"/></w:rPr>)"
      R"(<w:t xml:space="preserve">{}</w:t></w:r></w:hyperlink>)",
      links_.size(), xml_text(words));
}

// Margins: 37 mm above, 35 below, 28 left, 26 right. The page number stands 7 mm under the text; odd pages
// have it on the right, even ones on the left.
std::string Paper::document() const {
  return fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
      R"(<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" )"
      R"(xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" )"
      R"(xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" )"
      R"(xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" )"
      R"(xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>{}<w:sectPr>)"
      R"(<w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>)"
      R"(<w:pgSz w:w="11906" w:h="16838"/>)"
      R"(<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1304" )"
      R"(w:gutter="0"/></w:sectPr></w:body></w:document>)",
      body_);
}

std::string Paper::relations() const {
  std::string part =
      R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
      R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)";
  const auto add = [&part](const std::string& id, const char* type, std::string_view target,
                           const char* mode) {
    part += fmt::format(R"(<Relationship Id="rId{}" Type="{}{}" Target="{}"{}/>)", id, relation_base, type,
                        xml_text(target), mode);
  };
  add("1", "styles", "styles.xml", "");
  add("2", "fontTable", "fontTable.xml", "");
  add("3", "footer", "footer1.xml", "");
  add("4", "footer", "footer2.xml", "");
  add("5", "settings", "settings.xml", "");
  for (std::size_t at = 1; at <= pictures_.size(); ++at)
    add(fmt::format("P{}", at), "image", fmt::format("media/picture{}.png", at), "");
  for (std::size_t at = 1; at <= links_.size(); ++at)
    add(fmt::format("L{}", at), "hyperlink", links_[at - 1], R"( TargetMode="External")");
  return part + "</Relationships>";
}

Result<std::string> Paper::pack(const std::string& title, const std::string& creator) const {
  std::vector<std::pair<std::string, std::string>> parts{
      {"[Content_Types].xml", content_types_part()},
      {"_rels/.rels", package_relations_part()},
      {"docProps/core.xml", core_properties_part(title, creator)},
      {"word/document.xml", document()},
      {"word/_rels/document.xml.rels", relations()},
      {"word/styles.xml", styles_part()},
      {"word/settings.xml", settings_part()},
      {"word/fontTable.xml", font_table_part()},
      {"word/footer1.xml", footer_part(PageSide::odd)},
      {"word/footer2.xml", footer_part(PageSide::even)}};
  for (std::size_t at = 1; at <= pictures_.size(); ++at)
    parts.emplace_back(fmt::format("word/media/picture{}.png", at), pictures_[at - 1]);
  return zip_parts(parts);
}

}  // namespace tingchao::alerting
