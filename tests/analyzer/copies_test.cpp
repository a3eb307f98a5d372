// The index of originals: what it must find, what it must not, and its bounds.
#include <catch2/catch.hpp>

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
    const auto* found = index.find(sketch_of(copy), now);
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
