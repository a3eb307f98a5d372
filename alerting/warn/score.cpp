// Noisy-or of the criteria (Pearl 1988), then bounds. The score is kept consistent with the level: a
// floor lifts it to its level's threshold, a ceiling lowers it to just under the next one, so that
// hysteresis needs to look at one number only.
#include "alerting/warn/score.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "alerting/warn/lowering.h"

namespace tingchao::alerting {
namespace {

std::string measured_name(const Measure& measure, const Measured& of) {
  if (of.words < 0) return chinese_name(of.quantity);
  return fmt::format("词表“{}”", measure.words[static_cast<std::size_t>(of.words)].name);
}

std::string measured_text(const Measured& of, double value) {
  return of.words < 0 ? in_chinese(of.quantity, value) : fmt::format("{:.0f} 条", value);
}

// Of growth and its like: only what came lately. An hour more, for hours are counted whole.
std::optional<Seconds> window_of(Quantity quantity, const GrowthRule& growth) {
  using std::chrono::hours;
  switch (quantity) {
    case Quantity::growth: return hours{growth.windows.back() + 1};
    case Quantity::documents_1h: return hours{2};
    case Quantity::documents_6h:
    case Quantity::origins_6h: return hours{7};
    case Quantity::documents_24h:
    case Quantity::origins_24h: return hours{25};
    default: return {};
  }
}

bool supports(const Note& note, const Measured& of) {
  if (of.words >= 0) return note.words >> of.words & 1U;
  switch (of.quantity) {
    case Quantity::severity: return note.severity != 0;
    case Quantity::affirmed: return note.severity != 0 && note.severity < 'D';
    case Quantity::damped:
    case Quantity::refuted:
    case Quantity::officially_refuted: return note.damped;
    case Quantity::press: return note.press;
    case Quantity::hot_list:
    case Quantity::hot_rank: return note.hot;
    case Quantity::negative:
    case Quantity::negative_share: return note.negative;
    case Quantity::demands: return note.demands;
    default: return true;
  }
}

// Newest first: what one would look at to check the reason, and without which it would not stand. A single source or
// kind of medium is nothing where only the second counts, so those of the first are left out.
std::vector<std::string> documents_for(const StoryMemory& memory, const Measure& measure, const Measured& of,
                                       bool second_counts) {
  std::vector<std::string> documents;
  if (memory.notes.empty()) return documents;
  const Note &first = memory.notes.front(), &last = memory.notes.back();
  const auto window = of.words < 0 ? window_of(of.quantity, measure.growth) : std::nullopt;
  for (auto note = memory.notes.rbegin(); note != memory.notes.rend(); ++note) {
    if (window && note->at <= last.at - *window) continue;
    if (second_counts && of.quantity == Quantity::sources && note->source == first.source) continue;
    if (second_counts && of.quantity == Quantity::media && note->medium == first.medium) continue;
    if (supports(*note, of)) documents.push_back(note->document);
  }
  return documents;
}

bool second_counts(const Part& part) {
  Facts one;
  if (part.of.words >= 0 || part.by_severity) return false;
  one[part.of.quantity] = 1;
  return share_of(part, one) <= 0;
}

// Where x begins and where it is full, in words.
std::string threshold_text(const Part& part) {
  if (part.by_severity) return "A 类最重，D 类最轻";
  const std::string full = part.most < 1 ? fmt::format("计至 {:.0f}%", 100 * part.most) : "计满";
  return fmt::format("自 {} 起计分，{} {}", measured_text(part.of, part.from), measured_text(part.of, part.to), full);
}

std::string observed_text(const Measure& measure, const Part& part, const Facts& facts, const StoryMemory& memory) {
  const double value = facts.value(part.of);
  std::string text = fmt::format("{} {}", measured_name(measure, part.of), measured_text(part.of, value));
  if (part.of.words >= 0) return text;
  if (part.of.quantity == Quantity::severity && !memory.evidence.empty() && !memory.evidence.front().rule.empty()) {
    const Evidence& first = memory.evidence.front();
    text += fmt::format("：{}（规则 {}，版本 {}）", first.rule_name, first.rule, first.rule_version);
  }
  if (part.of.quantity == Quantity::heat_percentile)
    text = fmt::format("热度 {:.1f}，高于同龄事件的 {}", facts[Quantity::heat], measured_text(part.of, value));
  if (part.of.quantity == Quantity::negative_share)
    text = fmt::format("负面 {:.0f} 条，占 {}", facts[Quantity::negative], measured_text(part.of, value));
  return text;
}

// How often warnings with this reason came where it was measured.
std::string measured_rate(const std::optional<double>& alarms_per_30d) {
  return alarms_per_30d ? fmt::format("；含此项的预警实测每 30 天 {:g} 件", *alarms_per_30d) : "；此门槛未实测预警频度";
}

struct Background {
  const Measure& measure;
  const Verdict& verdict;
  const Facts& facts;
  const StoryMemory& memory;
  const Growth& growth;
};

void describe_growth(Reason& reason, const Growth& growth) {
  reason.observed = fmt::format("{} 小时 {} 条", growth.hours, growth.observed);
  reason.expected = fmt::format("{:.1f} 条", growth.expected);
  reason.threshold = fmt::format("异常度 {:.1f}，{}", growth.surprise, reason.threshold);
}

Reason criterion_reason(const Background& back, std::size_t index) {
  const auto& [measure, verdict, facts, memory, growth] = back;
  const Criterion& criterion = measure.criteria[index];
  const Part& part = criterion.parts[verdict.parts[index]];
  Reason reason;
  reason.criterion = criterion.id;
  reason.name = criterion.name;
  reason.observed = observed_text(measure, part, facts, memory);
  reason.threshold = threshold_text(part);
  reason.points = points_of(measure, verdict, index);
  if (part.of.words < 0 && part.of.quantity == Quantity::growth) describe_growth(reason, growth);
  reason.threshold += measured_rate(criterion.alarms_per_30d);
  const std::string way = lowering(measure, verdict, facts, growth, index);
  reason.lowers = criterion.lowers + (way.empty() ? "" : "；" + way);
  reason.documents = documents_for(memory, measure, part.of, second_counts(part));
  return reason;
}

Reason bound_reason(const Background& back, const Bound& bound, double points) {
  const auto& [measure, verdict, facts, memory, growth] = back;
  Reason reason;
  reason.criterion = bound.id;
  reason.name = bound.name;
  for (const Condition& condition : bound.when) {
    reason.observed += fmt::format("{}{} {}", reason.observed.empty() ? "" : "，", measured_name(measure, condition.of),
                                   measured_text(condition.of, facts.value(condition.of)));
    if (reason.documents.empty() && points > 0)
      reason.documents = documents_for(memory, measure, condition.of, false);
  }
  if (bound.level) {
    const Level& level = measure.levels[*bound.level].level;
    reason.threshold = fmt::format("{} {} 级（{}）", points > 0 ? "不低于" : "不高于", level.code, level.colour);
  } else {
    reason.threshold = "不预警";
  }
  reason.threshold += measured_rate(bound.alarms_per_30d);
  reason.points = points;
  reason.lowers = bound.lowers;
  if (const std::string way = points > 0 ? lowering(measure, verdict, facts, bound) : ""; !way.empty())
    reason.lowers += "；" + way;
  return reason;
}

double combined(const Measure& measure, const std::vector<double>& shares, std::optional<std::size_t> without) {
  double rest = 1;
  for (std::size_t i = 0; i < shares.size(); ++i)
    if (i != without) rest *= 1 - measure.criteria[i].weight * shares[i];
  return 100 * (1 - rest);
}

}  // namespace

double points_of(const Measure& measure, const Verdict& verdict, std::size_t criterion) {
  return verdict.raw - combined(measure, verdict.shares, criterion);
}

Verdict judge(const Measure& measure, const Facts& facts) {
  Verdict verdict;
  for (const Criterion& criterion : measure.criteria) {
    std::size_t best = 0;
    double share = 0;
    for (std::size_t i = 0; i < criterion.parts.size(); ++i) {
      const double x = share_of(criterion.parts[i], facts);
      if (x > share) share = x, best = i;
    }
    verdict.shares.push_back(share);
    verdict.parts.push_back(best);
  }
  verdict.raw = combined(measure, verdict.shares, {});
  verdict.score = verdict.raw;
  for (std::size_t i = 0; i < measure.floors.size(); ++i) {
    const double least = measure.levels[*measure.floors[i].level].score;
    if (verdict.score >= least || !all_hold(measure.floors[i].when, facts)) continue;
    verdict.score = least;
    verdict.floors.push_back(i);
  }
  for (std::size_t i = 0; i < measure.ceilings.size(); ++i) {
    const double most = measure.score_below_next(measure.ceilings[i].level);
    if (verdict.score <= most || !all_hold(measure.ceilings[i].when, facts)) continue;
    verdict.score = most;
    verdict.ceilings.push_back(i);
  }
  verdict.qualifies = std::any_of(measure.qualify.begin(), measure.qualify.end(),
                                  [&facts](const auto& conditions) { return all_hold(conditions, facts); });
  if (verdict.qualifies) verdict.level = measure.level_at(verdict.score);
  return verdict;
}

std::vector<Reason> reasons_of(const Measure& measure, const Verdict& verdict, const Facts& facts,
                               const StoryMemory& memory, const Growth& growth) {
  const Background back{measure, verdict, facts, memory, growth};
  std::vector<Reason> reasons;
  for (std::size_t i = 0; i < measure.criteria.size(); ++i)
    if (verdict.shares[i] > 0 && measure.criteria[i].weight > 0) reasons.push_back(criterion_reason(back, i));
  std::sort(reasons.begin(), reasons.end(), [](const Reason& a, const Reason& b) {
    return a.points != b.points ? a.points > b.points : a.criterion < b.criterion;
  });
  double score = verdict.raw;
  for (std::size_t i : verdict.floors) {
    const double least = measure.levels[*measure.floors[i].level].score;
    reasons.push_back(bound_reason(back, measure.floors[i], least - score));
    score = least;
  }
  for (std::size_t i : verdict.ceilings) {
    const double most = measure.score_below_next(measure.ceilings[i].level);
    reasons.push_back(bound_reason(back, measure.ceilings[i], most - score));
    score = most;
  }
  return reasons;
}

}  // namespace tingchao::alerting
