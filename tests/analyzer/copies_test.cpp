// The index of originals: what it must find, what it must not, and its bounds.
#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <random>

#include "analyzer/group/copies.h"
#include "analyzer/similarity/fingerprint.h"
#include "analyzer/similarity/postings.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

constexpr Time now{Seconds(1'776'300'000)};

CopyIndex::Sketch sketch_of(const std::u32string& text) {
  Document document;
  document.body = to_utf8(text);
  Analysis analysis;
  analysis.fingerprint = fingerprint(U"", fold(document.body).folded);
  return CopyIndex::sketch(document, analysis);
}

std::u32string random_text(std::mt19937& random, std::size_t size) {
  std::u32string text;
  while (text.size() < size) text.push_back(U'一' + random() % 3000);
  return text;
}

std::u32string edited(std::u32string text, std::mt19937& random, std::size_t edits) {
  for (; edits > 0; --edits) text[random() % text.size()] = U'一' + random() % 3000;
  return text;
}

}  // namespace

TEST_CASE("every short text that is alike enough is found, however many share its commoner pairs", "[copies]") {
  std::mt19937 random(7);
  CopyIndex index(CopyIndex::Limits{});
  std::vector<std::u32string> texts;
  for (int i = 0; i < 4000; ++i) {
    texts.push_back(U"我市某校家长反映" + random_text(random, 9));  // half of each is the same in all
    index.add(sketch_of(texts.back()), {.document = std::to_string(i), .story = {}, .at = now});
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::u32string copy = texts[i];
    copy.push_back(U'了');  // one pair more: at least 16 of 17 in common
    const auto found = index.find(sketch_of(copy), now);
    REQUIRE(found);
    CHECK(found->document == std::to_string(i));
  }
  CHECK(!index.find(sketch_of(U"我市某校家长反映" + random_text(random, 9)), now));
}

TEST_CASE("long texts are judged by their very pairs of characters, not by the sketch", "[copies]") {
  std::mt19937 random(8);
  CopyIndex index(CopyIndex::Limits{});
  const std::u32string text = random_text(random, 400);
  index.add(sketch_of(text), {.document = "a", .story = {}, .at = now});
  CHECK(index.find(sketch_of(edited(text, random, 40)), now));
  CHECK(index.find(sketch_of(text.substr(0, 300)), now));
  // 400 + 480 pairs with 240 in common: 0.375 of all, and 0.6 of the shorter one.
  CHECK(!index.find(sketch_of(text.substr(0, 240) + random_text(random, 240)), now));
  CHECK(!index.find(sketch_of(random_text(random, 400)), now));
}

TEST_CASE("long texts of any length are found with 15 % of their characters changed", "[copies]") {
  std::mt19937 random(11);
  CopyIndex index(CopyIndex::Limits{});
  std::vector<std::u32string> texts;
  for (std::size_t i = 0; i < 2000; ++i) {
    texts.push_back(random_text(random, 30 + random() % 900));
    index.add(sketch_of(texts.back()), {.document = std::to_string(i), .story = {}, .at = now});
  }
  int found = 0, right = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto original = index.find(sketch_of(edited(texts[i], random, texts[i].size() * 15 / 100)), now);
    found += original.has_value();
    right += original && original->document == std::to_string(i);
  }
  CHECK(found >= 1980);
  CHECK(right == found);
}

TEST_CASE("of a thousand filled-in forms the one that is repeated is found", "[copies]") {
  std::mt19937 random(12);
  CopyIndex index(CopyIndex::Limits{});
  const std::u32string form = random_text(random, 150);
  std::vector<std::u32string> texts;
  for (std::size_t i = 0; i < 1000; ++i) {
    texts.push_back(form + random_text(random, 40));
    index.add(sketch_of(texts.back()), {.document = std::to_string(i), .story = {}, .at = now});
  }
  int right = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto original = index.find(sketch_of(edited(texts[i], random, 5)), now);
    REQUIRE(original);
    right += original->document == std::to_string(i);
  }
  CHECK(right >= 990);
}

TEST_CASE("originals are kept as they came while others come and go", "[copies]") {
  std::mt19937 random(13);
  Originals originals;
  std::deque<std::pair<CopySketch, Original>> kept;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 100 < (step / 5000 % 2 ? 70u : 30u) && !kept.empty()) {
      originals.pop();
      kept.pop_front();
    } else {
      const auto sketch = sketch_of(random_text(random, 1 + random() % (step % 500 == 0 ? 30'000 : 200)));
      const Original original{.document = std::string(random() % 40, 'd'), .story = "s", .at = now + Seconds(step)};
      CHECK(originals.push(sketch, original) == originals.first() + kept.size());
      kept.emplace_back(sketch, original);
    }
    REQUIRE(originals.size() == kept.size());
    if (kept.empty()) continue;
    const std::size_t which = random() % kept.size();
    const auto number = static_cast<std::uint32_t>(originals.first() + which);
    const auto& [sketch, original] = kept[which];
    const Originals::Kept is = originals.at(number);
    const bool same = is.exact == sketch.exact && is.letters == sketch.letters && is.is_long == sketch.is_long &&
                      is.figures == sketch.figures && std::ranges::equal(is.bigrams, sketch.bigrams) &&
                      std::ranges::equal(is.schools, sketch.schools) && is.document == original.document &&
                      is.story == original.story && originals.time(number) == original.at &&
                      originals.outline(number).words == sketch.outline.words &&
                      (!is.is_long || std::ranges::equal(is.keys, sketch.keys));
    if (!same) FAIL_CHECK("step " << step << ", number " << number);
  }
  while (originals.size() > 0) originals.pop();
  CHECK(originals.long_ones() == 0);
}

TEST_CASE("the index keeps to its number, its memory and its time", "[copies]") {
  std::mt19937 random(9);
  std::vector<std::u32string> texts;
  for (int i = 0; i < 600; ++i) texts.push_back(random_text(random, 60));
  CopyIndex few({.window = std::chrono::days{14}, .entries_max = 100});
  CopyIndex small({.window = std::chrono::days{14}, .bytes_max = 200'000});
  for (std::size_t i = 0; i < texts.size(); ++i) {
    few.add(sketch_of(texts[i]), {.document = std::to_string(i), .story = {}, .at = now + Seconds(i)});
    small.add(sketch_of(texts[i]), {.document = std::to_string(i), .story = {}, .at = now});
    CHECK(few.size() <= 100);
    CHECK(small.bytes() <= 200'000);
  }
  CHECK(!few.find(sketch_of(texts[499]), now));
  REQUIRE(few.find(sketch_of(texts[500]), now));
  CHECK(small.size() > 20);
  CHECK(small.find(sketch_of(texts.back()), now));
  CHECK(!few.find(sketch_of(texts[500]), now + std::chrono::days{15}));
  few.forget(now + std::chrono::days{14} + Seconds(550));
  CHECK(few.size() == 50);
  CHECK(few.find(sketch_of(texts[599]), now));
}

TEST_CASE("postings give what was added and has not left, newest first", "[copies]") {
  std::mt19937 random(10);
  Postings postings;
  std::vector<std::uint32_t> keys;  // by entry
  std::uint32_t first = 0;
  for (std::uint32_t entry = 0; entry < 5000; ++entry) {
    keys.push_back(random() % 700);
    postings.add(keys.back(), entry);
    if (random() % 3 == 0) postings.drop_before(first = std::min<std::uint32_t>(entry, first + random() % 4));
    if (entry % 50 != 0) continue;
    for (std::uint32_t key = 0; key < 700; ++key) {
      std::vector<std::uint32_t> want, got;
      for (std::uint32_t e = entry + 1; e-- > first;)
        if (keys[e] == key) want.push_back(e);
      postings.each(key, [&](std::uint32_t e) { return got.push_back(e), true; });
      if (got != want) FAIL_CHECK("key " << key << " at entry " << entry);
      if (postings.about(key) < want.size()) FAIL_CHECK("count of key " << key);
    }
  }
}
