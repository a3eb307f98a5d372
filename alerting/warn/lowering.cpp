// A level is left when the score is under its threshold by the measure's margin (and stays there, which is not asked
// here); the last one when the score is under its threshold. A criterion's share x is bisected: at each x all its
// quantities are set to the nearest value that gives no more than x, in steps that people count in, and the whole
// measure judges again, so that floors, ceilings and other uses of the same quantity have their say.
#include "alerting/warn/lowering.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "alerting/warn/tail.h"

namespace tingchao::alerting {
namespace {

constexpr int bisections = 40;

struct Target {
  std::size_t level = 0;  // to be left
  bool is_last = false;
  double below = 0;       // the score must be
};

std::optional<Target> target_of(const Measure& measure, const Verdict& verdict) {
  if (!verdict.level) return std::nullopt;
  Target target{*verdict.level, *verdict.level + 1 == measure.levels.size(), measure.levels[*verdict.level].score};
  if (!target.is_last) target.below -= measure.margin;
  return target;
}

double& of(Facts& facts, const Measured& m) {
  return m.words >= 0 ? facts.words[static_cast<std::size_t>(m.words)] : facts[m.quantity];
}

// The steps that people count in.
double grain(const Measured& m) {
  if (m.words >= 0) return 1;
  if (m.quantity == Quantity::heat) return 0.1;
  switch (shape_of(m.quantity)) {
    case Shape::share: return 0.01;
    case Shape::percentile: return 0.001;
    default: return 1;
  }
}

std::string name_of(const Measure& measure, const Measured& m) {
  return m.words >= 0 ? fmt::format("词表“{}”", measure.words[static_cast<std::size_t>(m.words)].name)
                      : chinese_name(m.quantity);
}

// Between a number and Chinese stands a space, between Chinese and Chinese none.
std::string spaced(std::string text) {
  if (!text.empty() && static_cast<unsigned char>(text.back()) < 0x80) text += ' ';
  return text;
}

std::string change_text(const Measure& measure, const Measured& m, double from, double to) {
  const std::string name = name_of(measure, m);
  const auto text = [&m](double value) {
    return spaced(m.words >= 0 ? fmt::format("{:.0f} 条", value) : in_chinese(m.quantity, value));
  };
  switch (m.words >= 0 ? Shape::number : shape_of(m.quantity)) {
    case Shape::flag: return to > 0 ? fmt::format("“{}”成立", name) : fmt::format("“{}”不再成立", name);
    case Shape::severity: return fmt::format("{}由 {}改判为{}", name, text(from), to > 0 ? " " + text(to) + "及以下" : "无");
    case Shape::rank: return fmt::format("{}由 {}退到 {}及以后", name, text(from), text(to));
    default:
      return to < from ? fmt::format("{}由 {}降到 {}{}", name, text(from), text(to), to > 0 ? "及以下" : "")
                       : fmt::format("{}由 {}升到 {}及以上", name, text(from), text(to));
  }
}

double share_at(const Part& part, double value) {
  Facts facts;
  of(facts, part.of) = value;
  return share_of(part, facts);
}

bool is_growth(const Part& part) { return part.of.words < 0 && part.of.quantity == Quantity::growth; }

// What one way down has changed so far.
struct Way {
  Facts facts;
  std::vector<std::string> changes;
};

// The value nearest to what it is now that gives the part no more than x.
double value_at(const Part& part, double x, double now) {
  if (share_at(part, now) <= x) return now;
  if (part.by_severity || (part.of.words < 0 && shape_of(part.of.quantity) == Shape::flag)) {
    double value = now;
    while (value > 0 && share_at(part, value) > x) value -= 1;
    return value;
  }
  const double step = grain(part.of), sign = part.to > part.from ? -1 : 1;
  const double exact = (part.from + x * (part.to - part.from)) / step;
  double steps = sign < 0 ? std::floor(exact + 1e-9) : std::ceil(exact - 1e-9);
  while (share_at(part, steps * step) > x) steps += sign;
  return steps * step;
}

void let_growth_fall(Way& way, const Measure& measure, const Part& part, const Growth& growth, double x) {
  double most = 0;
  std::string texts;
  for (const Growth& window : growth.windows) {
    int count = window.observed;
    while (count > 0 && share_at(part, surprise(count, window.expected, measure.growth.size)) > x) --count;
    most = std::max(most, surprise(count, window.expected, measure.growth.size));
    if (count < window.observed)
      texts += fmt::format("{}{} 小时内由 {} 条降到 {} 条{}", texts.empty() ? "" : "、", window.hours, window.observed,
                           count, count > 0 ? "及以下" : "");
  }
  way.facts[Quantity::growth] = most;
  if (!texts.empty()) way.changes.push_back(std::move(texts));
}

Way way_at(const Measure& measure, const Facts& facts, const Growth& growth, const Criterion& criterion, double x) {
  Way way{facts, {}};
  for (const Part& part : criterion.parts) {
    const double now = facts.value(part.of);
    if (share_of(part, facts) <= x) continue;
    if (is_growth(part) && !growth.windows.empty()) {
      let_growth_fall(way, measure, part, growth, x);
      continue;
    }
    const double value = value_at(part, x, now);
    if (value == now) continue;
    of(way.facts, part.of) = value;
    way.changes.push_back(change_text(measure, part.of, now, value));
  }
  return way;
}

std::string joined(const std::vector<std::string>& texts, const char* by) {
  std::string text;
  for (const std::string& each : texts) text += (text.empty() ? "" : by) + each;
  return text;
}

// Where the score that is left leads.
std::string heading(const Measure& measure, const Target& target, double score) {
  if (target.is_last) return "低于预警线：";
  const std::size_t last = measure.levels.size() - 1;
  const std::size_t to = std::max(target.level + 1, measure.level_at(score).value_or(last));
  return fmt::format("{}降为{}级：", measure.levels[target.level].person_lowers ? "可由人" : "",
                     measure.levels[to].level.code);
}

std::string not_enough(const char* what, const Target& target, double left) {
  return fmt::format("仅{}回落不够：其余仍有 {:.1f} 分，须低于 {:g} 分", what, left, target.below);
}

// The nearest value at which the condition fails.
std::optional<double> failing(const Condition& condition, double now) {
  using enum Condition::Comparison;
  const double step = grain(condition.of);
  switch (condition.comparison) {
    case at_least: return condition.value - step;
    case more: return condition.value;
    case at_most: return condition.value + step;
    case less: return condition.value;
    case equal: return now > 0 ? now - 1 : now + 1;
  }
  return std::nullopt;
}

}  // namespace

std::string lowering(const Measure& measure, const Verdict& verdict, const Facts& facts, const Growth& growth,
                     std::size_t index) {
  const auto target = target_of(measure, verdict);
  if (!target) return {};
  const Criterion& criterion = measure.criteria[index];
  const auto score_at = [&](double x) {
    return judge(measure, way_at(measure, facts, growth, criterion, x).facts).score;
  };
  double low = 0, high = verdict.shares[index];
  const double least = score_at(low);
  if (least >= target->below) return not_enough("此项", *target, least);
  for (int i = 0; i < bisections; ++i) {
    const double middle = (low + high) / 2;
    (score_at(middle) < target->below ? low : high) = middle;
  }
  const Way way = way_at(measure, facts, growth, criterion, low);
  return heading(measure, *target, judge(measure, way.facts).score) + joined(way.changes, "，且");
}

std::string lowering(const Measure& measure, const Verdict& verdict, const Facts& facts, const Bound& floor) {
  const auto target = target_of(measure, verdict);
  if (!target) return {};
  std::vector<std::string> ways;
  double least = verdict.score, reached = 0;
  for (const Condition& condition : floor.when) {
    const double now = facts.value(condition.of);
    const auto value = failing(condition, now);
    if (!value) continue;
    Facts changed = facts;
    of(changed, condition.of) = *value;
    const double score = judge(measure, changed).score;
    least = std::min(least, score);
    if (score >= target->below) continue;
    ways.push_back(change_text(measure, condition.of, now, *value));
    reached = std::max(reached, score);
  }
  if (ways.empty()) return not_enough("此底线", *target, least);
  return heading(measure, *target, reached) + joined(ways, "，或");
}

}  // namespace tingchao::alerting
