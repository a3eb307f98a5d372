// Sizes are half points: 二号 44, 三号 32, 四号 28, 小四 24, 五号 21. Lengths are twentieths of a point.
// The fonts that offices install for official papers are named first; the font table names what every
// Windows has instead.
#include "alerting/digest/docx_parts.h"

#include <fmt/format.h>
#include <zip.h>

#include "core/markup.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr const char* declaration = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";
constexpr const char* word_space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

// Midnight of 1980-01-01, the first moment that a ZIP entry can carry.
constexpr zip_uint16_t zip_time = 0, zip_date = (1 << 5) | 1;

struct Style {
  const char* id;
  const char* name;
  const char* paragraph;  // properties
  const char* font;
  int size;
  const char* run;        // further run properties
};

// Lines of 28.95 points: 22 of them fill the 225 mm of a page; an indent of two characters opens a paragraph.
constexpr Style styles[] = {
    {"Title", "Title",
     R"(<w:spacing w:before="240" w:after="120" w:line="700" w:lineRule="exact"/><w:jc w:val="center"/>)",
     "方正小标宋简体", 44, ""},
    {"Subtitle", "Subtitle",
     R"(<w:spacing w:after="360" w:line="579" w:lineRule="exact"/><w:jc w:val="center"/>)", "楷体", 32, ""},
    // The tab stands at the right end of the text area.
    {"Masthead", "Masthead",
     R"(<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="6" w:color="C00000"/></w:pBdr>)"
     R"(<w:tabs><w:tab w:val="right" w:pos="8844"/></w:tabs>)"
     R"(<w:spacing w:after="360" w:line="579" w:lineRule="exact"/>)",
     "仿宋", 32, ""},
    {"Heading1", "heading 1",
     R"(<w:keepNext/><w:spacing w:before="120" w:line="579" w:lineRule="exact"/>)"
     R"(<w:ind w:firstLineChars="200" w:firstLine="640"/><w:outlineLvl w:val="0"/>)",
     "黑体", 32, ""},
    {"Heading2", "heading 2",
     R"(<w:keepNext/><w:spacing w:line="579" w:lineRule="exact"/>)"
     R"(<w:ind w:firstLineChars="200" w:firstLine="640"/><w:outlineLvl w:val="1"/>)",
     "楷体", 32, ""},
    {"Body", "Body",
     R"(<w:spacing w:line="579" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/>)"
     R"(<w:jc w:val="both"/>)",
     "仿宋", 32, ""},
    {"Quotation", "Quotation",
     R"(<w:keepNext/><w:keepLines/><w:spacing w:line="460" w:lineRule="exact"/><w:ind w:left="640" w:firstLine="0"/>)"
     R"(<w:jc w:val="both"/>)",
     "仿宋", 28, ""},
    {"Note", "Note", R"(<w:spacing w:line="400" w:lineRule="exact"/><w:ind w:left="640" w:firstLine="0"/>)",
     "仿宋", 24, R"(<w:color w:val="595959"/>)"},
    {"Step", "Step",
     R"(<w:keepLines/><w:spacing w:line="520" w:lineRule="exact"/>)"
     R"(<w:ind w:leftChars="200" w:left="640" w:hangingChars="0"/>)",
     "仿宋", 30, ""},
    {"Subject", "Subject",
     R"(<w:spacing w:after="240" w:line="579" w:lineRule="exact"/><w:jc w:val="center"/>)", "黑体", 32, ""},
    {"Cell", "Cell", R"(<w:spacing w:line="340" w:lineRule="exact"/>)", "仿宋", 24, ""},
    {"CellHead", "Cell Head", R"(<w:spacing w:line="340" w:lineRule="exact"/><w:jc w:val="center"/>)", "黑体",
     24, ""},
    {"Picture", "Picture", R"(<w:spacing w:before="120" w:after="120"/><w:jc w:val="center"/>)", "仿宋", 24,
     ""},
    {"Footer", "footer", "", "宋体", 28, ""},
};

struct Archive {
  explicit Archive(zip_source_t* made) : source(made) {}
  ~Archive() {
    if (archive) zip_discard(archive);
    if (source) zip_source_free(source);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  zip_t* archive = nullptr;
  zip_source_t* source;
};

Error failed(zip_error_t* error) { return {Errc::io, std::string("Word file: ") + zip_error_strerror(error), ""}; }

Result<std::string> read_back(zip_source_t* source) {
  std::string bytes;
  char buffer[16384];
  if (zip_source_open(source) != 0) return failed(zip_source_error(source));
  zip_int64_t got = 0;
  while ((got = zip_source_read(source, buffer, sizeof buffer)) > 0)
    bytes.append(buffer, static_cast<std::size_t>(got));
  zip_source_close(source);
  if (got < 0) return failed(zip_source_error(source));
  return bytes;
}

}  // namespace

std::string xml_text(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  std::string out;
  for (std::size_t at = 0; at < valid.size();) {
    const char32_t c = next_char(valid, at);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF) continue;
    append_char(out, c);
  }
  return escape_markup(out);
}

std::string styles_part() {
  std::string part = fmt::format(
      R"({}<w:styles xmlns:w="{}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" )"
      R"(w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="仿宋"/><w:sz w:val="32"/>)"
      R"(<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>)"
      R"(<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>)",
      declaration, word_space);
  for (const Style& style : styles)
    part += fmt::format(
        R"(<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="{}"/><w:basedOn w:val="Normal"/><w:qFormat/>)"
        R"(<w:pPr>{}</w:pPr><w:rPr><w:rFonts w:eastAsia="{}"/>{}<w:sz w:val="{}"/><w:szCs w:val="{}"/></w:rPr>)"
        "</w:style>",
        style.id, style.name, style.paragraph, style.font, style.run, style.size, style.size);
  return part + "</w:styles>";
}

std::string font_table_part() {
  struct Font {
    const char* name;
    const char* instead;
  };
  constexpr Font fonts[] = {
      {"方正小标宋简体", "黑体"}, {"仿宋", "FangSong"}, {"楷体", "KaiTi"}, {"黑体", "SimHei"}, {"宋体", "SimSun"}};
  std::string part = fmt::format(R"({}<w:fonts xmlns:w="{}">)", declaration, word_space);
  for (const Font& font : fonts)
    part += fmt::format(R"(<w:font w:name="{}"><w:altName w:val="{}"/><w:charset w:val="86"/></w:font>)", font.name,
                        font.instead);
  return part + "</w:fonts>";
}

std::string footer_part(PageSide side) {
  return fmt::format(
      R"({}<w:ftr xmlns:w="{}"><w:p><w:pPr><w:pStyle w:val="Footer"/>{}</w:pPr>)"
      R"(<w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>)"
      R"(<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>)"
      R"(<w:r><w:fldChar w:fldCharType="separate"/></w:r>)"
      R"(<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>)"
      R"(<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>)",
      declaration, word_space,
      side == PageSide::odd ? R"(<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>)"
                            : R"(<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>)");
}

std::string settings_part() {
  return fmt::format(R"({}<w:settings xmlns:w="{}"><w:evenAndOddHeaders/></w:settings>)", declaration, word_space);
}

std::string content_types_part() {
  constexpr const char* word = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
  constexpr const char* package = "application/vnd.openxmlformats-package.";
  return fmt::format(
      R"({0}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
      R"(<Default Extension="rels" ContentType="{2}relationships+xml"/>)"
      R"(<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>)"
      R"(<Override PartName="/word/document.xml" ContentType="{1}document.main+xml"/>)"
      R"(<Override PartName="/word/styles.xml" ContentType="{1}styles+xml"/>)"
      R"(<Override PartName="/word/fontTable.xml" ContentType="{1}fontTable+xml"/>)"
      R"(<Override PartName="/word/settings.xml" ContentType="{1}settings+xml"/>)"
      R"(<Override PartName="/word/footer1.xml" ContentType="{1}footer+xml"/>)"
      R"(<Override PartName="/word/footer2.xml" ContentType="{1}footer+xml"/>)"
      R"(<Override PartName="/docProps/core.xml" ContentType="{2}core-properties+xml"/></Types>)",
      declaration, word, package);
}

std::string package_relations_part() {
  return fmt::format(
      R"({}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
      R"(<Relationship Id="rId1" Target="word/document.xml" )"
      R"(Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>)"
      R"(<Relationship Id="rId2" Target="docProps/core.xml" )"
      R"(Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"/>)"
      "</Relationships>",
      declaration);
}

std::string core_properties_part(std::string_view title, std::string_view creator) {
  return fmt::format(
      R"({}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" )"
      R"(xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>)"
      R"(<dc:language>zh-CN</dc:language></cp:coreProperties>)",
      declaration, xml_text(title), xml_text(creator));
}

Result<std::string> zip_parts(const std::vector<std::pair<std::string, std::string>>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  Archive made(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!made.source) return failed(&error);
  made.archive = zip_open_from_source(made.source, ZIP_TRUNCATE, &error);
  if (!made.archive) return failed(&error);
  zip_source_keep(made.source);  // zip_close gives one reference back; the bytes are read from the other
  for (const auto& [name, bytes] : parts) {
    zip_source_t* content = zip_source_buffer(made.archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = content ? zip_file_add(made.archive, name.c_str(), content, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
      if (content) zip_source_free(content);
      return failed(zip_get_error(made.archive));
    }
    zip_file_set_dostime(made.archive, static_cast<zip_uint64_t>(index), zip_time, zip_date, 0);
  }
  if (zip_close(made.archive) != 0) return failed(zip_get_error(made.archive));
  made.archive = nullptr;
  return read_back(made.source);
}

}  // namespace tingchao::alerting
