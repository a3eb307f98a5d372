// The segmenter: what it cuts, what it may never do, how models are made and broken.
#include <catch2/catch.hpp>

#include <random>
#include <string>

#include "analyzer/segment/border_trainer.h"
#include "analyzer/segment/segmenter.h"
#include "analyzer/segment/shipped.h"
#include "analyzer/train.h"
#include "core/utf8.h"
#include "shipped.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

std::string cut(const Segmenter& segmenter, std::string_view text) {
  TextView view = fold(text);
  segmenter.mark(view);
  std::string out;
  for (std::size_t i = 0; i < view.folded.size(); ++i) {
    if (i > 0 && view.border[i]) out += '|';
    append_char(out, view.folded[i]);
  }
  return out;
}

const Segmenter& plain() {
  static const auto segmenter = Segmenter::build({}, {});
  REQUIRE(segmenter);
  return **segmenter;
}

// Sentences of our own, enough to learn something from.
const char* const gold =
    "学校 服务 热线 已 开通\n学校 食堂 的 饭菜 质量 差\n孩子 在 学校 吃 了 午饭\n家长 反映 校服 质量 差\n"
    "老师 和 家长 一起 开会\n教育局 回应 了 家长 的 诉求\n这 所 学校 的 老师 很 好\n我们 学校 明天 开学\n";

}  // namespace

TEST_CASE("words of school life are cut as people read them", "[segment]") {
  const auto analyzer = shipped_analyzer();
  struct Case {
    const char* text;
    const char* words;
  };
  const Case cases[] = {
      {"学校服务热线", "学校|服务|热线"},
      {"家长反映食堂卫生差", "家长|反映|食堂|卫生|差"},
      {"双减之后怎么收费", "双减|之后|怎么|收费"},
      {"2026年4月15日", "2026|年|4|月|15|日"},
      {"在QQ群里说", "在|QQ|群里|说"},
      {"", ""},
      {"一", "一"},
  };
  for (const Case& c : cases) {
    std::string words;
    for (const Span& span : segment(*analyzer, c.text)) {
      if (!words.empty()) words += '|';
      words += std::string(c.text).substr(span.begin, span.end - span.begin);
    }
    CHECK(words == c.words);
  }
}

TEST_CASE("borders cover any text and depend on nothing else", "[segment]") {
  const std::u32string letters = U"学校食堂的饭，。 a1９Ａ\u3000繁體字\U00020000\U0001F600\n";
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::u32string text;
    for (std::size_t i = random() % 200; i > 0; --i) text += letters[random() % letters.size()];
    std::vector<std::uint8_t> border, again;
    plain().mark(text, border);
    plain().mark(text, again);
    REQUIRE(border == again);
    REQUIRE(border.size() == text.size() + 1);
    REQUIRE((border.front() == 1 && border.back() == 1));
    for (std::size_t i = 1; i < text.size(); ++i) {
      const auto digit = [&](std::size_t k) { return text[k] >= U'0' && text[k] <= U'9'; };
      if (digit(i) && digit(i - 1)) REQUIRE(border[i] == 0);
      if (text[i] == U' ') REQUIRE(border[i] == 1);
    }
    // A text in two lines is cut as the lines are: what stands far away does not matter.
    const std::u32string joined = text + U"\n\n\n\n" + text;
    plain().mark(joined, again);
    for (std::size_t i = 4; i + 4 < text.size(); ++i) REQUIRE(again[i] == border[i]);
  }
}

TEST_CASE("a word of one's own takes effect at once", "[segment]") {
  const std::string text = "望山路小学的乐学营又涨价了";
  const auto with = Segmenter::build({{"own.txt", "乐学营 3\n"}}, {});
  REQUIRE(with);
  CHECK(cut(**with, text).find("|乐学营|") != std::string::npos);
  // Weight 0 takes it out again.
  const auto without = Segmenter::build({{"own.txt", "乐学营 3\n"}, {"less.txt", "乐学营 0\n"}}, {});
  REQUIRE(without);
  CHECK(cut(**without, text) == cut(plain(), text));
  const auto wrong = Segmenter::build({{"own.txt", "乐学营 -1\n"}}, {});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().detail.find("own.txt:1") != std::string::npos);
}

TEST_CASE("training is deterministic and learns what it is shown", "[segment][train]") {
  const auto once = train("segment", {"gold.txt", gold});
  const auto again = train("segment", {"gold.txt", gold});
  REQUIRE(once);
  REQUIRE(again);
  CHECK(once->bytes == again->bytes);
  const auto segmenter = Segmenter::build({}, {}, {"own.model", once->bytes});
  REQUIRE(segmenter);
  CHECK(cut(**segmenter, "学校服务热线已开通") == "学校|服务|热线|已|开通");
  CHECK(cut(**segmenter, "家长反映校服质量差") == "家长|反映|校服|质量|差");
}

TEST_CASE("a model comes back from its bytes, and a broken one says where", "[segment][train]") {
  const auto trained = train("segment", {"gold.txt", gold});
  REQUIRE(trained);
  const auto weights = BorderWeights::parse(trained->bytes, "m");
  REQUIRE(weights);
  CHECK(weights->to_bytes() == trained->bytes);
  std::mt19937 random(5);
  for (std::size_t i = 0; i < 400; ++i) {
    std::string broken = trained->bytes;
    if (i % 2 == 0)
      broken.resize(random() % broken.size());
    else
      broken[random() % broken.size()] ^= static_cast<char>(1 + random() % 255);
    const auto parsed = Segmenter::build({}, {}, {"m.model", broken});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().detail.find("m.model: byte ") == 0);
  }
}

TEST_CASE("a model of the format before is refused by name", "[segment][train]") {
  auto trained = train("segment", {"gold.txt", gold});
  REQUIRE(trained);
  REQUIRE(trained->bytes.starts_with("TCBORD2\n"));
  trained->bytes[6] = '1';
  const auto parsed = BorderWeights::parse(trained->bytes, "old.model");
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().detail.starts_with("old.model: byte 0: a model of an older version"));
}

TEST_CASE("gold text that is none is refused with its line", "[segment][train]") {
  CHECK(train("segment", {"g.txt", ""}).error().detail.find("g.txt:1") == 0);
  CHECK(train("segment", {"g.txt", "学校 好\n\xff\n"}).error().detail == "g.txt:2: not UTF-8");
}

TEST_CASE("the compiled dictionary finds what was put in", "[segment]") {
  const std::vector<std::string> words = {"学", "学校",           "学校食堂", "食堂",
                                          "食", "中华人民共和国", "a",        "教育"};
  std::vector<std::pair<std::u16string, double>> coded;
  const CharShapes& shapes = CharShapes::instance();
  for (const std::string& word : words) {
    std::u16string code;
    for (std::size_t at = 0; at < word.size();)
      code.push_back(static_cast<char16_t>(shapes.of(next_char(word, at)).code));
    coded.emplace_back(code, 100);
  }
  const std::string bytes = WordArray::compile(coded);
  const auto array = WordArray::open(bytes);
  REQUIRE(array);
  const std::u32string text = U"学校食堂中华人民共和国食a";
  const auto code_at = [&](std::size_t i) {
    return i < text.size() ? shapes.of(text[i]).code : std::uint16_t{0};
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::vector<std::size_t> lengths, expected;
    array->each(code_at, at, [&](std::size_t length, std::uint32_t) { lengths.push_back(length); });
    for (std::size_t length = 1; at + length <= text.size(); ++length)
      if (std::find(words.begin(), words.end(), to_utf8(std::u32string_view(text).substr(at, length))) !=
          words.end())
        expected.push_back(length);
    CHECK(lengths == expected);
  }
  CHECK_FALSE(WordArray::open("x"));
  CHECK_FALSE(WordArray::open(std::string_view(bytes).substr(0, bytes.size() - 1)));
}

TEST_CASE("the judges together know words from accidents", "[segment][votes]") {
  struct Case {
    const char* text;
    const char* term;
    bool is_word;
  };
  const Case cases[] = {
      {"我校学校服务热线已经开通", "校服", false}, {"家长反映校服质量差", "校服", true},
      {"学校食堂服务质量不高", "质量", true},      {"北京大学生前来应聘", "北京大学", false},
      {"他考上了北京大学", "北京大学", true},      {"教育局长期不作为", "局长", false},
      {"孩子被打成脑震荡", "被打", true},
  };
  const auto segmenter = Segmenter::build(shipped_folder("lexicon", ".txt"), {});
  REQUIRE(segmenter);
  for (const Case& c : cases) {
    INFO(c.text << " " << c.term);
    TextView view = fold(c.text);
    (*segmenter)->mark(view);
    const std::size_t begin = view.folded.find(fold_term(c.term));
    REQUIRE(begin != view.folded.npos);
    CHECK(is_no_word(view, begin, begin + fold_term(c.term).size()) != c.is_word);
  }
}
