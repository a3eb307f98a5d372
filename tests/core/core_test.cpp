// Time, UTF-8, hashes and errors: tables of what goes in and what must come out.
#include <catch2/catch.hpp>

#include "core/hash.h"
#include "core/result.h"
#include "core/time.h"
#include "core/utf8.h"

using namespace tingchao;

TEST_CASE("times are read and written in +08:00", "[core][time]") {
  struct Case {
    const char* text;
    const char* want;
  };
  const Case cases[] = {{"2026-04-15T22:40:00+08:00", "2026-04-15T22:40:00+08:00"},
                        {"2026-04-15T14:40:00Z", "2026-04-15T22:40:00+08:00"},
                        {"2026-04-15 22:40", "2026-04-15T22:40:00+08:00"},
                        {"2026-04-15", "2026-04-15T00:00:00+08:00"},
                        {"2026-02-28T23:59:59.999-0330", "2026-03-01T11:29:59+08:00"},
                        {"2024-02-29", "2024-02-29T00:00:00+08:00"},
                        {"2026-04-15T24:00:00", "2026-04-16T00:00:00+08:00"}};
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto at = parse_time(c.text);
    REQUIRE(at);
    CHECK(to_rfc3339(*at) == c.want);
    CHECK(parse_time(to_rfc3339(*at)) == at);
  }
  for (const char* wrong :
       {"", "2026", "2026-13-01", "2025-02-29", "2026-04-15T25:00", "2026-04-15T10:60", "2026-04-15T10:00x",
        "2026-04-15T10:00+99:00", "15.04.2026", "2026-04-15T10:00:00.", "2026-04-15T24:01"})
    CHECK_FALSE(parse_time(wrong));
}

TEST_CASE("the day begins at midnight in China", "[core][time]") {
  const Time at = *parse_time("2026-04-15T00:30:00+08:00");
  CHECK(china_midnight(at) == *parse_time("2026-04-15"));
  CHECK(china_date(at) == "2026-04-15");
  CHECK(china_clock(at) == "00:30");
  CHECK(china_hour(at) == 0);
  CHECK(china_weekday(at) == 3);
  CHECK(china_minute(*parse_time("1969-12-31T23:59:00+08:00")) == "1969-12-31 23:59");
}

TEST_CASE("spans of time", "[core][time]") {
  CHECK(parse_duration("90s") == Seconds{90});
  CHECK(parse_duration("1h30m") == Seconds{5400});
  CHECK(parse_duration("7d") == Seconds{604800});
  for (const char* wrong : {"", "5", "m", "5x", "-5m", "5m3", "9999999999d"})
    CHECK_FALSE(parse_duration(wrong));
  CHECK(to_text(Seconds{5400}) == "1h30m");
  CHECK(to_text(Seconds{0}) == "0s");
  CHECK(to_chinese(Seconds{5 * 3600 + 120}) == "5 小时 2 分钟");
  CHECK(to_chinese(Seconds{3 * 86400}) == "3 天");
  CHECK(to_chinese(Seconds{7}) == "7 秒");
}

TEST_CASE("UTF-8 is strict, and mending it loses no neighbour", "[core][utf8]") {
  struct Case {
    const char* name;
    std::string bytes;
    bool valid;
    std::string mended;
  };
  const std::string bad = "\xEF\xBF\xBD";
  const Case cases[] = {{"汉字", "食堂", true, "食堂"},
                        {"表情", "\xF0\x9F\x98\x80", true, "\xF0\x9F\x98\x80"},
                        {"过长编码", "\xC0\xAF", false, bad + bad},
                        {"三字节过长", "\xE0\x80\xAF", false, bad + bad + bad},
                        {"代理码位", "\xED\xA0\x80", false, bad + bad + bad},
                        {"超出上限", "\xF4\x90\x80\x80", false, bad + bad + bad + bad},
                        {"截断在末尾", "食\xE5\xA0", false, "食" + bad},
                        {"截断在中间",
                         "\xE5\xA0"
                         "A",
                         false, bad + "A"},
                        {"孤立的后续字节",
                         "A\x80"
                         "B",
                         false, "A" + bad + "B"},
                        {"空字节", std::string("A\0B", 3), true, "A" + bad + "B"}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      CHECK(is_utf8(c.bytes) == c.valid);
      CHECK(to_valid_utf8(c.bytes) == c.mended);
      CHECK(is_utf8(to_valid_utf8(c.bytes)));
    }
}

TEST_CASE("cutting never splits a character", "[core][utf8]") {
  const std::string text = "食堂a😀";
  for (std::size_t n = 0; n <= text.size() + 2; ++n) {
    CHECK(is_utf8(cut_bytes(text, n)));
    CHECK(cut_bytes(text, n).size() <= n);
  }
  CHECK(cut_chars(text, 3) == "食堂a");
  CHECK(cut_chars(text, 0).empty());
  CHECK(cut_chars(text, 99) == text);
  CHECK(count_chars(text) == 4);
  std::string rebuilt;
  for (std::size_t at = 0; at < text.size();) append_char(rebuilt, next_char(text, at));
  CHECK(rebuilt == text);
  CHECK(trim(" \t\u3000食 堂\u00A0\n") == "食 堂");
}

TEST_CASE("digests equal published vectors", "[core][hash]") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const Sha256 mac = hmac_sha256("key", "The quick brown fox jumps over the lazy dog");
  CHECK(to_hex({reinterpret_cast<const char*>(mac.data()), mac.size()}) ==
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  for (const std::string text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    CHECK(from_base64(to_base64(text)) == text);
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  for (const char* wrong : {"Zg", "Zg=a", "====", "Z===", "Zm9v!mFy"}) CHECK(from_base64(wrong).empty());
  CHECK(stable_id("x").size() == 16);
  CHECK(hash64("a") != hash64("b"));
  CHECK(hash64("a", 1) != hash64("a", 2));
}

TEST_CASE("an error says what to do", "[core][result]") {
  const Result<int> failed = Error{Errc::io, "/data: full", "free disk space"};
  CHECK_FALSE(failed);
  CHECK(describe(failed.error()) == "/data: full (free disk space)");
  CHECK(is_transient(Errc::io));
  CHECK_FALSE(is_transient(Errc::bad_rule));
  CHECK(*Result<int>(7) == 7);
  CHECK(Result<void>().has_value());
}
