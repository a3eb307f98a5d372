// Titles with the stories they belong to, all of our own making: how well grouping finds them, whether it
// minds the order within ten minutes or a restart, and what becomes of stories that turn out to be one.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "analyzer/group.h"
#include "core/hash.h"
#include "shipped.h"
#include "tests/support/kept_stories.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

struct Titled {
  Document document;
  Analysis analysis;
  int story = 0;
};

// tests/data/stories/own.tsv: story, minute after the first, title; read in the order of the minutes.
std::vector<Titled> own_titles() {
  static const auto analyzer = shipped_analyzer();
  std::vector<Titled> out;
  const std::string text = shipped_file("../tests/data/stories/own.tsv");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at), first = text.find('\t', at),
                      second = text.find('\t', first + 1);
    Titled each;
    each.story = std::stoi(text.substr(at, first - at));
    Document& d = each.document;
    d.title = text.substr(second + 1, end - second - 1);
    d.url = "http://hot.example.cn/" + std::to_string(out.size());
    d.id = document_id(d.url);
    d.source = "hot", d.medium = "hotlist";
    d.published_at = d.fetched_at =
        *parse_time("2026-03-02T06:00:00+08:00") + std::chrono::minutes{std::stoi(text.substr(first + 1))};
    d.content_hash = content_hash(d.title, d.body);
    each.analysis = analyzer->analyze(d);
    out.push_back(std::move(each));
    at = end + 1;
  }
  std::stable_sort(out.begin(), out.end(), [](const Titled& a, const Titled& b) {
    return a.document.fetched_at < b.document.fetched_at;
  });
  return out;
}

// Story of each title at the end, aliases followed; resumed after `restarts` of the titles as a store would
// do it. `late`: how long after its own time each comes.
std::vector<std::string> partition(const std::vector<Titled>& titles, const std::vector<std::size_t>& order,
                                   const std::vector<std::size_t>& restarts = {},
                                   const std::vector<Seconds>& late = {}) {
  Grouper grouper;
  KeptStories kept;
  for (std::size_t n = 0; n < order.size(); ++n) {
    const Titled& each = titles[order[n]];
    const Time now = each.document.fetched_at + (late.empty() ? Seconds{0} : late[order[n]]);
    if (std::find(restarts.begin(), restarts.end(), n) != restarts.end()) grouper = kept.resume(now);
    const Grouper::Settled settled = grouper.reconcile(now);
    for (const StoryMerge& merge : settled.merges) CHECK(grouper.find(merge.from) == grouper.find(merge.into));
    kept.note(grouper, settled);
    kept.note(grouper, each.document, each.analysis, grouper.place(each.document, each.analysis, now));
  }
  kept.note(grouper, grouper.reconcile(titles.back().document.fetched_at + std::chrono::hours{1}));
  std::vector<std::string> stories;
  for (const Titled& each : titles) stories.push_back(kept.story_of(each.document.id));
  return stories;
}

std::vector<std::size_t> as_they_come(std::size_t size) {
  std::vector<std::size_t> order(size);
  for (std::size_t i = 0; i < size; ++i) order[i] = i;
  return order;
}

template <class A, class B>
double pairs(const std::vector<A>& a, const std::vector<B>& b) {
  std::map<std::pair<A, B>, double> cells;
  for (std::size_t i = 0; i < a.size(); ++i) ++cells[{a[i], b[i]}];
  double sum = 0;
  for (const auto& [cell, n] : cells) sum += n * (n - 1) / 2;
  return sum;
}

// Hubert and Arabie 1985.
double adjusted_rand(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const double both = pairs(a, b), left = pairs(a, a), right = pairs(b, b);
  const double size = static_cast<double>(a.size()), expected = left * right / (size * (size - 1) / 2);
  return (both - expected) / ((left + right) / 2 - expected);
}

}  // namespace

TEST_CASE("titles alone find their stories", "[group][stories]") {
  const std::vector<Titled> titles = own_titles();
  REQUIRE(titles.size() >= 200);
  const std::vector<std::string> found = partition(titles, as_they_come(titles.size()));
  double precision = 0, recall = 0;
  std::map<int, int> sizes;
  for (const Titled& each : titles) ++sizes[each.story];
  CHECK(std::count_if(sizes.begin(), sizes.end(), [](const auto& each) { return each.second > 1; }) >= 25);
  for (std::size_t i = 0; i < titles.size(); ++i) {
    double same = 0, together = 0;
    for (std::size_t j = 0; j < titles.size(); ++j) {
      together += found[i] == found[j];
      same += found[i] == found[j] && titles[i].story == titles[j].story;
    }
    precision += same / together / static_cast<double>(titles.size());
    recall += same / sizes[titles[i].story] / static_cast<double>(titles.size());
  }
  INFO("precision " << precision << ", recall " << recall);
  CHECK(2 * precision * recall / (precision + recall) >= 0.85);
}

TEST_CASE("stories mind neither the order within ten minutes nor restarts", "[group][stories][restart]") {
  const std::vector<Titled> titles = own_titles();
  const auto order = as_they_come(titles.size());
  const std::vector<std::string> found = partition(titles, order);
  std::mt19937 random(5);
  const auto span = [&](std::size_t i) {
    return titles[i].document.fetched_at.time_since_epoch() / std::chrono::minutes{10};
  };
  auto mixed = order;
  for (std::size_t begin = 0, end = 0; begin < mixed.size(); begin = end) {
    while (end < mixed.size() && span(end) == span(begin)) ++end;
    std::shuffle(mixed.begin() + static_cast<std::ptrdiff_t>(begin),
                 mixed.begin() + static_cast<std::ptrdiff_t>(end), random);
  }
  CHECK(adjusted_rand(found, partition(titles, mixed)) >= 0.995);
  std::vector<std::size_t> restarts;
  for (int i = 0; i < 20; ++i) restarts.push_back(random() % titles.size());
  CHECK(adjusted_rand(found, partition(titles, order, restarts)) >= 0.995);

  // Across the borders of the ten minutes: each up to ten minutes late, its own time unchanged.
  std::vector<Seconds> late;
  for (std::size_t i = 0; i < titles.size(); ++i) late.push_back(Seconds{random() % 600});
  auto jumbled = order;
  const auto arrival = [&](std::size_t i) { return titles[i].document.fetched_at + late[i]; };
  std::stable_sort(jumbled.begin(), jumbled.end(), [&](auto a, auto b) { return arrival(a) < arrival(b); });
  REQUIRE(jumbled != order);
  CHECK(adjusted_rand(found, partition(titles, jumbled, {}, late)) == 1);
  CHECK(adjusted_rand(found, partition(titles, jumbled, restarts, late)) >= 0.995);
}

namespace {

// Restarts that keep what the daemon keeps: stories and documents of 14 days, and the frequencies as they were
// some titles ago, where `saved`.
std::vector<std::string> restarted(const std::vector<Titled>& titles, std::size_t every, bool saved) {
  Grouper grouper;
  KeptStories kept;
  std::vector<std::string> stories;
  for (std::size_t n = 0; n < titles.size(); ++n) {
    const Titled& each = titles[n];
    const Time now = each.document.fetched_at;
    if (every > 0 && n > 0 && n % every == 0) grouper = kept.resume(now);
    const Grouper::Settled settled = grouper.reconcile(now);
    kept.note(grouper, settled);
    for (const StoryMerge& merge : settled.merges) stories.push_back(merge.from + " is " + merge.into);
    for (const StoryMove& move : settled.moves)
      stories.push_back(move.placement.document + " to " + move.placement.story);
    const auto result = grouper.place(each.document, each.analysis, now);
    kept.note(grouper, each.document, each.analysis, result);
    // To the last digit: the likeness shows what the grouper knows even where the story is the same.
    stories.push_back(result.placement.story + " " + std::to_string(result.placement.similarity));
    if (saved && n % 7 == 0) kept.save_frequencies(grouper);
  }
  return stories;
}

}  // namespace

TEST_CASE("a restart knows the terms of months when their frequencies were saved", "[group][stories][restart]") {
  std::vector<Titled> titles = own_titles();
  // The same again and again for months, as shows and weather come back.
  const std::vector<Titled> round = titles;
  const auto length = round.back().document.fetched_at - round.front().document.fetched_at + std::chrono::days{1};
  const int rounds = static_cast<int>(std::chrono::days{60} / length) + 1;
  for (int n = 1; n < std::min(rounds, 8); ++n)
    for (Titled each : round) {
      const std::string id = "r" + std::to_string(n) + each.document.id;
      each.document.id = each.analysis.document = id;
      each.document.fetched_at += n * length;
      each.document.published_at = each.document.fetched_at;
      titles.push_back(std::move(each));
    }
  CHECK(titles.back().document.fetched_at - titles.front().document.fetched_at > std::chrono::days{30});
  const std::vector<std::string> found = restarted(titles, 0, false);
  const auto same = [&](const std::vector<std::string>& other) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::min(found.size(), other.size()); ++i) count += found[i] == other[i];
    return static_cast<double>(count) / static_cast<double>(found.size());
  };
  CHECK(same(restarted(titles, 61, true)) == 1);
  CHECK(same(restarted(titles, 61, false)) < 0.9);
}

TEST_CASE("saved frequencies come back as they were, and what is none is refused", "[group][restart]") {
  const std::vector<Titled> titles = own_titles();
  Grouper grouper;
  std::set<std::string> stories;
  for (const Titled& each : titles)
    stories.insert(grouper.place(each.document, each.analysis, each.document.fetched_at).story.id);
  const auto settled = grouper.reconcile(titles.back().document.fetched_at + std::chrono::hours{1});
  CHECK(settled.open.empty());
  const std::string text = grouper.frequencies();
  CHECK(text.size() > 10'000);
  Grouper other;
  other.settled_until(settled.until);
  for (const std::string& id : stories)
    if (const Story* story = grouper.settled(id); story && story->id == id) other.restore(*story);
  const std::string empty = other.frequencies();
  CHECK_FALSE(other.adopt_frequencies(""));
  CHECK_FALSE(other.adopt_frequencies("frequencies 2 "));
  CHECK_FALSE(other.adopt_frequencies("frequencies 3" + text.substr(13)));
  for (std::size_t cut = 1; cut < text.size(); cut = cut * 3 / 2 + 1) {
    INFO(cut << " of " << text.size());
    CHECK_FALSE(other.adopt_frequencies(text.substr(0, text.size() - cut - 1)));
  }
  CHECK_FALSE(other.adopt_frequencies(text + "story 12 not-base64!\n"));
  CHECK((other.frequencies() == empty));  // without printing them
  CHECK(other.adopt_frequencies(text));
  CHECK((other.frequencies() == text));
}
