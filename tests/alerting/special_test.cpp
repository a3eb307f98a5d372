#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "alerting/digest/special.h"
#include "core/utf8.h"
#include "tests/alerting/mail_reading.h"
#include "tests/alerting/sample.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

SpecialInput flooded() {
  SpecialInput input = sample_special();
  const ReportedDocument first = input.documents.front();
  for (int i = 0; i < 3000; ++i) {
    input.documents.push_back(first);
    ReportedDocument& each = input.documents.back();
    each.document.id = "d" + std::to_string(i);
    each.document.title = std::string(4000, '&') + std::to_string(i);
    each.document.body = std::to_string(i) + std::string(4000, '<');
    each.document.url = "https://www.example.cn/" + std::string(300, 'x') + std::to_string(i);
    each.document.thread.reset();
    each.analysis.matches.clear();
    input.history.push_back(input.history.front());
    input.history.back().note = std::string(4000, '"');
  }
  for (int i = 0; i < 60; ++i) input.warning->reasons.push_back(input.warning->reasons.front());
  return input;
}

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  REQUIRE(file.good());
}

void write_all(const std::filesystem::path& directory, const std::string& name, const Digest& digest) {
  write(directory / (name + ".html"), to_page(digest));
  write(directory / (name + ".docx"), digest.docx);
  write(directory / (name + ".xlsx"), digest.xlsx);
}

}  // namespace

TEST_CASE("a special report has its six sections, and says nothing of its own", "[alerting][special]") {
  const SpecialInput input = sample_special();
  const Digest digest = sample_special_digest(input);
  CHECK(digest.subject == "【舆情专报】Ⅱ级橙色：青溪区实验小学多名学生就餐后呕吐，家长质疑食堂食品安全");
  CHECK(digest.file_name == "舆情专报-青溪区实验小学多名学生就餐后呕吐，家长质疑食堂食品安全-2026-04-15");
  for (const std::string* part : {&digest.html, &digest.text})
    for (const char* said :
         {"一、基本情况", "二、传播情况", "三、主要观点", "四、研判", "五、处置情况", "六、建议",
          "截至 4月15日 22:45", "采集公开信息 18 篇（本报告所依据的 3 篇中转载 0 篇）", "官方发布",
          "负面与质疑", "已电话联系学校", "（王敏）", "按国办发〔2016〕80号，于4月15日 23:10前发布权威信息。",
          "未完成，时限 4月15日 23:10，还剩 25 分钟", "未作增补", "3f9a6c01d2e45b78"})
      if (!has(*part, said)) FAIL_CHECK(said);
  for (const Reason& reason : input.warning->reasons) CHECK(has(digest.text, reason.lowers));
}

TEST_CASE("each quotation of a special report is bytes of its document and names it", "[alerting][special]") {
  const SpecialInput input = sample_special();
  std::size_t quotes = 0;
  for (const SpecialSection& section : special_of(input, {}).sections)
    for (const SpecialLine& line : section.lines) {
      if (line.kind != SpecialLine::Kind::quote) continue;
      ++quotes;
      CHECK_FALSE(line.cite.empty());
      const bool found =
          std::any_of(input.documents.begin(), input.documents.end(), [&](const ReportedDocument& each) {
            return each.document.url == line.link &&
                   has(each.document.title + "\n" + each.document.body, line.text);
          });
      CHECK(found);
    }
  CHECK(quotes >= 3);
}

TEST_CASE("a story without a warning gets no level and no advice", "[alerting][special]") {
  SpecialInput input = sample_special();
  input.warning.reset();
  input.history.clear();
  input.story.official_answer.clear();
  const Digest digest = sample_special_digest(input);
  for (const char* said : {"本事件未发出预警。", "标准未给出级别", "没有处置记录。", "未规定时限和措施"})
    CHECK(has(digest.text, said));
  CHECK_FALSE(has(digest.text, "国办发"));
}

TEST_CASE("of a warning that is over nothing runs and nothing is advised", "[alerting][special]") {
  SpecialInput input = sample_special();
  input.warning->state = WarningState::closed;
  input.warning->state_since = input.now;
  const Digest digest = sample_special_digest(input);
  for (const char* said : {"未完成，时限 4月15日 23:10，不再计时。", "预警已办结，预警标准没有进一步的时限和条件。"})
    CHECK(has(digest.text, said));
  for (const char* unsaid : {"还剩", "回落的条件", "未作增补"}) CHECK_FALSE(has(digest.text, unsaid));
}

TEST_CASE("a burst has no story: its reasons and clocks are told all the same", "[alerting][special]") {
  SpecialInput input = sample_special();
  input.story = {};
  input.documents.clear();
  const Digest digest = sample_special_digest(input);
  CHECK(has(digest.text, "一路信息量的异常"));
  CHECK(digest.trend_png.empty());
  CHECK_FALSE(has(digest.html, "cid:"));
}

TEST_CASE("a special report stays under 90 KB whatever happens", "[alerting][special]") {
  const Digest digest = sample_special_digest(flooded());
  CHECK(digest.html.size() <= 90 * 1024);
  CHECK(digest.html.size() > 20 * 1024);
  CHECK(has(digest.html, "</html>"));
  CHECK(is_utf8(digest.text));
}

TEST_CASE("a digest's mail can be ended with one click", "[alerting][digest]") {
  Digest digest = sample_digest(sample_day());
  const std::string url = "https://tingchao.example.cn/u/0123456789abcdef0123456789abcdef01234567";
  const Message mail =
      parse_mail(to_mail(digest, {"听潮 <a@example.cn>", "b@example.cn", "1@example.cn", digest.to, url}));
  CHECK(header(mail, "List-Unsubscribe") == "<" + url + ">, <mailto:a@example.cn?subject=unsubscribe>");
  CHECK(header(mail, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click");
  CHECK(has(part_of_type(mail, "text/html"), "href=\"" + url + "\""));
  CHECK(has(part_of_type(mail, "text/plain"), url));
  const Message by_mail =
      parse_mail(to_mail(digest, {"a@example.cn", "b@example.cn", "1@example.cn", digest.to, ""}));
  CHECK(header(by_mail, "List-Unsubscribe") == "<mailto:a@example.cn?subject=unsubscribe>");
  CHECK(header(by_mail, "List-Unsubscribe-Post").empty());
  CHECK(has(part_of_type(by_mail, "text/html"), "href=\"mailto:a@example.cn?subject=unsubscribe\""));
  CHECK_FALSE(has(part_of_type(by_mail, "text/html"), "\"unsubscribe:\""));
}

TEST_CASE("file names of reports come through a mail as they are", "[alerting][digest]") {
  const Digest special = sample_special_digest(sample_special());
  const Message mail =
      parse_mail(to_mail(special, {"a@example.cn", "b@example.cn", "1@example.cn", special.to, ""}));
  GMimeObject* mixed = g_mime_message_get_mime_part(mail.get());
  REQUIRE(type_of(mixed) == "multipart/mixed");
  CHECK(std::string(g_mime_part_get_filename(GMIME_PART(child(mixed, 1)))) == special.file_name + ".docx");
  CHECK(std::string(g_mime_part_get_filename(GMIME_PART(child(mixed, 2)))) == "舆情台账-2026-04-15.xlsx");
  CHECK(content(child(mixed, 1)) == special.docx);
}

// For tests/e2e/reports_test.py, which looks at them.
namespace {

// The day's numbers spread over the period.
void count_by_days(DigestInput& input) {
  input.trend.clear();
  input.trend_negative.clear();
  const int days = static_cast<int>((input.to - input.from) / std::chrono::hours{24});
  int left = input.documents, left_negative = 79;
  for (int day = 0; day < days; ++day) {
    const int rest = days - day, count = rest == 1 ? left : left / rest + day % 3 - 1;
    const int negative = left_negative / rest;
    input.trend.emplace_back(input.from + day * std::chrono::hours{24}, count);
    input.trend_negative.emplace_back(input.from + day * std::chrono::hours{24}, negative);
    left -= count;
    left_negative -= negative;
  }
}

}  // namespace

TEST_CASE("sample reports as files", "[.write]") {
  const char* directory = std::getenv("TINGCHAO_REPORTS");
  REQUIRE(directory);
  write_all(directory, "day", sample_digest(sample_day()));
  DigestInput week = sample_day();
  week.period = "week";
  week.from = at("2026-04-13 00:00");
  week.to = at("2026-04-20 00:00");
  count_by_days(week);
  write_all(directory, "week", sample_digest(week));
  DigestInput month = week;
  month.period = "month";
  month.from = at("2026-04-01 00:00");
  month.to = at("2026-05-01 00:00");
  count_by_days(month);
  write_all(directory, "month", sample_digest(month));
  write_all(directory, "empty", sample_digest(sample_empty_day()));
  write_all(directory, "special", sample_special_digest(sample_special()));
  write_all(directory, "flooded", sample_special_digest(flooded()));
}
