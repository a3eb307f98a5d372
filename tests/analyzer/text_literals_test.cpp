#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <tuple>

#include "analyzer/text/literals.h"

using namespace tingchao::analyzer;

namespace {

using Hits = std::vector<std::tuple<std::size_t, std::size_t, std::int32_t>>;

Hits scan(const Literals& literals, std::u32string_view text) {
  Hits out;
  literals.scan(text, [&](std::size_t begin, std::size_t end, std::int32_t number) {
    out.emplace_back(begin, end, number);
  });
  return out;
}

std::u32string random_word(std::mt19937& random, std::size_t size_max, std::u32string_view letters) {
  std::u32string out;
  for (std::size_t i = 1 + random() % size_max; i > 0; --i) out += letters[random() % letters.size()];
  return out;
}

}  // namespace

TEST_CASE("every occurrence is found, nested and overlapping ones too", "[text]") {
  const Literals literals({U"中毒", U"食物中毒", U"毒", U"物中", U"𠀀"});
  CHECK(scan(literals, U"食物中毒𠀀") ==
        Hits{{0, 4, 1}, {1, 3, 3}, {2, 4, 0}, {3, 4, 2}, {4, 5, 4}});
  CHECK(literals.find(U"物中") == 3);
  CHECK(literals.find(U"物") == -1);
  CHECK(literals.find(U"") == -1);
  CHECK(scan(Literals(), U"食物").empty());
  CHECK(scan(literals, U"").empty());
}

TEST_CASE("the matcher finds what looking up every substring finds", "[text]") {
  std::mt19937 random(11);
  const std::u32string letters = U"学校服务中毒食物ab𠀀";
  for (int round = 0; round < 300; ++round) {
    std::map<std::u32string, std::int32_t> numbers;
    std::vector<std::u32string> keys;
    for (std::size_t i = 1 + random() % 60; i > 0; --i) {
      const std::u32string word = random_word(random, 5, letters);
      if (numbers.try_emplace(word, std::int32_t(keys.size())).second) keys.push_back(word);
    }
    const Literals literals(keys);
    const std::u32string text = random_word(random, 200, letters + U"他");
    Hits want;
    for (std::size_t begin = 0; begin < text.size(); ++begin)
      for (std::size_t size = 1; size <= 5 && begin + size <= text.size(); ++size)
        if (const auto at = numbers.find(text.substr(begin, size)); at != numbers.end())
          want.emplace_back(begin, begin + size, at->second);
    REQUIRE(scan(literals, text) == want);
    for (const auto& [word, number] : numbers) REQUIRE(literals.find(word) == number);
  }
}

TEST_CASE("twenty thousand words of four thousand characters build into bounded memory", "[text]") {
  std::mt19937 random(3);
  std::u32string letters;
  for (char32_t c = 0x4E00; c < 0x4E00 + 4000; ++c) letters += c;
  std::map<std::u32string, std::int32_t> numbers;
  std::vector<std::u32string> keys;
  while (keys.size() < 20'000) {
    const std::u32string word = random_word(random, 4, letters);
    if (numbers.try_emplace(word, std::int32_t(keys.size())).second) keys.push_back(word);
  }
  const Literals literals(keys);
  CHECK(literals.bytes() < (6u << 20));
  for (std::size_t i = 0; i < keys.size(); ++i) REQUIRE(literals.find(keys[i]) == std::int32_t(i));
}

TEST_CASE("more different characters than sixteen bits count", "[text]") {
  std::vector<std::u32string> keys;
  for (char32_t c = 0x20000; c < 0x20000 + 70'000; ++c) keys.push_back({c, U'乙'});
  const Literals literals(keys);
  CHECK(literals.find(std::u32string{char32_t(0x20000 + 69'999), U'乙'}) == 69'999);
  CHECK(scan(literals, std::u32string{char32_t(0x20000 + 65'600), U'乙'}) == Hits{{0, 2, 65'600}});
}
