#include <catch2/catch.hpp>

#include <cmath>

#include "alerting/wording.h"
#include "core/utf8.h"
#include "tests/alerting/sample.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;

TEST_CASE("levels in words and in squares", "[alerting][wording]") {
  CHECK(level_words(orange) == "Ⅱ级橙色");
  CHECK(level_words(Level{"Ⅱ", "", "", 2}) == "Ⅱ级");
  CHECK(level_words(Level{"Ⅱ", "橙色", "", 2}) == "Ⅱ级橙色");
  Warning warning;
  warning.level = red;
  warning.needs_confirmation = true;
  CHECK(level_words(warning) == "拟Ⅰ级红色");
  CHECK(level_meter(red) == "■■■■");
  CHECK(level_meter(blue) == "■□□□");
  CHECK(level_meter(Level{"Ⅵ", "", "", 6}) == "■□□□");
}

// WCAG 2.1: relative luminance and contrast.
double luminance(std::string_view colour) {
  const auto channel = [&](std::size_t at) {
    const double c = std::stoi(std::string(colour.substr(at, 2)), nullptr, 16) / 255.0;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

TEST_CASE("every level's colour is legible", "[alerting][wording]") {
  for (const Level& level : {red, orange, yellow, blue, Level{"A", "紫", "", 1}}) {
    const Paint paint = paint_of(level);
    const double a = luminance(paint.fill), b = luminance(paint.ink);
    CHECK((std::max(a, b) + 0.05) / (std::min(a, b) + 0.05) >= 4.5);
  }
}

TEST_CASE("a stranger's words on one line", "[alerting][wording]") {
  struct Case {
    const char* name;
    std::string text;
    const char* want;
  };
  const Case cases[] = {
      {"照常", "食堂 问题", "食堂 问题"},
      {"换行与制表", "a\r\n\tb", "a b"},
      {"首尾空白", "  a　", "a"},
      {"反转书写方向的字符", "a\u202Eb\u2066c\u200F", "abc"},
      {"空字符", std::string("a\0b", 3), "a\uFFFDb"},
      {"坏字节", "a\xFF" "b", "a\uFFFDb"},
      {"零宽空格以外的表情保留", "👨‍👩‍👧", "👨‍👩‍👧"},
      {"太长", "一二三四五六七八九十十一", "一二三四五六七八九…"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) { CHECK(one_line(c.text, 10) == c.want); }
  CHECK(count_chars(one_line(std::string(1 << 20, 'x'), 80)) == 80);
}

TEST_CASE("a quotation is the bytes of the source", "[alerting][wording]") {
  CHECK(quote("孩子\u202E吐了。", 100).text == "孩子\u202E吐了。");
  CHECK_FALSE(quote("孩子吐了。", 5).cut);
  CHECK(quote("孩子吐了。", 4).text == "孩子吐了");
  CHECK(quote("孩子吐了。", 4).cut);
}

TEST_CASE("only web addresses become links", "[alerting][wording]") {
  CHECK(link_or_nothing("https://www.example.cn/a?b=1&c=食堂") == "https://www.example.cn/a?b=1&c=食堂");
  CHECK(link_or_nothing("HTTP://www.example.cn") == "HTTP://www.example.cn");
  for (const char* bad : {"", "javascript:alert(1)", "data:text/html,x", "https://a\" onclick=\"x", "http://a b", "//a",
                          "httpsx://a", "https://a\r\nb", "http:\\\\a"})
    CHECK(link_or_nothing(bad) == "");
}

TEST_CASE("moments and spans", "[alerting][wording]") {
  CHECK(moment(at("2026-04-05 07:03")) == "4月5日 07:03");
  CHECK(remaining(at("2026-04-15 10:00"), at("2026-04-15 07:30")) == "还剩 2 小时 30 分钟");
  CHECK(remaining(at("2026-04-15 10:00"), at("2026-04-15 10:12")) == "已超 12 分钟");
  CHECK(remaining(at("2026-04-15 10:00"), at("2026-04-15 10:00")) == "此刻到期");
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1\u00A0000");
  CHECK(grouped(-1234567) == "-1\u00A0234\u00A0567");
  CHECK(topic_words("校园安全/食品安全") == "校园安全 › 食品安全");
  CHECK(warning_link("https://t.example.cn/", "w1") == "https://t.example.cn/#/warnings/w1");
  CHECK(warning_link("", "w1") == "");
}
