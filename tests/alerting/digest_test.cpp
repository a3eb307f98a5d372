#include <catch2/catch.hpp>

#include <zip.h>

#include "alerting/digest/canvas.h"
#include "alerting/digest/charts.h"
#include "alerting/digest/figures.h"
#include "alerting/digest/paper.h"
#include "core/utf8.h"
#include "tests/alerting/sample.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// One entry of a ZIP archive in memory; empty when it is not there.
std::string entry(const std::string& archive, const char* name) {
  zip_error_t error;
  zip_source_t* source = zip_source_buffer_create(archive.data(), archive.size(), 0, &error);
  zip_t* zip = zip_open_from_source(source, ZIP_RDONLY, &error);
  REQUIRE(zip);
  std::string bytes;
  if (zip_file_t* file = zip_fopen(zip, name, 0)) {
    char buffer[4096];
    for (zip_int64_t got; (got = zip_fread(file, buffer, sizeof buffer)) > 0;) bytes.append(buffer, got);
    zip_fclose(file);
  }
  zip_discard(zip);
  return bytes;
}

ReportedStory busy_story(int number) {
  ReportedStory reported = sample_day().stories.front();
  reported.story.id = "s" + std::to_string(number);
  reported.story.title = std::string(number % 7 == 0 ? 40'000 : 60, 'x') + std::to_string(number);
  for (ReportedDocument& each : reported.documents) {
    each.document.body = std::string(3000, '<') + each.document.body;
    each.analysis.matches.clear();
  }
  return reported;
}

}  // namespace

TEST_CASE("the day's report tells everything in both parts", "[alerting][digest]") {
  const DigestInput input = sample_day();
  const Digest digest = sample_digest(input);
  CHECK(digest.subject == "【舆情日报】青溪区教育和体育局 2026年4月15日（星期三）：342 篇，重点事件 3 件，新发预警 2 起");
  for (const std::string* part : {&digest.html, &digest.text}) {
    for (const char* said : {"青溪区教育和体育局",
                             "2026年第105期",
                             "2026年4月15日（星期三）",
                             "4月15日 00:00 — 4月15日 24:00",
                             "共采集公开信息 342 篇，比上一日增加 23%（上一日 278 篇）",
                             "其中负面 79 篇，占 23.1%",
                             "新发预警 2 起（Ⅱ级橙色 1 起、Ⅲ级黄色 1 起）",
                             "1 项回应时限已超期",
                             "■■■□",
                             "已超 50 分钟",
                             "基础教育科",
                             "青溪区实验小学多名学生就餐后呕吐",
                             "7 个独立首发",
                             "首见 4月15日 17:58",
                             "下午班里有七八个孩子肚子疼、呕吐。",
                             "关于实验小学部分学生身体不适的情况通报",
                             "18–20时",
                             "127",
                             "校园安全 › 食品安全",
                             "青溪五中门口早高峰拥堵",
                             "青溪区第八届校园足球联赛开幕",

                             "得分 33.7，预警线 35，未满足评定条件；主要因素：性质严重程度（C 类）",
                             "听证会只给了三天时间",
                             "共 3 个信源，正常 1 个，异常 2 个",
                             "连续失败 37 次",
                             "12 天 14 小时无新内容",
                             "北京时间",
                             "退订"})
      CHECK(has(*part, said));
    for (const ReportedStory& story : input.stories)
      for (const ReportedDocument& each : story.documents) CHECK(has(*part, each.document.url));
    CHECK_FALSE(has(*part, "{{"));
  }
  CHECK(has(digest.html, "cid:trend"));
  CHECK(has(digest.html, "cid:topics"));
  CHECK(digest.topics_png.substr(1, 3) == "PNG");
  CHECK(digest.trend_png.substr(1, 3) == "PNG");
  CHECK(digest.trend_png.size() < 60'000);
}

TEST_CASE("every quoted sentence is bytes of its document", "[alerting][digest]") {
  const DigestInput input = sample_day();
  const Outline outline = outline_of(input, {});
  std::size_t quotes = 0;
  for (std::size_t s = 0; s < input.stories.size(); ++s)
    for (const Excerpt& excerpt : outline.stories.items[s].excerpts) {
      bool found = false;
      for (const ReportedDocument& each : input.stories[s].documents)
        found = found || (each.document.url == excerpt.link && has(each.document.body, excerpt.quote.text));
      CHECK(found);
      ++quotes;
    }
  CHECK(quotes == 5);
}

TEST_CASE("a day without anything is no all-clear", "[alerting][digest]") {
  const Digest digest = sample_digest(sample_empty_day());
  for (const std::string* part : {&digest.html, &digest.text}) {
    CHECK(has(*part, "本日未监测到相关信息；这不等于没有舆情"));
    CHECK(has(*part, "期内没有新发或未办结的预警。"));
    CHECK_FALSE(has(*part, "重点事件\n"));
    CHECK_FALSE(has(*part, "信息量走势"));
  }
  CHECK(digest.trend_png.empty());
  CHECK_FALSE(has(digest.html, "cid:"));
  CHECK(digest.subject.ends_with("未监测到相关信息"));
}

TEST_CASE("an issue's number follows from its period", "[alerting][digest]") {
  struct Case {
    const char *period, *from, *to, *issue;
  };
  const Case cases[] = {
      {"day", "2026-04-15 00:00", "2026-04-16 00:00", "2026年第105期"},
      {"day", "2026-11-27 08:00", "2026-11-28 08:00", "2026年第332期"},
      {"day", "2025-12-31 00:00", "2026-01-01 00:00", "2025年第365期"},
      {"day", "2025-12-31 08:00", "2026-01-01 08:00", "2026年第1期"},
      {"day", "2028-12-31 00:00", "2029-01-01 00:00", "2028年第366期"},
      {"week", "2026-04-13 00:00", "2026-04-20 00:00", "2026年第16期"},
      {"week", "2026-12-28 00:00", "2027-01-04 00:00", "2026年第53期"},  // three of its days are of 2027
      {"week", "2027-01-04 00:00", "2027-01-11 00:00", "2027年第1期"},
      {"week", "2024-12-30 00:00", "2025-01-06 00:00", "2025年第1期"},  // two of its days are of 2024
      {"week", "2026-04-11 00:00", "2026-04-18 00:00", "2026年第16期"},  // from Saturday to Friday
      {"week", "2026-04-09 00:00", "2026-04-16 00:00", "2026年第15期"},  // from Thursday to Wednesday
      {"month", "2026-02-01 00:00", "2026-03-01 00:00", "2026年第2期"},
      {"month", "2026-12-01 00:00", "2026-12-18 00:00", "2026年第12期"},
      {"special", "2026-04-15 00:00", "2026-04-16 00:00", ""},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.period << " to " << c.to) {
    DigestInput input;
    input.period = c.period;
    input.from = at(c.from);
    input.to = at(c.to);
    CHECK(issue_of(input) == c.issue);
  }
}

TEST_CASE("weeks and months", "[alerting][digest]") {
  struct Case {
    const char *period, *from, *to, *subject, *words;
  };
  const Case cases[] = {
      {"week", "2026-04-13 00:00", "2026-04-20 00:00", "【舆情周报】青溪区教育和体育局 2026年4月13日至4月19日：", "比上一周"},
      {"month", "2026-02-01 00:00", "2026-03-01 00:00", "【舆情月报】青溪区教育和体育局 2026年2月：", "比上一月"},
      {"day", "2026-04-14 08:00", "2026-04-15 08:00", "【舆情日报】青溪区教育和体育局 2026年4月15日（星期三）：", "比上一日"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.subject) {
    DigestInput input = sample_day();
    input.period = c.period;
    input.from = at(c.from);
    input.to = at(c.to);
    const Digest digest = sample_digest(input);
    CHECK(digest.subject.starts_with(c.subject));
    CHECK(has(digest.text, c.words));
  }
}

TEST_CASE("the trend has a row for eight spans at most", "[alerting][digest]") {
  for (const int buckets : {0, 1, 7, 8, 9, 24, 31, 400}) {
    std::vector<Bar> bars(static_cast<std::size_t>(buckets));
    for (int i = 0; i < buckets; ++i) bars[i] = {std::to_string(i) + "时", i, i / 2, 0};
    const std::vector<Bar> rows = table_of(bars);
    CHECK(rows.size() <= 8);
    long all = 0, told = 0;
    for (const Bar& bar : bars) all += bar.documents;
    for (const Bar& row : rows) told += row.documents;
    CHECK(all == told);
    CHECK(draw_trend(bars).has_value());
  }
}

TEST_CASE("round steps of a scale", "[alerting][digest]") {
  const std::pair<int, int> cases[] = {{0, 1},    {1, 1},    {4, 1},     {5, 2},
                                         {52, 20},  {100, 50}, {999, 500}, {2'000'000'000, 500'000'000}};
  for (const auto& [most, step] : cases) CHECK(scale_step(most) == step);
}

TEST_CASE("the mail stays under 90 KB whatever happens", "[alerting][digest]") {
  DigestInput input = sample_day();
  input.stories.clear();
  for (int i = 0; i < 300; ++i) input.stories.push_back(busy_story(i));
  input.near_misses = input.stories;
  for (int i = 0; i < 500; ++i) {
    input.warnings.push_back(input.warnings[0]);
    input.good_news.push_back(input.good_news[0]);
    input.good_news.back().document.id = std::to_string(i);
    input.topics["话题" + std::to_string(i) + std::string(5000, '&')] = i;
    SourceHealth health;
    health.source = "s" + std::to_string(i) + std::string(5000, '"');
    health.failures = 9;
    health.last_error = std::string(5000, '<');
    input.sources.push_back(health);
  }
  const Digest digest = sample_digest(input);
  CHECK(digest.html.size() <= 90 * 1024);
  CHECK(digest.html.size() > 30 * 1024);
  CHECK(has(digest.html, "等 300 件，以上列出"));
  CHECK(has(digest.text, "等 300 件，以上列出"));
  CHECK_FALSE(has(digest.html, "<<<"));
  CHECK(is_utf8(digest.text));
  CHECK(has(digest.html, "</html>"));
}

TEST_CASE("hostile titles stay text everywhere", "[alerting][digest]") {
  DigestInput input = sample_day();
  const std::string hostile = "=cmd|' /C calc'!A0 <script>alert(1)</script>\x01\u202E]]>&amp;";
  for (ReportedStory& story : input.stories) {
    story.story.title = hostile;
    for (ReportedDocument& each : story.documents) {
      each.document.title = each.document.body = each.document.source_name = hostile;
      each.document.url = "javascript:alert(1)";
      each.analysis.matches.clear();
    }
  }
  const Digest digest = sample_digest(input);
  CHECK_FALSE(has(digest.html, "<script"));
  CHECK_FALSE(has(digest.html, "javascript:"));
  const std::string document = entry(digest.docx, "word/document.xml");
  const std::string links = entry(digest.docx, "word/_rels/document.xml.rels");
  CHECK(has(document, "=cmd|' /C calc'!A0 &lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK_FALSE(has(document, "\x01"));
  CHECK_FALSE(has(links, "javascript:"));
  const std::string sheet = entry(digest.xlsx, "xl/worksheets/sheet1.xml");
  CHECK_FALSE(has(sheet, "<f>"));
  CHECK_FALSE(has(sheet, "hyperlink"));
  CHECK(has(entry(digest.xlsx, "xl/sharedStrings.xml"), "=cmd|"));
}

TEST_CASE("sentences as official papers write them", "[alerting][digest]") {
  CHECK(official("共采集 342 篇，比上一日增加 23%（上一日 278 篇）") ==
        "共采集342篇，比上一日增加23%（上一日278篇）");
  CHECK(official("18 篇 · 6 个来源 · 4月15日 17:58") == "18篇，6个来源，4月15日17:58");
  CHECK(official("a b  c ") == "a b  c ");
  CHECK(official("") == "");
}

TEST_CASE("the Word file", "[alerting][digest]") {
  const Digest digest = sample_digest(sample_day());
  const std::string document = entry(digest.docx, "word/document.xml");
  for (const char* said :
       {"青溪区教育和体育局舆情日报", "一、概况", "二、重点事件", "（一）青溪区实验小学多名学生就餐后呕吐",
        "三、预警与时限", "下午班里有七八个孩子肚子疼、呕吐。", "w:tblHeader", "r:embed=\"rIdP1\"",
        "采集公开信息342篇，比上一日增加23%", "18篇，6个来源，7个独立首发",
        ">4月15日</w:t></w:r><w:r><w:br/></w:r><w:r><w:t xml:space=\"preserve\">18:10<",
        "w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\""})
    CHECK(has(document, said));
  const auto title = document.find("青溪区教育和体育局舆情日报"), issue = document.find("2026年第105期"),
             date = document.find("2026年4月15日（星期三）");
  CHECK((title < issue && issue < date && date < document.find("一、概况")));
  CHECK(has(entry(digest.xlsx, "xl/worksheets/sheet1.xml"), "&amp;L&amp;10舆情日报 2026年第105期&amp;C"));
  CHECK(entry(digest.docx, "word/media/picture1.png") == digest.trend_png);
  CHECK(entry(digest.docx, "word/media/picture2.png") == digest.topics_png);
  CHECK(has(entry(digest.docx, "word/styles.xml"), "方正小标宋简体"));
  CHECK(has(entry(digest.docx, "word/fontTable.xml"), "<w:altName w:val=\"黑体\"/>"));
  CHECK(has(entry(digest.docx, "word/footer1.xml"), " PAGE "));
  CHECK(has(entry(digest.docx, "word/footer1.xml"), "<w:jc w:val=\"right\"/>"));
  CHECK(has(entry(digest.docx, "word/footer2.xml"), "<w:jc w:val=\"left\"/>"));
  CHECK(has(entry(digest.docx, "word/settings.xml"), "evenAndOddHeaders"));
  CHECK(has(entry(digest.docx, "word/_rels/document.xml.rels"), "https://www.example.cn/a/"));
  const Digest empty = sample_digest(sample_empty_day());
  CHECK(entry(empty.docx, "word/media/picture1.png").empty());
  CHECK_FALSE(has(entry(empty.docx, "word/document.xml"), "r:embed"));
}

TEST_CASE("the ledger has a row a document", "[alerting][digest]") {
  const Digest digest = sample_digest(sample_day());
  const std::string strings = entry(digest.xlsx, "xl/sharedStrings.xml");
  for (const char* head : {"序号", "时间", "来源", "标题", "摘要", "话题", "情感", "级别", "状态", "链接"}) CHECK(has(strings, head));
  for (const char* said : {"2026-04-15 23:05", "青溪发布", "负面", "Ⅱ级橙色", "待处理", "基础教育科", "3f9a6c01d2e45b78"})
    CHECK(has(strings, said));
  const std::string sheet = entry(digest.xlsx, "xl/worksheets/sheet1.xml");
  CHECK(has(sheet, "<dimension ref=\"A1:J9\"/>"));  // a head and eight documents
  CHECK(has(sheet, "<autoFilter"));
  CHECK(has(entry(digest.xlsx, "xl/workbook.xml"), "舆情台账"));
}

TEST_CASE("the same report input gives the same bytes", "[alerting][digest]") {
  const Digest a = sample_digest(sample_day()), b = sample_digest(sample_day());
  CHECK(a.html == b.html);
  CHECK(a.text == b.text);
  CHECK(a.trend_png == b.trend_png);
  CHECK(a.docx == b.docx);
  CHECK(a.xlsx == b.xlsx);
  const Envelope envelope{"a@example.cn", "b@example.cn", "id@example.cn", a.to, "https://t.example.cn/u/1"};
  CHECK(to_mail(a, envelope) == to_mail(b, envelope));
}

TEST_CASE("what cannot be composed says why", "[alerting][digest]") {
  const std::string html = shipped_template("digest.html.mustache"), text = shipped_template("digest.txt.mustache");
  DigestInput backwards = sample_day();
  backwards.to = backwards.from;
  CHECK(compose(backwards, html, text).error().code == Errc::bad_argument);
  CHECK(compose(sample_day(), "", text).error().code == Errc::bad_config);
  CHECK(compose(sample_day(), html, "{{#x}}").error().code == Errc::bad_config);
  CHECK(compose(sample_day(), html + std::string(95'000, 'x'), text).error().code == Errc::too_large);
}
