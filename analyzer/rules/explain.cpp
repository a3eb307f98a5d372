// The same evaluation, written down: each node with ✓ or ✗, each leaf with where it stands, where it
// stands without counting, and why. Signs are aligned by their width on a terminal.

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/rules/evaluate.h"
#include "analyzer/rules/match.h"
#include "analyzer/rules/rule_set.h"
#include "analyzer/rules/sightings.h"
#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

// Places told of one leaf; the rest is counted.
constexpr std::size_t places_shown = 3;
constexpr std::size_t words_shown_beside = 4;  // characters around a vetoed hit, at most
constexpr std::size_t head_width_max = 36;

std::size_t width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_char(text, at);
    columns += c >= 0x1100 && (c < 0x2190 ? c < 0x1160 : c >= 0x2E80) ? 2 : 1;
  }
  return columns;
}

struct Line {
  std::string head, reason;
};

class Explanation {
 public:
  Explanation(Sightings& sightings, Evaluation& evaluation) : sightings_(sightings), evaluation_(evaluation) {}

  void tell(const Node& node, const Scope& scope, int depth) {
    const bool good = evaluation_.holds(node, scope);
    line(depth, good, head_of(node), reason_of(node, scope, good));
    if (node.kind == NodeKind::source || node.kind == NodeKind::kind || node.kind == NodeKind::lang) return;
    const Scope inner = scope_for_children(node, scope);
    for (const Node& child : node.children) tell(child, inner, depth + 1);
  }

  std::string text() const {
    std::size_t column = 0;
    for (const Line& one : lines_) column = std::max(column, std::min(width(one.head), head_width_max));
    std::string out;
    for (const Line& one : lines_) {
      out += one.head;
      if (!one.reason.empty()) {
        const std::size_t used = width(one.head);
        out.append(used < column ? column - used + 2 : 2, ' ');
        out += one.reason;
      }
      out += '\n';
    }
    return out;
  }

 private:
  void line(int depth, bool good, const std::string& head, std::string reason) {
    lines_.push_back({std::string(std::size_t(depth) * 2, ' ') + (good ? "✓ " : "✗ ") + head, std::move(reason)});
  }

  static std::string head_of(const Node& node) {
    return node.kind == NodeKind::unless ? "UNLESS " + to_text(node.marks) : node.text;
  }

  // Parts of SENT and PARA are told for the piece where they hold, else for the whole.
  Scope scope_for_children(const Node& node, const Scope& scope) {
    if (node.kind != NodeKind::sentence && node.kind != NodeKind::paragraph) return Evaluation::below(node, scope);
    for (const Scope& piece : evaluation_.pieces(node, scope))
      if (evaluation_.holds(node.children.front(), piece)) return piece;
    return scope;
  }

  std::string reason_of(const Node& node, const Scope& scope, bool good) {
    if (node.leaf >= 0) return leaf_reason(node, scope);
    switch (node.kind) {
      case NodeKind::count: return fmt::format("数到 {} 次", evaluation_.count(node, scope));
      case NodeKind::at_least: {
        const auto held = std::count_if(node.children.begin(), node.children.end(),
                                        [&](const Node& child) { return evaluation_.holds(child, scope); });
        return fmt::format("{} 项里成立 {} 项", node.children.size(), held);
      }
      case NodeKind::sentence: return piece_reason(node, scope, "句");
      case NodeKind::paragraph: return piece_reason(node, scope, "段");
      case NodeKind::near:
        return good ? near_reason(node, scope) : far_reason(node, scope);
      case NodeKind::unless: return unless_reason(node, scope, good);
      case NodeKind::source: case NodeKind::kind: case NodeKind::lang: return metadata_reason(node);
      default: return "";
    }
  }

  std::string metadata_reason(const Node& node) const {
    const Document* document = sightings_.prepared().document;
    if (!document) return "没有来源信息";
    if (node.kind == NodeKind::lang) return "语言是 " + document->language;
    if (node.kind == NodeKind::kind) return "类型是 " + document->medium;
    return fmt::format("来源是 {}（{}）", document->source.empty() ? "未知" : document->source, document->medium);
  }

  std::string piece_reason(const Node& node, const Scope& scope, const char* unit) {
    for (const Scope& piece : evaluation_.pieces(node, scope)) {
      if (!evaluation_.holds(node.children.front(), piece)) continue;
      for (const Field field : {Field::title, Field::body})
        if (piece.of(field).first < piece.of(field).second)
          return position(field, piece.of(field).first, node.kind == NodeKind::paragraph);
    }
    return fmt::format("没有一{}同时满足", unit);
  }

  std::string near_reason(const Node& node, const Scope& scope) {
    std::vector<Spot> spots;
    evaluation_.collect(node, scope, spots);
    if (spots.size() < 2) return "";
    const Occurrence &a = spots[0].place, &b = spots[1].place;
    const Occurrence &left = std::min(a, b), &right = std::max(a, b);
    return fmt::format("{}，相距 {} 字：{}", position(left.field, left.begin, false),
                       sightings_.distance(left.field, left.end, right.begin),
                       quoted(left.field, left.begin, right.end));
  }

  std::string far_reason(const Node& node, const Scope& scope) {
    const std::optional<std::uint32_t> apart = evaluation_.nearest(node, scope);
    if (apart) return fmt::format("最近的一对相距 {} 字，超过 {}", *apart, node.n);
    return node.ordered ? "没有先后相合的一对" : "没有在同一篇文字里的一对";
  }

  std::string unless_reason(const Node& node, const Scope& scope, bool good) {
    if (good) return "除去这些语境里的命中，仍成立";
    return evaluation_.holds(node.children.front(), scope) ? "除去这些语境里的命中，就不成立了" : "";
  }

  std::string quoted(Field field, std::size_t begin, std::size_t end) const {
    const TextView& view = sightings_.view(field);
    const Span span = view.bytes(begin, end);
    const std::string_view text = view.stored.substr(span.begin, span.end - span.begin);
    std::string shown;
    for (const char c : cut_chars(text, 40)) shown += c == '\n' || c == '\r' ? ' ' : c;
    return fmt::format("“{}{}”", shown, count_chars(text) > 40 ? "…" : "");
  }

  std::string position(Field field, std::size_t at, bool paragraph) const {
    if (field == Field::title) return "在标题";
    const TextView& view = sightings_.view(field);
    const auto& begins = paragraph ? view.paragraphs : view.sentences;
    const auto next = std::upper_bound(begins.begin(), begins.end(), std::uint32_t(at));
    return fmt::format("在第 {} {}", std::max<std::ptrdiff_t>(next - begins.begin(), 1), paragraph ? "段" : "句");
  }

  bool in_scope(const Occurrence& place, const Scope& scope) const {
    return place.begin >= scope.of(place.field).first && place.end <= scope.of(place.field).second;
  }

  std::string leaf_reason(const Node& node, const Scope& scope) {
    const Sightings::Found& found = sightings_.of(node.leaf);
    const std::vector<Occurrence> counted = evaluation_.leaf_places(node, scope);
    std::vector<std::string> parts;
    std::size_t shown = 0;
    for (const Occurrence& place : counted)
      if (shown++ < places_shown) parts.push_back(hit(node, place));
    if (counted.size() > places_shown) parts.push_back(fmt::format("共 {} 处", counted.size()));
    std::size_t damped = 0, crossing = 0, outside = 0;
    for (const Occurrence& place : found.places) {
      if (!in_scope(place, scope)) {
        ++outside;
      } else if (!std::binary_search(counted.begin(), counted.end(), place) && damped++ < places_shown) {
        parts.push_back(damping(place, scope.damped));
      }
    }
    for (const Occurrence& place : found.vetoed)
      if (in_scope(place, scope) && crossing++ < places_shown) parts.push_back(crossed(node, place));
    if (parts.empty()) return outside ? "只出现在这个范围之外" : "未出现";
    return in_one_line(parts);
  }

  // The same said twice is said once with its number.
  static std::string in_one_line(const std::vector<std::string>& parts) {
    std::string out;
    for (std::size_t i = 0; i < parts.size();) {
      std::size_t same = i + 1;
      while (same < parts.size() && parts[same] == parts[i]) ++same;
      out += (i ? "；" : "") + parts[i] + (same - i > 1 ? fmt::format("（{} 处）", same - i) : "");
      i = same;
    }
    return out;
  }

  std::string hit(const Node& node, const Occurrence& place) const {
    const TextView& view = sightings_.view(place.field);
    const Span span = view.bytes(place.begin, place.end);
    const std::string_view stored = view.stored.substr(span.begin, span.end - span.begin);
    std::string out = position(place.field, place.begin, false);
    if (stored != node.value) out += "：" + quoted(place.field, place.begin, place.end);
    const std::string folding = folding_of(node, place, stored);
    return folding.empty() ? out : fmt::format("{}（{}）", out, folding);
  }

  // 学校|服务: the words around, cut where they are cut.
  std::string crossed(const Node& node, const Occurrence& place) const {
    const TextView& view = sightings_.view(place.field);
    if (node.mode == TermMode::whole) return "出现于 " + words_around(view, place) + "，不是完整的词，不计";
    if (!is_no_word(view, place.begin, place.end)) return "出现于 " + run_around(view, place) + "，只是其中一截，不计";
    return "出现于 " + words_around(view, place) + "，跨词，不计";
  }

  static std::string run_around(const TextView& view, const Occurrence& place) {
    std::size_t begin = place.begin, end = place.end;
    const auto plain = [&](std::size_t i) { return view.folded[i] > ' ' && view.folded[i] < 0x2000; };
    while (begin > 0 && place.begin - begin < 20 && plain(begin - 1)) --begin;
    while (end < view.folded.size() && end - place.end < 20 && plain(end)) ++end;
    const Span span = view.bytes(begin, end);
    return std::string(view.stored.substr(span.begin, span.end - span.begin));
  }

  static std::string words_around(const TextView& view, const Occurrence& place) {
    if (view.border.size() != view.folded.size() + 1) return run_around(view, place);
    std::size_t begin = place.begin, end = place.end;
    while (begin > 0 && !view.border[begin] && place.begin - begin < words_shown_beside) --begin;
    while (end < view.folded.size() && !view.border[end] && end - place.end < words_shown_beside) ++end;
    std::string out;
    for (std::size_t i = begin; i < end; ++i) {
      if (i > begin && view.border[i]) out += '|';
      const Span span = view.bytes(i, i + 1);
      out += view.stored.substr(span.begin, span.end - span.begin);
    }
    return out;
  }

  // 在第 2 句，被“未发现”否定
  std::string damping(const Occurrence& place, Marks marks) const {
    const auto& contexts = place.field == Field::title ? sightings_.prepared().title_context
                                                       : sightings_.prepared().body_context;
    constexpr Marks mark_of[] = {mark_negated, mark_refuted, mark_drill, mark_fiction, mark_past};
    const std::string where = position(place.field, place.begin, false);
    for (const SentenceContext& context : contexts) {
      if (place.begin < context.begin || place.begin >= context.end) continue;
      for (const ContextCue& cue : context.cues) {
        const Marks mark = mark_of[std::size_t(cue.kind)];
        if (!(mark & marks) || place.begin < cue.from || place.end > cue.until) continue;
        const std::string words = quoted(cue.field, cue.begin, cue.end);
        if (mark == mark_negated) return fmt::format("{}，被{}否定，不计", where, words);
        return fmt::format("{}，{}有{}，属{}，不计", where, cue.field == place.field ? "句中" : "标题", words, chinese_mark(mark));
      }
    }
    return where + "，语境不计";
  }

  Sightings& sightings_;
  Evaluation& evaluation_;
  std::vector<Line> lines_;
};

}  // namespace

std::string explain_rule(const RuleSet& rules, const Rule& rule, const Prepared& prepared) {
  const auto at = std::find_if(rules.rules.begin(), rules.rules.end(),
                               [&](const Rule& one) { return one.id == rule.id; });
  if (at == rules.rules.end()) return fmt::format("规则 {} 不在这一组规则里\n", rule.id);
  const Node& root = rules.roots[std::size_t(at - rules.rules.begin())];
  Sightings sightings(rules, prepared);
  Evaluation evaluation(sightings);
  const Scope scope = evaluation.whole_document();
  std::string out = fmt::format("{} {}  {}", evaluation.holds(root, scope) ? "✓" : "✗", at->id, at->name);
  if (!at->topic.empty()) out += fmt::format("  {}  严重程度 {}", at->topic, char(at->severity));
  out += fmt::format("  {}:{}\n", at->file, at->line);
  Explanation explanation(sightings, evaluation);
  explanation.tell(root, scope, 1);
  return out + explanation.text();
}

}  // namespace tingchao::analyzer
