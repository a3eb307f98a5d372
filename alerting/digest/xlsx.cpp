// libxlsxwriter writes to a file by name only; an anonymous file in memory gives it one without
// touching a disk of ours. Everything is written as a string: "=cmd|…" stays text.
#include "alerting/digest/xlsx.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <sys/mman.h>
#include <unistd.h>

#include <fmt/format.h>
#include <xlsxwriter.h>

#include "alerting/digest/excerpt.h"
#include "alerting/digest/figures.h"
#include "alerting/wording.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

constexpr std::size_t rows_max = 20'000;
constexpr std::size_t title_chars_max = 200, excerpt_chars_max = 300, link_chars_max = 2000;

struct Column {
  const char* head;
  double width;
};
constexpr Column columns[] = {{"序号", 6},  {"时间", 11}, {"来源", 16}, {"标题", 32}, {"摘要", 48},
                              {"话题", 16}, {"情感", 7},  {"级别", 11}, {"状态", 9},  {"链接", 26}};
constexpr Column warning_columns[] = {{"序号", 6},      {"编号", 19}, {"级别", 11}, {"事项", 34},     {"得分", 7},
                                      {"发出时间", 11}, {"状态", 9},  {"承办", 13}, {"时限", 46},     {"回应链接", 26}};
constexpr double line_points = 15;
constexpr std::size_t lines_max = 12;

struct Row {
  Time at{};
  std::string source, title, excerpt, topic, stance, level, state, link;
};

std::string cell(std::string_view text, std::size_t chars_max) {
  // XML 1.0 knows no control characters; one_line leaves none.
  return one_line(text, chars_max);
}

Row row_of(const ReportedDocument& reported, const Warning* warning) {
  const Document& document = reported.document;
  Row row;
  row.at = effective_time(document);
  row.source = cell(document.source_name.empty() ? document.source : document.source_name, 60);
  row.title = cell(document.title, title_chars_max);
  row.excerpt = cell(telling_sentence(document, reported.analysis), excerpt_chars_max);
  row.topic = reported.analysis.topics.empty() ? "" : cell(reported.analysis.topics.front(), 60);
  row.stance = chinese_name(reported.analysis.stance.label);
  row.level = warning ? level_words(*warning) : "";
  row.state = warning ? chinese_name(warning->state) : "";
  row.link = cell(document.url, link_chars_max);
  return row;
}

// Each document once, newest first; a story's documents carry its warning.
std::vector<Row> rows_of(const DigestInput& input) {
  std::map<std::string, const Warning*> warned;
  for (const Warning& warning : input.warnings)
    if (!warning.story.empty()) warned.emplace(warning.story, &warning);
  std::vector<Row> rows;
  std::set<std::string> seen;
  const auto add = [&](const ReportedDocument& reported, const Warning* warning) {
    if (rows.size() < rows_max && seen.insert(reported.document.id).second) rows.push_back(row_of(reported, warning));
  };
  for (const auto* stories : {&input.stories, &input.near_misses})
    for (const ReportedStory& story : *stories) {
      const auto found = warned.find(story.story.id);
      for (const ReportedDocument& each : story.documents) add(each, found == warned.end() ? nullptr : found->second);
    }
  for (const auto* documents : {&input.unlisted, &input.good_news})
    for (const ReportedDocument& each : *documents) add(each, nullptr);
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(b.at, a.source, a.title, a.link) < std::tie(a.at, b.source, b.title, b.link);
  });
  return rows;
}

struct Formats {
  lxw_format* head;
  lxw_format* text;
  std::string title;  // above each printed page
};

// A header's own language: & begins a command.
std::string header_text(std::string_view text) {
  std::string out;
  for (const char c : one_line(text, 60)) (out += c) += c == '&' ? "&" : "";
  return out;
}

Formats make_formats(lxw_workbook* book, const DigestInput& input) {
  const std::string issue = issue_of(input);
  const std::string left = issue.empty() ? "" : "&L&10" + std::string(report_name(input.period)) + " " + issue;
  Formats formats{workbook_add_format(book), workbook_add_format(book),
                  left + "&C&\"黑体\"&16" + header_text(input.bureau) + "舆情台账&R&10 " + china_date(input.to - Seconds{1})};
  for (lxw_format* format : {formats.head, formats.text}) {
    format_set_font_name(format, "宋体");
    format_set_font_size(format, 11);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_border_color(format, 0xBFBFBF);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(format);
  }
  format_set_font_name(formats.head, "黑体");
  format_set_align(formats.head, LXW_ALIGN_CENTER);
  format_set_bg_color(formats.head, 0xE3EAF3);
  return formats;
}

template <std::size_t count>
void write_head(lxw_worksheet* sheet, const Column (&heads)[count], const Formats& formats, std::size_t rows) {
  for (std::size_t at = 0; at < count; ++at) {
    const auto column = static_cast<lxw_col_t>(at);
    worksheet_set_column(sheet, column, column, heads[at].width, nullptr);
    worksheet_write_string(sheet, 0, column, heads[at].head, formats.head);
  }
  worksheet_freeze_panes(sheet, 1, 0);
  worksheet_autofilter(sheet, 0, 0, static_cast<lxw_row_t>(rows), static_cast<lxw_col_t>(count - 1));
  worksheet_repeat_rows(sheet, 0, 0);
  worksheet_set_landscape(sheet);
  worksheet_set_paper(sheet, 9);  // A4
  worksheet_fit_to_pages(sheet, 1, 0);
  worksheet_set_footer(sheet, "&C第 &P 页 共 &N 页");
  worksheet_set_header(sheet, formats.title.c_str());
}

// Lines that a text takes in a column: a Han character is two digits wide, and a little room stays at the border.
std::size_t lines_of(std::string_view text, double width) {
  const double room = std::max(1.0, width - 1.5);
  std::size_t lines = 1;
  double at_column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_char(text, at);
    const double wide = c < 0x2E80 ? 1.0 : 2.0;
    if (c == '\n' || at_column + wide > room) {
      ++lines;
      at_column = 0;
    }
    if (c != '\n') at_column += wide;
  }
  return std::min(lines, lines_max);
}

// Not every program fits a row to wrapped text by itself, so its height is given.
template <std::size_t count>
void write_cells(lxw_worksheet* sheet, std::size_t row, const std::vector<std::string>& cells,
                 const Column (&heads)[count], lxw_format* format) {
  std::size_t lines = 1;
  for (std::size_t at = 0; at < cells.size(); ++at) lines = std::max(lines, lines_of(cells[at], heads[at].width));
  worksheet_set_row(sheet, static_cast<lxw_row_t>(row), static_cast<double>(lines) * line_points + 3, nullptr);
  for (std::size_t at = 0; at < cells.size(); ++at)
    worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(at), cells[at].c_str(), format);
}

std::string clocks_of(const Warning& warning) {
  std::string text;
  for (const Clock& clock : warning.clocks)
    text += fmt::format("{}{} {}{}", text.empty() ? "" : "；", cell(clock.name, 30), china_minute(clock.due),
                        clock.met_at ? "（已于 " + china_minute(*clock.met_at) + " 完成）" : "");
  return text;
}

void fill(lxw_workbook* book, const DigestInput& input) {
  const Formats formats = make_formats(book, input);
  const std::vector<Row> rows = rows_of(input);
  lxw_worksheet* sheet = workbook_add_worksheet(book, "舆情台账");
  write_head(sheet, columns, formats, rows.size());
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const Row& row = rows[at];
    write_cells(sheet, at + 1, {std::to_string(at + 1), china_minute(row.at), row.source, row.title, row.excerpt,
                                row.topic, row.stance, row.level, row.state, row.link}, columns, formats.text);
  }
  lxw_worksheet* warnings = workbook_add_worksheet(book, "预警");
  write_head(warnings, warning_columns, formats, input.warnings.size());
  for (std::size_t at = 0; at < input.warnings.size() && at < rows_max; ++at) {
    const Warning& w = input.warnings[at];
    write_cells(warnings, at + 1, {std::to_string(at + 1), w.id, level_words(w), cell(w.title, title_chars_max),
                                   fmt::format("{:.1f}", w.score), china_minute(w.raised_at), chinese_name(w.state),
                                   cell(w.assignee, 60), clocks_of(w), cell(w.answer_url, link_chars_max)},
                warning_columns, formats.text);
  }
}

class MemoryFile {
 public:
  MemoryFile() : number_(memfd_create("ledger", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (number_ >= 0) ::close(number_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  bool is_open() const { return number_ >= 0; }
  std::string path() const { return fmt::format("/proc/self/fd/{}", number_); }
  std::string read_all() const {
    std::string bytes;
    char buffer[16384];
    ssize_t got = 0;
    while ((got = ::pread(number_, buffer, sizeof buffer, static_cast<off_t>(bytes.size()))) > 0)
      bytes.append(buffer, static_cast<std::size_t>(got));
    return bytes;
  }

 private:
  int number_;
};

}  // namespace

Result<std::string> write_ledger(const DigestInput& input) {
  const MemoryFile file;
  if (!file.is_open()) return Error{Errc::io, "Excel file: no memory file", "allow memfd_create"};
  const std::string path = file.path();
  lxw_workbook* book = workbook_new(path.c_str());
  if (!book) return Error{Errc::io, "Excel file: out of memory", ""};
  // The time of the report, not of the run: the same input gives the same bytes.
  lxw_doc_properties properties{};
  std::string title = one_line(input.bureau, 60) + "舆情台账";
  properties.title = title.data();
  properties.created = static_cast<time_t>(input.to.time_since_epoch().count());
  workbook_set_properties(book, &properties);
  fill(book, input);
  if (const lxw_error error = workbook_close(book); error != LXW_NO_ERROR)
    return Error{Errc::io, std::string("Excel file: ") + lxw_strerror(error),
                 "check that the temporary directory may be written"};
  return file.read_all();
}

}  // namespace tingchao::alerting
