#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "analyzer/text/prepared.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

std::string cut(const TextView& view, const std::vector<std::uint32_t>& begins) {
  std::string out;
  for (std::size_t i = 0; i + 1 < begins.size(); ++i)
    out += (i ? "/" : "") + to_utf8(std::u32string_view(view.folded).substr(begins[i], begins[i + 1] - begins[i]));
  return out;
}

}  // namespace

TEST_CASE("sentences", "[text]") {
  struct Case { const char* name; const char* text; const char* sentences; };
  const Case cases[] = {
      {"句号", "一。二。三", "一。/二。/三"},
      {"问号叹号连写", "真的吗？！好！", "真的吗?!/好!"},
      {"引号跟着句子", "他说：“走。”我走了。", "他说:“走。”/我走了。"},
      {"省略号", "他说……走了。", "他说....../走了。"},
      {"六点省略号在末尾", "他走了……", "他走了......"},
      {"换行", "标题\n正文。\n\n尾", "标题\n/正文。\n\n/尾"},
      {"小数不断", "涨3.5元。好", "涨3.5元。/好"},
      {"英文句点", "It is. Well done.", "it is. /well done."},
      {"网址不断", "见 a.com 吧", "见 a.com 吧"},
      {"开头的空白归第一句", "  一。 二", "  一。 /二"},
      {"只有空白", " \n ", " \n "},
      {"空", "", ""},
      {"括号跟着句子", "（完。）下", "(完。)/下"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      TextView view = fold(c.text);
      split(view);
      CHECK(cut(view, view.sentences) == c.sentences);
      CHECK(view.sentences.back() == view.folded.size());
      CHECK(view.paragraphs.back() == view.folded.size());
    }
}

TEST_CASE("paragraphs are lines", "[text]") {
  TextView view = fold("一。二。\n\n  三\r\n四");
  split(view);
  CHECK(cut(view, view.paragraphs) == "一。二。\n\n  /三\r\n/四");
}

TEST_CASE("a run without punctuation is cut, behind a comma when there is one", "[text]") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += i == 390 ? "，" : "字";
  TextView view = fold(text);
  split(view);
  CHECK(view.sentences == std::vector<std::uint32_t>{0, 391, 791, 1000});
}

TEST_CASE("the sentence around a hit is trimmed stored bytes", "[text]") {
  const std::string text = "第一句。 \n　第二句（見圖）！  第三";
  TextView view = fold(text);
  split(view);
  const auto around = [&](const char* term) {
    const Span span = view.sentence_around(view.folded.find(fold_term(term)));
    return text.substr(span.begin, span.end - span.begin);
  };
  CHECK(around("第一") == "第一句。");
  CHECK(around("见图") == "第二句（見圖）！");
  CHECK(around("第三") == "第三");
}
