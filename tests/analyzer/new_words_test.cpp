// Words that no list has: found when they hold together, stand free, are new, and no person's name.
#include <catch2/catch.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/suggest/person_names.h"
#include "analyzer/suggest/phrases.h"
#include "shipped.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

Document post(std::string body, int number, int source) {
  Document out;
  out.body = std::move(body);
  out.source = fmt::format("source-{}", source);
  out.source_name = "来源";
  out.id = fmt::format("d{}", number);
  out.fetched_at = Time{} + Seconds{number};
  return out;
}

// Sentences around one word, each with other neighbours.
const std::vector<std::string> around = {
    "孩子们在用{}上网课", "学校要求家长下载{}，不装不行",   "听说{}要收费了，每个月三十",
    "{}又打不开了",       "为什么作业一定要交到{}里面去呢", "老师每天催{}打卡",
    "关于{}的几点疑问",   "我们班没有人喜欢{}这个软件",     "教育局管管{}吧",
};

struct Found {
  std::vector<NewWord> words;
  long withheld = 0;
  const NewWord* of(const std::string& word) const {
    const auto at = std::find_if(words.begin(), words.end(), [&](const NewWord& one) { return one.word == word; });
    return at == words.end() ? nullptr : &*at;
  }
};

Found search(const std::vector<Document>& before, const std::vector<Document>& recent) {
  const auto analyzer = shipped_analyzer();
  NewWords words = analyzer->new_words();
  for (const Document& one : recent) words.learn(one);
  for (const bool is_recent : {false, true})
    for (const Document& one : is_recent ? recent : before) words.weigh(one, analyzer->analyze(one), is_recent);
  Found out;
  out.words = words.best(50);
  out.withheld = words.withheld();
  CHECK(words.documents(true) == long(recent.size()));
  CHECK(words.documents(false) == long(before.size()));
  return out;
}

std::vector<Document> posts_with(const std::string& word, int first, int sources) {
  std::vector<Document> out;
  for (const std::string& frame : around) {
    const int number = first + int(out.size());
    out.push_back(post(fmt::format(fmt::runtime(frame), word), number, number % sources));
  }
  return out;
}

std::vector<Document> ordinary(int count) {
  std::vector<Document> out;
  const std::vector<std::string> parts{"今天", "食堂", "的饭", "很好", "操场", "修好了", "下雨", "放学", "堵车", "作业", "不多"};
  for (int i = 0; i < count; ++i) {
    std::string body;
    for (int k = 0; k < 6; ++k) body += parts[std::size_t(i * 7 + k * k * (i % 5 + 1)) % parts.size()];
    out.push_back(post(body, 10'000 + i, i % 3));
  }
  return out;
}

}  // namespace

TEST_CASE("a word that appears is proposed, with where it stands", "[suggest]") {
  const Found found = search(ordinary(60), posts_with("云课厅", 0, 3));
  const NewWord* word = found.of("云课厅");
  REQUIRE(word);
  CHECK_FALSE(word->known);
  CHECK(word->documents == long(around.size()));
  CHECK(word->before == 0);
  CHECK(word->sources == 3);
  CHECK(word->growth > 2);
  CHECK(word->cohesion >= 3);
  CHECK(word->freedom >= 1);
  REQUIRE(word->quotes.size() == 2);
  const NewWord::Quote& quote = word->quotes.back();
  CHECK(quote.sentence.substr(quote.word.begin, quote.word.end - quote.word.begin) == "云课厅");
  CHECK(found.of("课厅") == nullptr);  // the longer one says it all
}

TEST_CASE("what was said as much before is no news", "[suggest]") {
  CHECK_FALSE(search(posts_with("云课厅", 100, 3), posts_with("云课厅", 0, 3)).of("云课厅"));
}

TEST_CASE("a word of the dictionary is proposed only when it is said more", "[suggest]") {
  auto recent = posts_with("风铃", 0, 3);
  const Found more = search(ordinary(60), recent);
  REQUIRE(more.of("风铃"));
  CHECK(more.of("风铃")->known);
  CHECK_FALSE(search({}, recent).of("风铃"));  // nothing tells
  CHECK(search({}, posts_with("云课厅", 0, 3)).of("云课厅"));
}

TEST_CASE("reposts and a single source are not enough", "[suggest]") {
  std::vector<Document> reposts;
  for (int i = 0; i < 9; ++i) reposts.push_back(post("通知：明天起全体使用云课厅上课", i, i % 3));
  CHECK_FALSE(search(ordinary(60), reposts).of("云课厅"));
  CHECK_FALSE(search(ordinary(60), posts_with("云课厅", 0, 1)).of("云课厅"));
}

TEST_CASE("names of persons are withheld", "[suggest][privacy]") {
  for (const char* name : {"王晓彤", "李某", "欧阳晓彤", "陈国栋老师"}) {
    INFO(name);
    const Found found = search(ordinary(60), posts_with(name, 0, 3));
    for (const NewWord& word : found.words) CHECK(std::string(name).find(word.word) == std::string::npos);
    CHECK(found.withheld > 0);
  }
  // By what stands behind it, too: nobody's surname is 阿.
  std::vector<Document> called;
  for (const Document& one : posts_with("阿彤老师", 0, 3)) called.push_back(one);
  for (const NewWord& word : search(ordinary(60), called).words) CHECK(word.word != "阿彤");
}

TEST_CASE("words that a rule looks for are not proposed", "[suggest]") {
  CHECK_FALSE(search(ordinary(60), posts_with("食物中毒", 0, 3)).of("食物中毒"));
}

TEST_CASE("names look like names, words do not", "[suggest][privacy]") {
  const auto knows = [](std::u32string_view word) {
    for (const auto* known : {U"高考", U"马拉", U"马拉松", U"白云", U"陈国栋"})
      if (word == known) return true;
    return false;
  };
  for (const auto* name : {U"王小明", U"李某某", U"张老师", U"王小明老师", U"陈国栋", U"陈国栋老师", U"欧阳娜娜", U"张家齐陈芋汐", U"刘洋"})
    CHECK(looks_like_name(name, knows));
  for (const auto* word : {U"高考生", U"马拉松", U"云课厅", U"预制菜", U"白云老师", U"校园餐", U"高考移民"})
    CHECK_FALSE(looks_like_name(word, knows));
}

TEST_CASE("phrases are counted as they stand, and memory is bounded", "[suggest]") {
  PhraseCounts counts(1'000'000);
  for (int i = 0; i < 5; ++i) counts.add(U"预制菜进校园，预制菜！k12课", std::uint64_t(i));
  const auto found = counts.frequent(5, -100, 1000);
  const auto count_of = [&](std::u32string_view text) {
    const auto at = std::find_if(found.begin(), found.end(), [&](const Phrase& one) { return one.text == text; });
    return at == found.end() ? 0u : at->count;
  };
  CHECK(count_of(U"预制菜") == 10);
  CHECK(count_of(U"预制菜进校园") == 5);
  CHECK(count_of(U"k12课") == 5);
  CHECK(count_of(U"园预") == 0);
  CHECK(count_of(U"12课") == 0);   // a digit at the edge
  CHECK(count_of(U"k12") == 0);    // no Chinese character
  PhraseCounts bounded(2'000);
  for (std::uint64_t i = 0; i < 10'000; ++i) bounded.add(U"预制菜进了校园的食堂", i);
  const auto thinned = bounded.frequent(5, -100, 1000);
  REQUIRE_FALSE(thinned.empty());
  CHECK(thinned.front().count <= 200);
  CHECK(thinned.front().count >= 50);
}
