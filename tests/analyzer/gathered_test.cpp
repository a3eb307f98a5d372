// What grouping is fast by: sums by story, the best of them, and counts of terms, each against a plain way.
#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <unordered_map>

#include "analyzer/group/gathered.h"
#include "analyzer/group/story_index.h"
#include "analyzer/group/term_counts.h"

using namespace tingchao;
using namespace tingchao::analyzer;

TEST_CASE("the heaviest stories come to the front, of equals those with the smallest ids", "[group]") {
  std::mt19937 random(3);
  std::vector<std::unique_ptr<Held>> stories;
  for (int i = 0; i < 3000; ++i) {
    stories.push_back(std::make_unique<Held>());
    // Of different lengths, some alike in their first eight bytes.
    stories.back()->story.id = std::to_string(random() % 50) + std::string(random() % 9, '0') + std::to_string(i);
  }
  Gathered gathered;
  for (int round = 0; round < 200; ++round) {
    gathered.begin();
    std::unordered_map<const Held*, float> plain;
    for (unsigned i = 0, n = random() % 4000; i < n; ++i) {
      const Held* held = stories[random() % (round % 2 ? 100 : stories.size())].get();
      const auto weight = static_cast<float>(1 + random() % 3);
      gathered.add(held, weight);
      plain[held] += weight;
    }
    std::vector<std::pair<float, const Held*>> sorted;
    for (const auto& [held, weight] : plain) sorted.emplace_back(-weight, held);
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.second->story.id < b.second->story.id;
    });
    auto& sums = gathered.all();
    REQUIRE(sums.size() == plain.size());
    const std::size_t kept = std::min<std::size_t>(sums.size(), random() % 90);
    to_front(sums, kept);
    std::set<const Held*> want, got;
    for (std::size_t i = 0; i < kept; ++i) {
      want.insert(sorted[i].second);
      got.insert(sums[i].held);
      CHECK(sums[i].weight == plain.at(sums[i].held));
    }
    CHECK(got == want);
  }
}

TEST_CASE("counts of terms are those of a plain table", "[group]") {
  std::mt19937_64 random(4);
  TermCounts counts;
  std::unordered_map<std::uint64_t, float> plain;
  for (int step = 0; step < 200'000; ++step) {
    const std::uint64_t term = random() % 3 == 0 ? random() : random() % 2000 * 0x9e3779b97f4a7c15ULL + 1;
    counts[term] += 1;
    plain[term] += 1;
    if (step % 40'000 == 39'999) {
      counts.drop_below(2);
      std::erase_if(plain, [](const auto& entry) { return entry.second < 2; });
    }
    REQUIRE(counts.size() == plain.size());
  }
  std::size_t walked = 0;
  counts.each([&](std::uint64_t term, float count) {
    ++walked;
    const auto known = plain.find(term);
    if (known == plain.end() || known->second != count) FAIL_CHECK("term " << term);
  });
  CHECK(walked == plain.size());
  for (const auto& [term, count] : plain) {
    const float* found = counts.find(term);
    if (!found || *found != count) FAIL_CHECK("term " << term);
  }
  CHECK(!counts.find(random()));
}
