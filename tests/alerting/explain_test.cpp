// What a reason says it rests on is what it rests on; and a kept judgement gives the same bytes again.
#include "alerting/explain.h"

#include <algorithm>
#include <random>
#include <set>

#include <boost/json.hpp>

#include "alerting/warn/judgement.h"
#include "core/json.h"
#include "tests/alerting/warn_support.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

struct Random {
  explicit Random(unsigned seed) : engine(seed) {}
  int below(int end) { return static_cast<int>(engine() % static_cast<unsigned>(end)); }
  std::mt19937 engine;
};

// One story's documents, with everything that earns points here and there.
std::vector<ReadDocument> documents_of(Random& random, Time begin) {
  static constexpr const char* media[] = {"forum", "news", "official", "hotlist"};
  static constexpr char severities[] = {0, 0, 'A', 'B', 'C', 'D'};
  std::vector<ReadDocument> all;
  Time now = begin;
  const int count = 1 + random.below(60);
  for (int i = 0; i < count; ++i) {
    now += minutes{random.below(120)};
    Document d = document((random.below(3) ? "食堂饭菜 " : "小学生食堂饭菜 ") + std::to_string(i), now,
                          "site-" + std::to_string(random.below(12)));
    d.medium = media[random.below(4)];
    if (d.medium == "hotlist") d.reach.rank = 1 + random.below(50);
    Analysis a = analysis(d, severities[random.below(6)]);
    a.ours = true;
    a.stance.label = random.below(2) ? StanceLabel::negative : StanceLabel::neutral;
    a.stance.demands = random.below(4) == 0;
    all.push_back({std::move(d), std::move(a), random.below(4) == 0});
  }
  return all;
}

struct Judgment {
  Story story;
  StoryMemory memory;
  Facts facts;
  Verdict verdict;
  std::vector<Reason> reasons;
};

Judgment judge_all(const std::vector<ReadDocument>& documents, const Measure& measure, Time now) {
  Judgment j;
  for (const ReadDocument& each : documents) {
    join(j.story, each.document, each.analysis, each.document.fetched_at, each.is_copy);
    if (const auto rank = each.document.reach.rank)
      j.story.hot_rank_best = j.story.hot_rank_best ? std::min(j.story.hot_rank_best, *rank) : *rank;
    remember(j.memory, each.document, each.analysis, measure, each.document.fetched_at);
  }
  j.facts = facts_of(j.story, j.memory, measure, std::min(1.0, j.story.documents / 40.0), now);
  j.verdict = judge(measure, j.facts);
  j.reasons = reasons_of(measure, j.verdict, j.facts, j.memory, growth_of(j.story, measure.growth, now));
  return j;
}

// Whether the statement that a reason makes still earns anything: its quantity, or its bound.
bool still_stands(const Measure& measure, const Reason& reason, const Judgment& with, const Judgment& without) {
  for (std::size_t i = 0; i < measure.criteria.size(); ++i)
    if (measure.criteria[i].id == reason.criterion)
      return share_of(measure.criteria[i].parts[with.verdict.parts[i]], without.facts) > 0;
  for (const Bound& floor : measure.floors)
    if (floor.id == reason.criterion) return all_hold(floor.when, without.facts);
  return false;
}

}  // namespace

TEST_CASE("1,000 random alerts: without the documents that a reason lists, it does not stand", "[warn][property]") {
  const auto measure = shipped();
  const Time begin = at("2026-04-15T08:00:00+08:00");
  int alerts = 0, reasons = 0;
  for (unsigned seed = 0; alerts < 1000; ++seed) {
    Random random(seed);
    const auto documents = documents_of(random, begin);
    const Time now = documents.back().document.fetched_at;
    const Judgment with = judge_all(documents, *measure, now);
    if (!with.verdict.level) continue;
    ++alerts;
    for (const Reason& reason : with.reasons) {
      if (reason.points <= 0) continue;  // ceilings take points
      INFO("seed " << seed << " " << reason.criterion << " " << reason.observed);
      REQUIRE_FALSE(reason.documents.empty());
      ++reasons;
      const std::set<std::string> listed(reason.documents.begin(), reason.documents.end());
      std::vector<ReadDocument> rest;
      for (const ReadDocument& each : documents)
        if (!listed.contains(each.document.id)) rest.push_back(each);
      if (rest.empty()) continue;  // no story, no reason
      CHECK_FALSE(still_stands(*measure, reason, with, judge_all(rest, *measure, now)));
    }
  }
  CHECK(reasons > 3000);
}

TEST_CASE("a kept judgement gives the same reasons, byte for byte", "[warn]") {
  const auto measure = shipped();
  const Time begin = at("2026-04-15T08:00:00+08:00");
  const auto bytes = [](const std::vector<Reason>& reasons) {
    boost::json::array array;
    for (const Reason& reason : reasons) array.push_back(to_json(reason));
    return to_line(array);
  };
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random(seed);
    auto documents = documents_of(random, begin);
    const Time now = documents.back().document.fetched_at + minutes{7};
    const Judgment then = judge_all(documents, *measure, now);
    const std::string kept = judgement_text({then.story, then.memory, then.facts, then.verdict}, *measure, now);
    auto again = rederive(kept, documents, *measure, {});
    REQUIRE(again);
    INFO("seed " << seed);
    CHECK(bytes(again->reasons) == bytes(then.reasons));
    CHECK(again->gaps.empty());
    if (documents.size() < 2) continue;
    documents.erase(documents.begin());  // one is gone: told, not passed over
    again = rederive(kept, documents, *measure, {});
    REQUIRE(again);
    CHECK_FALSE(again->gaps.empty());
  }
}

TEST_CASE("a story that others became gives the same reasons again, and so does one that they become later", "[warn]") {
  const auto measure = shipped();
  const Time begin = at("2026-04-15T08:00:00+08:00");
  const auto bytes = [](const std::vector<Reason>& reasons) {
    boost::json::array array;
    for (const Reason& reason : reasons) array.push_back(to_json(reason));
    return to_line(array);
  };
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random random(seed);
    auto documents = documents_of(random, begin);
    const Time now = documents.back().document.fetched_at + minutes{7};
    // Each document went to one of two stories; those of one page came at the same second.
    StoryMemory memories[2];
    std::uint64_t turn = 0;
    for (ReadDocument& each : documents) {
      const int which = random.below(2);
      each.story = which == 0 ? "into" : "from";
      remember(memories[which], each.document, each.analysis, *measure, each.document.fetched_at);
      memories[which].notes.back().turn = ++turn;
    }
    Judgment then = judge_all(documents, *measure, now);
    then.story.id = "into";
    then.story.merged = {"from"};
    absorb(memories[0], std::move(memories[1]));
    if (memories[0].notes.back().document != documents.back().document.id) continue;
    const Growth growth = growth_of(then.story, measure->growth, now);
    then.reasons = reasons_of(*measure, then.verdict, then.facts, memories[0], growth);
    const std::string kept = judgement_text({then.story, memories[0], then.facts, then.verdict}, *measure, now);
    // A third story became this one only afterwards: its documents, old and new, were not seen then.
    std::vector<ReadDocument> stored = documents;
    for (const std::size_t place : {std::size_t{0}, documents.size()}) {
      const Document other = document("别处的食堂 " + std::to_string(place), begin, "elsewhere");
      stored.insert(stored.begin() + static_cast<std::ptrdiff_t>(place), {other, analysis(other, 'A'), false, "third"});
    }
    auto again = rederive(kept, stored, *measure, {});
    REQUIRE(again);
    INFO("seed " << seed);
    CHECK(bytes(again->reasons) == bytes(then.reasons));
    CHECK(again->gaps.empty());
  }
}

TEST_CASE("what a story said before it slept is not counted again", "[warn]") {
  const auto measure = shipped();
  const Time begin = at("2026-04-15T08:00:00+08:00"), back = begin + hours{24 * 30};
  Random random(3), other(4);
  std::vector<ReadDocument> stored = documents_of(random, begin);
  auto wave = documents_of(other, back);
  const Time now = wave.back().document.fetched_at;
  Judgment then = judge_all(wave, *measure, now);
  then.story.slept_at = stored.back().document.fetched_at;
  then.story.woken_at = wave.front().document.fetched_at;
  const std::string kept = judgement_text({then.story, then.memory, then.facts, then.verdict}, *measure, now);
  stored.insert(stored.end(), wave.begin(), wave.end());
  const auto again = rederive(kept, stored, *measure, {});
  REQUIRE(again);
  CHECK(again->gaps.empty());
  CHECK(again->score == then.verdict.score);
}

TEST_CASE("how a story spread: each source once, by time", "[warn]") {
  const Time begin = at("2026-04-15T08:00:00+08:00");
  const std::vector<ReadDocument> documents = {{document("二", begin + hours{2}, "b"), {}, true},
                                               {document("一", begin, "a"), {}, false},
                                               {document("三", begin + hours{1}, "b"), {}, false},
                                               {document("四", begin + hours{3}, "a"), {}, false}};
  const auto spread = spread_of(documents);
  REQUIRE(spread.size() == 2);
  CHECK(spread[0].source_name == "a");
  CHECK(spread[0].at == begin);
  CHECK(spread[1].source_name == "b");
  CHECK(spread[1].at == begin + hours{1});
  CHECK_FALSE(spread[1].copy);
}
