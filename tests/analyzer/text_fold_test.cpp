#include <catch2/catch.hpp>

#include <random>

#include "analyzer/text/fold_table.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

TEST_CASE("folding", "[text]") {
  struct Case { const char* name; const char* stored; const char* folded; };
  const Case cases[] = {
      {"简体不变", "学校服务，著名俱乐部。", "学校服务,著名俱乐部。"},
      {"繁体", "學校後門麼裡臺灣衛生", "学校后门么里台湾卫生"},
      {"异体", "羣峯衞戸", "群峰卫户"},
      {"简体里也用的字不动", "著名俱乐部摔跤乾隆慰藉", "著名俱乐部摔跤乾隆慰藉"},
      {"全角", "ＡＢＣ１２３（）：", "abc123():"},
      {"大写", "NBA Straße", "nba strasse"},
      {"希腊词尾", "ΣΑΣ", "σασ"},
      {"平方米", "１２㎡", "12m2"},
      {"连字", "ﬁne", "fine"},
      {"圈码", "①②", "12"},
      {"省略号", "他说……", "他说......"},
      {"零宽", "中\u200b毒\ufeff了\u00ad", "中毒了"},
      {"组合字符", "cafe\u0301", "caf\u00e9"},
      {"已组合", "CAF\u00c9", "caf\u00e9"},
      {"零宽隔开的组合", "e\u200b\u0301x", "\u00e9x"},
      {"开头就是组合符", "\u0301a", "\u0301a"},
      {"韩文字母", "\u1112\u1161\u11ab", "\ud55c"},
      {"半角假名与浊点", "ｶﾞ", "ガ"},
      {"兼容汉字", "\uf900", "岂"},
      {"康熙部首", "\u2f08", "人"},
      {"不间断空格", "a\u00a0b\u3000c", "a b c"},
      {"表情", "👨‍👩‍👧好", "👨👩👧好"},
      {"空", "", ""},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) { CHECK(to_utf8(fold(c.stored).folded) == c.folded); }
}

TEST_CASE("a span of folded text is the stored bytes it came from", "[text]") {
  struct Case { const char* name; const char* stored; const char* term; const char* span; };
  const Case cases[] = {
      {"简体", "我校食物中毒了", "中毒", "中毒"},
      {"繁体", "食物中毒與學校", "学校", "學校"},
      {"一字变两字，取一半也给整字", "共１２㎡地", "m", "㎡"},
      {"两字变一字", "in cafe\u0301s", "é", "e\u0301"},
      {"中间的零宽算在内", "食\u200b物", "食物", "食\u200b物"},
      {"两边的零宽不算", "\u200b食物\u200b。", "食物", "食物"},
      {"四字节", "𠀀中毒😀", "中毒", "中毒"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      const TextView view = fold(c.stored);
      const std::u32string term = fold_term(c.term);
      const std::size_t at = view.folded.find(term);
      REQUIRE(at != view.folded.npos);
      const Span span = view.bytes(at, at + term.size());
      CHECK(std::string(c.stored).substr(span.begin, span.end - span.begin) == c.span);
      CHECK(view.at_byte(span.begin) == at);
      CHECK(view.at_byte(span.end) >= at + term.size());
    }
}

namespace {

// Texts of what folding finds hard, besides the ordinary.
std::string random_text(std::mt19937& random) {
  static const std::u32string pieces =
      U"学校服务学後麼ＡＢｃ１２ aB9.\n。！？㎡ﬁ①…"
      U"\u200b\ufeff\u00ad\u0301\u0327\u3099か\u1112\u1161\u11abｶﾞ\uf900𠀀😀\u200d\u0344ßİ\u0f71\u0f72";
  std::string out;
  const std::size_t size = random() % 40;
  for (std::size_t i = 0; i < size; ++i) {
    char32_t c = pieces[random() % pieces.size()];
    if (random() % 8 == 0) c = random() % 0x30000;
    if (c >= 0xD800 && c < 0xE000) c = U'汉';
    append_char(out, c);
  }
  return out;
}

bool on_border(std::string_view text, std::uint32_t byte) {
  return byte == text.size() || (byte < text.size() && (std::uint8_t(text[byte]) & 0xC0) != 0x80);
}

}  // namespace

TEST_CASE("the byte map is in order, on character borders, and leaves out only zero-width characters", "[text]") {
  std::mt19937 random(20260415);
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = random_text(random);
    const TextView view = fold(text);
    const std::size_t size = view.folded.size();
    REQUIRE(view.from.size() == size + 1);
    REQUIRE(view.until.size() == size);
    REQUIRE(view.from[size] == text.size());
    std::uint32_t covered = 0;
    std::string left_out;
    for (std::size_t i = 0; i < size; ++i) {
      REQUIRE(view.from[i] < view.until[i]);
      REQUIRE(view.from[i] <= view.from[i + 1]);
      REQUIRE((i == 0 || view.until[i - 1] <= view.until[i]));
      REQUIRE(on_border(text, view.from[i]));
      REQUIRE(on_border(text, view.until[i]));
      if (view.from[i] > covered) left_out += text.substr(covered, view.from[i] - covered);
      covered = std::max(covered, view.until[i]);
    }
    left_out += text.substr(covered);
    for (std::size_t at = 0; at < left_out.size();)
      REQUIRE(FoldTable::instance().entry(next_char(left_out, at)).dropped());
  }
}

TEST_CASE("folding is what ICU says of the whole text, and folding twice changes nothing", "[text]") {
  std::mt19937 random(7);
  const FoldTable& table = FoldTable::instance();
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = random_text(random);
    const std::u32string folded = fold(text).folded;
    std::u32string characters;
    for (std::size_t at = 0; at < text.size();) characters += next_char(text, at);
    REQUIRE(to_utf8(folded) == to_utf8(table.fold_cluster(characters)));
    REQUIRE(to_utf8(fold(to_utf8(folded)).folded) == to_utf8(folded));
  }
}

TEST_CASE("bytes that are no UTF-8 fold to replacement characters, one each", "[text]") {
  const std::string text = "学\xE5\xAD" "a\xFF\xC0\x80\xED\xA0\x80" "校";
  const TextView view = fold(text);
  CHECK(view.from.back() == text.size());
  CHECK(to_utf8(view.folded).find("学") == 0);
  CHECK(view.folded.back() == U'校');
  CHECK(std::count(view.folded.begin(), view.folded.end(), char32_t(0xFFFD)) == 8);
}

TEST_CASE("text that stacks marks costs no more than its length, and its view no more than some", "[text]") {
  std::string text = "e";
  for (int i = 0; i < 100'000; ++i) text += i % 7 == 3 ? "\u200b" : i % 5 == 1 ? "\u0320" : "\u0301";
  text += "学校";
  const TextView view = fold(text);
  CHECK(view.from.back() == text.size());
  CHECK(view.folded.size() == 32 + 2);
  CHECK(view.folded.ends_with(U"学校"));
  CHECK(fold(to_utf8(view.folded)).folded == view.folded);
}

TEST_CASE("the folding of a hit is told in words", "[text]") {
  struct Case { const char* stored; const char* term; const char* want; };
  const Case cases[] = {
      {"学校", "学校", ""},
      {"學校", "学校", "繁→简"},
      {"学校", "學校", "繁→简"},
      {"ＮＢＡ", "nba", "全角→半角、大写→小写"},
      {"NBA", "nba", "大写→小写"},
      {"中\u200b毒", "中毒", "零宽字符"},
      {"㎡", "m2", "兼容字符"},
      {"cafe\u0301", "café", "组合字符"},
      {"new  york", "new york", "空白"},
      {"退费难", "", ""},
      {"退費難", "", "繁→简"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.stored << " " << c.term) {
      CHECK(describe_folding(c.stored, c.term) == c.want);
    }
}
