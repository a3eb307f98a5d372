// The Warner's own way: each document is counted in its streams, remembered with its story, ranked by
// heat and judged by the measure; the desk then does what the judgement asks for. Everything is a
// function of what was observed and of `now`; nothing depends on when tick() happens to be called,
// except how late a clock is told.
#include "alerting/warn.h"

#include <algorithm>
#include <unordered_map>

#include "alerting/warn/desk.h"

namespace tingchao::alerting {
namespace {

constexpr Seconds memory_idle{std::chrono::days{8}};  // grouping lets a story sleep after 7
constexpr std::size_t memories_max = 60'000;

// The story as the document found it: bursts count by it, so that stories that become one later change no count that
// has been told.
const std::string& joined(const Story& story, const Placement& placement) {
  return placement.story.empty() ? story.id : placement.story;
}

}  // namespace

struct Warner::Impl {
  explicit Impl(std::shared_ptr<const Measure> given) : measure(std::move(given)), desk(measure) {}

  std::shared_ptr<const Measure> measure;
  Desk desk;
  Bursts bursts;
  HeatRank ranks;
  std::unordered_map<std::string, StoryMemory> memories;
  Time last_now{};
  Time next_forget{}, next_sweep{};
  std::uint64_t turns = 0;  // documents remembered so far

  StoryMemory& memory_of(const std::string& story) {
    if (memories.size() >= memories_max && !memories.contains(story)) forget_oldest();
    return memories[story];
  }
  // What was said before a story slept is no part of the wave that woke it.
  StoryMemory& memory_of(const Story& story, Time seen) {
    StoryMemory& memory = memory_of(story.id);
    if (story.woken_at && seen >= *story.woken_at && memory.touched < *story.woken_at) memory = {};
    return memory;
  }

  // The verdict's score; 0 of what deserves no warning.
  double judge_story(const Story& story, const StoryMemory& memory, Time now, std::vector<Raised>& out) {
    const Facts facts = facts_of(story, memory, *measure, ranks, now);
    const Verdict verdict = judge(*measure, facts);
    desk.consider({story, memory, facts, verdict}, now, out);
    return verdict.qualifies ? verdict.score : 0;
  }

  // A tenth of them, those touched longest ago.
  void forget_oldest() {
    std::vector<Time> touched;
    for (const auto& [story, memory] : memories) touched.push_back(memory.touched);
    const auto border = touched.begin() + static_cast<std::ptrdiff_t>(touched.size() / 10);
    std::nth_element(touched.begin(), border, touched.end());
    std::erase_if(memories, [&](const auto& entry) { return entry.second.touched <= *border; });
  }

  void forget(Time now) {
    if (now < next_forget) return;
    next_forget = now + std::chrono::hours{1};
    desk.forget(now);
    if (now < next_sweep) return;
    next_sweep = now + std::chrono::hours{6};
    std::erase_if(memories, [now](const auto& entry) { return now - entry.second.touched > memory_idle; });
  }
};

Warner::Warner(std::shared_ptr<const Measure> measure) : impl_(std::make_unique<Impl>(std::move(measure))) {}
Warner::~Warner() = default;
Warner::Warner(Warner&&) noexcept = default;
Warner& Warner::operator=(Warner&&) noexcept = default;

std::vector<Raised> Warner::observe(const Story& story, const Document& document, const Analysis& analysis,
                                    const Placement& placement, Time now) {
  std::vector<Raised> out;
  impl_->last_now = now;
  impl_->desk.join_adopted(now, out);
  const Bursts::Told told{document, analysis, joined(story, placement)};
  for (const Alarm& alarm : impl_->bursts.observe(told, *impl_->measure, now))
    impl_->desk.burst(alarm, now, out);
  // When it was fetched, not when it was judged: after a restart the memory is the same.
  const Time seen = document.fetched_at == Time{} ? now : std::min(now, document.fetched_at);
  StoryMemory& memory = impl_->memory_of(story, seen);
  alerting::remember(memory, document, analysis, *impl_->measure, seen);
  memory.notes.back().turn = ++impl_->turns;
  remember_place(memory, story, document);
  impl_->ranks.move(memory.place, std::max(Seconds{0}, now - story.first_seen), heat_at(story, now));
  memory.score = impl_->judge_story(story, memory, now, out);
  impl_->forget(now);
  return out;
}

void Warner::learn(const Document& document, const Analysis& analysis, Time seen) {
  const std::string no_story;
  impl_->bursts.count({document, analysis, no_story}, *impl_->measure, seen);
}

std::vector<Raised> Warner::tick(Time now, StoryLookup find, const void* context) {
  std::vector<Raised> out;
  impl_->last_now = now;
  impl_->forget(now);
  impl_->desk.join_adopted(now, out);
  const StoryMemory nothing;
  std::string id;
  for (;;) {
    const Desk::Due due = impl_->desk.next_due(now, id, out);
    if (due == Desk::Due::nothing) return out;
    if (due == Desk::Due::told) continue;
    const Warning& warning = impl_->desk.open().at(id);
    const Story* story = find ? find(context, warning.story) : nullptr;
    if (!story) {
      impl_->desk.asleep(id, now, out);
      continue;
    }
    const auto memory = impl_->memories.find(story->id);
    impl_->judge_story(*story, memory == impl_->memories.end() ? nothing : memory->second, now, out);
  }
}

std::vector<Raised> Warner::follow(const StoryMerge& merge, Time now) {
  std::vector<Raised> out;
  impl_->last_now = now;
  if (auto from = impl_->memories.extract(merge.from)) {
    StoryMemory& into = impl_->memories[merge.into];
    absorb(into, std::move(from.mapped()));
  }
  impl_->desk.follow(merge, now, out);
  return out;
}

void Warner::follow(const StoryMove& move) {
  const std::string& into = move.placement.story;
  const auto from = impl_->memories.find(move.from);
  if (move.from == into || from == impl_->memories.end()) return;
  if (auto part = take_out(from->second, move.placement.document)) {
    if (from->second.documents == 0) impl_->memories.erase(from);
    absorb(impl_->memory_of(into), std::move(*part));
  }
}

std::vector<Raised> Warner::consider(const Story& story, Time now) {
  std::vector<Raised> out;
  impl_->last_now = now;
  const auto memory = impl_->memories.find(story.id);
  if (memory == impl_->memories.end()) return out;
  impl_->ranks.move(memory->second.place, std::max(Seconds{0}, now - story.first_seen), heat_at(story, now));
  memory->second.score = impl_->judge_story(story, memory->second, now, out);
  return out;
}

std::vector<StreamCount> Warner::take_counts() { return impl_->bursts.take_counts(); }
std::string Warner::heat_ranks() const { return impl_->ranks.save(); }
void Warner::adopt(StreamCount count) { impl_->bursts.adopt(count); }
void Warner::adopt_heat_ranks(std::string_view text) { impl_->ranks.load(text); }

void Warner::remember(const Story& story, const Document& document, const Analysis& analysis,
                      const Placement& placement, Time seen) {
  StoryMemory& memory = impl_->memory_of(story, seen);
  alerting::remember(memory, document, analysis, *impl_->measure, seen);
  memory.notes.back().turn = ++impl_->turns;
  remember_place(memory, story, document);
  // The ranks were restored with this story counted.
  memory.place = HeatRank::place_of(std::max(Seconds{0}, story.newest - story.first_seen), story.heat);
  impl_->bursts.remember({document, analysis, joined(story, placement)}, *impl_->measure, seen);
}

void Warner::adopt(Warning warning) {
  if (warning.kind == "burst") {
    const auto level = impl_->measure->index_of(warning.level).value_or(impl_->measure->levels.size() - 1);
    impl_->bursts.adopt_alarm(warning.stream, level, warning.raised_at);
  }
  impl_->desk.adopt(std::move(warning));
}

void Warner::replace(std::shared_ptr<const Measure> measure) {
  impl_->measure = std::move(measure);
  impl_->bursts.measure_changed();
  impl_->desk.replace(impl_->measure, impl_->last_now);
}

void Warner::mark_missing(Time hour) { impl_->bursts.mark_missing(hour); }
double Warner::score_of(const std::string& story) const {
  const auto memory = impl_->memories.find(story);
  return memory == impl_->memories.end() ? 0 : memory->second.score;
}
const std::map<std::string, Warning>& Warner::open() const { return impl_->desk.open(); }

}  // namespace tingchao::alerting
