// Each node is looked at with what the nodes around it demand (its path): an arm that contradicts the path is
// dead, a condition that follows from the others is idle. Below NEAR and COUNT the very places matter, so
// there only arms with the same places are told.
#include "analyzer/rules/lint.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// Larger ORs are lists of words; comparing all arms with all others would take long and tell little.
constexpr std::size_t arms_compared_max = 400;
constexpr std::size_t shown_max = 24;

Fact child_of(const Fact& at, std::size_t i) {
  return {&at.node->children[i], at.stand.below(*at.node), false};
}

std::vector<Fact> with(std::vector<Fact> facts, const Fact& more) {
  facts.push_back(more);
  return facts;
}

const char* how_sure(Proof proof) { return proof == Proof::certain ? "" : "按词的切分，"; }

}  // namespace

std::string RuleLint::shown(const Node& node) const {
  if (node.column_end <= node.column) return node.text;
  const std::string_view text = rules_.rules[rule_].expression;
  const std::string_view before = cut_chars(text, node.column - 1);
  const std::string_view whole = cut_chars(text.substr(before.size()), node.column_end - node.column);
  const std::string_view cut = cut_chars(whole, shown_max);
  std::string out(cut);
  std::replace(out.begin(), out.end(), '\n', ' ');
  return cut.size() < whole.size() ? out + "…" : out;
}

void RuleLint::tell(const Node& node, const char* kind, std::string message, std::string mend,
                    Diagnostic::Grade grade) {
  out_.push_back({rule_, std::max(node.column, 1u), grade, kind, std::move(message), std::move(mend)});
}

std::string RuleLint::because(const Clash& clash) const {
  const std::string part = clash.part ? shown(*clash.part) : "";
  switch (clash.why) {
    case Clash::Why::denied:
      if (!clash.against) return fmt::format("要求没有“{}”，别的条件又要求有", part);
      return fmt::format("要求有“{}”（第 {} 列），又要求没有“{}”（第 {} 列）", shown(*clash.against),
                         clash.against->column, part, clash.part->column);
    case Clash::Why::counted:
      return fmt::format("“{}”与“{}”（第 {} 列）的次数对不上", part, shown(*clash.against), clash.against->column);
    case Clash::Why::metadata:
      return fmt::format("一篇文档不会既是“{}”又是“{}”", part, shown(*clash.against));
    case Clash::Why::field: return fmt::format("“{}”一处只看标题、一处只看正文，没有可找的地方", part);
    case Clash::Why::context:
      return fmt::format("“{}”本身就是 UNLESS 所说的语境，每次出现都被去掉", part);
    case Clash::Why::too_few: return fmt::format("“{}”里能成立的项不够", part);
    case Clash::Why::none: break;
  }
  return "各支都与别的条件矛盾";
}

std::string RuleLint::mend_of(const Clash& clash) const {
  switch (clash.why) {
    case Clash::Why::counted: return "改次数，使两个条件能同时成立";
    case Clash::Why::metadata: return "几个来源任选其一写成 OR，例如 kind:(forum OR news)";
    case Clash::Why::field: return "只留 title: 与 body: 中的一个，或拆成两支用 OR 连起来";
    case Clash::Why::context: return "从 unless 里去掉这个语境，或改找说事情本身的词";
    case Clash::Why::too_few: return "减小 OF 前面的个数，或改正互相矛盾的项";
    default: return "删去其中一个条件；本意是“或者”就把 AND 写成 OR";
  }
}

void RuleLint::expression(std::uint32_t rule) {
  rule_ = rule;
  const Fact root{&rules_.roots[rule], {}, false};
  Clash clash;
  const Proof never = implication_.impossible({root}, &clash);
  if (never == Proof::none) return walk(root, {});
  const Node& place = clash.part ? *clash.part : *root.node;
  const bool sure = never == Proof::certain;
  tell(place, "never", fmt::format("{}规则永远不会命中：{}", how_sure(never), because(clash)), mend_of(clash),
       sure ? Diagnostic::Grade::error : Diagnostic::Grade::warning);
}

void RuleLint::walk(const Fact& at, const std::vector<Fact>& path) {
  switch (at.node->kind) {
    case NodeKind::in_field: case NodeKind::unless: return walk(child_of(at, 0), path);
    case NodeKind::none: return walk(child_of(at, 0), path);
    // A sentence's conditions are not those of the text around it.
    case NodeKind::sentence: case NodeKind::paragraph: return walk(child_of(at, 0), {});
    case NodeKind::any: return arms(at, path);
    case NodeKind::all: return conditions(at, path);
    case NodeKind::at_least: return items(at, path);
    case NodeKind::near: case NodeKind::count:
      for (std::size_t i = 0; i < at.node->children.size(); ++i) positional(child_of(at, i));
      return;
    default: return;
  }
}

void RuleLint::arms(const Fact& at, const std::vector<Fact>& path) {
  const std::size_t size = at.node->children.size();
  std::vector<bool> gone(size, false);
  for (std::size_t i = 0; i < size; ++i) {
    Clash clash;
    const Proof dead = implication_.impossible(with(path, child_of(at, i)), &clash);
    if (dead == Proof::none) continue;
    gone[i] = true;
    tell(at.node->children[i], "branch",
         fmt::format("{}OR 的这一支“{}”永远不会成立：{}", how_sure(dead), shown(at.node->children[i]), because(clash)),
         "删去这一支，或改正与它矛盾的条件");
  }
  // The later of two that are one and the same is told. A longer word beside a shorter one inside it is good
  // style, for whether the shorter one counts there is the segmenter's opinion; so only proof counts here.
  for (std::size_t i = size; i-- > 0 && size <= arms_compared_max;) {
    for (std::size_t k = 0; k < size && !gone[i]; ++k) {
      if (k == i || gone[k]) continue;
      const Proof idle = implication_.follows({child_of(at, i)}, child_of(at, k));
      if (idle != Proof::certain) continue;
      gone[i] = true;
      const Node& kept = at.node->children[k];
      tell(at.node->children[i], "branch",
           fmt::format("OR 的这一支“{}”多余：凡有它的，“{}”（第 {} 列）也命中", shown(at.node->children[i]),
                       shown(kept), kept.column),
           fmt::format("删去这一支；本意是只找它，就删去“{}”", shown(kept)));
    }
  }
  for (std::size_t i = 0; i < size; ++i)
    if (!gone[i]) walk(child_of(at, i), path);
}

void RuleLint::conditions(const Fact& at, const std::vector<Fact>& path) {
  const std::size_t size = at.node->children.size();
  std::vector<bool> idle(size, false);
  const auto others = [&](std::size_t but) {
    std::vector<Fact> out = path;
    for (std::size_t k = 0; k < size; ++k)
      if (k != but && !idle[k]) out.push_back(child_of(at, k));
    return out;
  };
  for (std::size_t i = size; i-- > 0;) {
    const Proof follows = implication_.follows(others(i), child_of(at, i));
    if (follows == Proof::none) continue;
    idle[i] = true;
    tell(at.node->children[i], "condition",
         fmt::format("{}条件“{}”不起作用：别的条件成立时它总是成立", how_sure(follows), shown(at.node->children[i])),
         "删去它，或改成真正要加的限制");
  }
  for (std::size_t i = 0; i < size; ++i)
    if (!idle[i]) walk(child_of(at, i), others(i));
}

void RuleLint::items(const Fact& at, const std::vector<Fact>& path) {
  const std::size_t size = at.node->children.size();
  for (std::size_t i = 0; i < size; ++i) {
    const Fact item = child_of(at, i);
    Clash clash;
    if (const Proof dead = implication_.impossible(with(path, item), &clash); dead != Proof::none) {
      tell(*item.node, "branch",
           fmt::format("{}{} 的这一项“{}”永远不会成立：{}", how_sure(dead), at.node->text, shown(*item.node),
                       because(clash)),
           "删去这一项，或改正与它矛盾的条件");
      continue;
    }
    for (std::size_t k = 0; k < i; ++k) {
      const Fact earlier = child_of(at, k);
      if (implication_.follows({item}, earlier) != Proof::certain ||
          implication_.follows({earlier}, item) != Proof::certain)
        continue;
      tell(*item.node, "branch",
           fmt::format("{} 的这一项“{}”与“{}”（第 {} 列）是一回事，出现一次就算作两项", at.node->text,
                       shown(*item.node), shown(*earlier.node), earlier.node->column),
           "删去一项，或换成别的说法");
      break;
    }
    walk(item, path);
  }
}

void RuleLint::positional(const Fact& at) {
  const std::size_t size = at.node->children.size();
  for (std::size_t i = at.node->kind == NodeKind::any && size <= arms_compared_max ? size : 0; i-- > 0;) {
    for (std::size_t k = 0; k < size; ++k) {
      if (k == i || implication_.same_places(child_of(at, i), child_of(at, k)) != Proof::certain) continue;
      const bool both = implication_.same_places(child_of(at, k), child_of(at, i)) == Proof::certain;
      if (both && k > i) continue;
      const Node& kept = at.node->children[k];
      tell(at.node->children[i], "branch",
           fmt::format("OR 的这一支“{}”多余：它出现的地方“{}”（第 {} 列）也命中", shown(at.node->children[i]),
                       shown(kept), kept.column),
           "删去这一支");
      break;
    }
  }
  for (std::size_t i = 0; i < size; ++i) positional(child_of(at, i));
}

std::vector<LintFinding> lint(const RuleSet& rules, TermSense* sense, const std::vector<RuleUse>& uses) {
  std::vector<LintFinding> out;
  LeafOrder order(rules, sense);
  RuleLint one(rules, order, out);
  for (std::uint32_t rule = 0; rule < rules.rules.size(); ++rule) one.expression(rule);
  find_shadowed(rules, order, out);
  find_broad(rules, sense, uses, out);
  std::erase_if(out, [&](const LintFinding& finding) {
    const auto& accepted = rules.rules[finding.rule].accept;
    return std::find(accepted.begin(), accepted.end(), finding.kind) != accepted.end();
  });
  std::sort(out.begin(), out.end(), [](const LintFinding& a, const LintFinding& b) {
    return std::tie(a.rule, a.column, a.kind, a.message) < std::tie(b.rule, b.column, b.kind, b.message);
  });
  return out;
}

}  // namespace tingchao::analyzer
