// What concerns a rule among others: is it swallowed by another, does it match nearly everything? A rule can
// only be swallowed by one whose first clause it satisfies, so rules are looked up by the leaves of that clause;
// which leaves lie within a leaf's words the rules' own matcher tells in one scan.
#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "analyzer/rules/lint.h"
#include "analyzer/text/prepared.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

constexpr std::size_t pairs_max = 200'000;  // of rules that are compared by proof

class Shadows {
 public:
  Shadows(const RuleSet& rules, LeafOrder& order, std::vector<LintFinding>& out)
      : rules_(rules), implication_(order), out_(out), leaves_of_literal_(rules.literals.size()) {
    for (std::size_t leaf = 0; leaf < rules.leaves.size(); ++leaf)
      for (const std::uint32_t literal : rules.leaves[leaf].literals)
        leaves_of_literal_[literal].push_back(std::int32_t(leaf));
    for (std::uint32_t rule = 0; rule < rules.rules.size(); ++rule)
      for (const std::int32_t leaf : rules.clauses[rule].front()) filed_[leaf].push_back(rule);
  }

  void run() {
    for (std::uint32_t rule = 0; rule < rules_.rules.size(); ++rule) {
      std::set<std::int32_t> reached;
      gather(rules_.roots[rule], reached);
      std::set<std::uint32_t> others;
      for (const std::int32_t leaf : reached)
        if (const auto at = filed_.find(leaf); at != filed_.end())
          for (const std::uint32_t other : at->second)
            if (may_swallow(other, rule, reached)) others.insert(other);
      for (const std::uint32_t other : others)
        if (compare(rule, other)) break;
      if (pairs_ > pairs_max) {
        out_.push_back({rule, 1, Diagnostic::Grade::warning, "shadowed",
                        "规则太多，从这一条起没有再查它们是否被别的规则盖住", "把规则分到不同话题或几个规则包里再查"});
        return;
      }
    }
  }

 private:
  // Leaves of the node, and all that stand within their words.
  void gather(const Node& node, std::set<std::int32_t>& out) {
    for (const Node& child : node.children) gather(child, out);
    if (node.leaf < 0 || !out.insert(node.leaf).second) return;
    const auto within = [&](const std::u32string& text) {
      rules_.matcher.scan(text, [&](std::size_t, std::size_t, std::int32_t literal) {
        const auto& leaves = leaves_of_literal_[std::size_t(literal)];
        out.insert(leaves.begin(), leaves.end());
      });
    };
    const Leaf& leaf = rules_.leaves[std::size_t(node.leaf)];
    for (const std::uint32_t literal : leaf.literals) within(rules_.literals[literal]);
    for (const std::u32string& part : leaf.rest) within(part);
  }

  bool may_swallow(std::uint32_t other, std::uint32_t rule, const std::set<std::int32_t>& reached) const {
    if (other == rule) return false;
    const Rule &small = rules_.rules[rule], &large = rules_.rules[other];
    if (small.topic != large.topic || large.severity > small.severity) return false;
    return std::all_of(rules_.clauses[other].begin(), rules_.clauses[other].end(), [&](const Clause& clause) {
      return std::any_of(clause.begin(), clause.end(), [&](std::int32_t leaf) { return reached.contains(leaf); });
    });
  }

  bool compare(std::uint32_t rule, std::uint32_t other) {
    if (++pairs_ > pairs_max) return true;
    const Fact small{&rules_.roots[rule], {}, false}, large{&rules_.roots[other], {}, false};
    const Proof proof = implication_.follows({small}, large);
    if (proof == Proof::none) return false;
    const Rule& by = rules_.rules[other];
    // Of two that swallow one another the later one is told.
    if (other > rule && by.severity == rules_.rules[rule].severity &&
        implication_.follows({large}, small) != Proof::none)
      return false;
    const bool same = by.severity == rules_.rules[rule].severity;
    out_.push_back(
        {rule, 1, Diagnostic::Grade::warning, "shadowed",
         fmt::format("{}规则被盖住了：凡命中它的，规则“{}”（{}:{}）也命中，话题相同，级别{}",
                     proof == Proof::certain ? "" : "按词的切分，", by.id, by.file, by.line, same ? "一样" : "更高"),
         "两条并作一条；要分开统计或另定级别，就改这条的话题、级别，或在那条里用 NOT 排除"});
    return true;
  }

  const RuleSet& rules_;
  Implication implication_;
  std::vector<LintFinding>& out_;
  std::vector<std::vector<std::int32_t>> leaves_of_literal_;
  std::unordered_map<std::int32_t, std::vector<std::uint32_t>> filed_;
  std::size_t pairs_ = 0;
};

// A word that so large a part of all texts has is no condition.
constexpr double common_share = 0.03;
// Of texts about other matters; of history at large.
constexpr long texts_min = 60;

class Breadth {
 public:
  Breadth(const RuleSet& rules, TermSense& sense, std::vector<LintFinding>& out)
      : rules_(rules), sense_(sense), out_(out) {}

  void look(std::uint32_t rule) {
    rule_ = rule;
    enough_alone(rules_.roots[rule]);
  }

 private:
  // Goes down to the terms any of which makes the whole hold without anything else.
  void enough_alone(const Node& node) {
    switch (node.kind) {
      case NodeKind::unless: case NodeKind::in_field: case NodeKind::any: case NodeKind::sentence:
      case NodeKind::paragraph:
        for (const Node& child : node.children) enough_alone(child);
        return;
      case NodeKind::all: {  // what must not be there, or where the text comes from, is no second condition
        const Node* only = nullptr;
        for (const Node& child : node.children) {
          if (child.kind == NodeKind::none) continue;
          if (only) return;
          only = &child;
        }
        if (only) enough_alone(*only);
        return;
      }
      case NodeKind::at_least:
        if (node.n == 1)
          for (const Node& child : node.children) enough_alone(child);
        return;
      case NodeKind::term: case NodeKind::words: return common(node);
      default: return;
    }
  }

  void common(const Node& node) {
    const Leaf& leaf = rules_.leaves[std::size_t(node.leaf)];
    if (!leaf.rest.empty()) return;
    for (const std::uint32_t literal : leaf.literals) {
      const std::u32string& word = rules_.literals[literal];
      const double share = sense_.share_of_texts(word);
      const bool lone = word.size() == 1 && leaf.mode == TermMode::raw && is_han(word[0]);
      if (share < common_share && !lone) continue;
      const std::string how_often =
          lone ? "单字在许多不相干的词里" : fmt::format("照词典里的词频，每百篇文章约有 {:.0f} 篇说到它", share * 100);
      out_.push_back({rule_, node.column, Diagnostic::Grade::warning, "broad",
                      fmt::format("太宽：有“{}”就命中，没有第二个条件；{}", to_utf8(word), how_often),
                      "用 AND、NEAR 加上说事情的词，例如 (…) NEAR/20 (投诉 OR 受伤)；本意如此就写 accept: [broad]"});
      return;
    }
  }

  const RuleSet& rules_;
  TermSense& sense_;
  std::vector<LintFinding>& out_;
  std::uint32_t rule_ = 0;
};

}  // namespace

void find_shadowed(const RuleSet& rules, LeafOrder& order, std::vector<LintFinding>& out) {
  Shadows(rules, order, out).run();
}

void find_broad(const RuleSet& rules, TermSense* sense, const std::vector<RuleUse>& uses,
                std::vector<LintFinding>& out) {
  for (std::uint32_t rule = 0; rule < rules.rules.size() && sense; ++rule) Breadth(rules, *sense, out).look(rule);
  for (const RuleUse& use : uses)
    for (std::uint32_t rule = 0; rule < rules.rules.size(); ++rule) {
      const auto found = use.of.find(rules.rules[rule].id);
      if (found == use.of.end()) continue;
      const auto [texts, matched] = found->second;
      if (texts < texts_min || double(matched) < use.share_max * double(texts)) continue;
      out.push_back({rule, 1, Diagnostic::Grade::warning, "broad",
                     fmt::format("太宽：{} {} 篇里命中了 {} 篇（{:.0f}%）", use.what, texts, matched,
                                 100.0 * double(matched) / double(texts)),
                     "加上说事情的词，或用 NOT、NEAR 收窄；本意如此就写 accept: [broad]"});
    }
}

}  // namespace tingchao::analyzer
