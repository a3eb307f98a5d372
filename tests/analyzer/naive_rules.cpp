#include "tests/analyzer/naive_rules.h"

#include <algorithm>
#include <map>
#include <regex>

#include <fmt/format.h>

namespace tingchao::analyzer::naive {
namespace {

struct Window {
  Field field = Field::body;
  std::size_t begin = 0, end = 0;
};
using Windows = std::vector<Window>;

struct Context {
  const Prepared* document;
  Windows windows;
  std::set<std::string> damped;
  bool damp_entities = false;
};

// A stretch of text with the leaf hits it is made of.
struct Piece {
  Field field;
  std::size_t begin, end;
  std::set<Hit> hits;
};

// Each place once, with all the ways to come by it.
class Pieces {
 public:
  void add(const Piece& piece) {
    auto& hits = by_place_[Bit{piece.field, piece.begin, piece.end}];
    hits.insert(piece.hits.begin(), piece.hits.end());
  }
  std::vector<Piece> list() const {
    std::vector<Piece> out;
    for (const auto& [place, hits] : by_place_)
      out.push_back({std::get<0>(place), std::get<1>(place), std::get<2>(place), hits});
    return out;
  }

 private:
  std::map<Bit, std::set<Hit>> by_place_;
};

bool space(char32_t c) { return c == ' ' || c == '\n'; }
bool digit(char32_t c) { return c >= '0' && c <= '9'; }
bool letter(char32_t c) { return c >= 'a' && c <= 'z'; }
bool run(char32_t a, char32_t b) { return (digit(a) && digit(b)) || (letter(a) && letter(b)); }

bool counts(const TextView& view, std::size_t begin, std::size_t end, Kind kind) {
  if (kind == Kind::raw) return true;
  const auto& text = view.folded;
  if (begin > 0 && run(text[begin - 1], text[begin])) return false;
  if (end < text.size() && run(text[end - 1], text[end])) return false;
  const bool at_both_ends = view.border[begin] && view.border[end];
  bool inside = false;
  for (std::size_t i = begin + 1; i < end; ++i) inside = inside || view.border[i];
  return kind == Kind::whole ? at_both_ends : at_both_ends || !inside;
}

bool marked(const Prepared& document, Field field, std::size_t begin, std::size_t end,
            const std::string& mark) {
  for (const SentenceContext& s : field == Field::title ? document.title_context : document.body_context) {
    if (begin < s.begin || begin >= s.end) continue;
    if (mark == "refuted") return s.marks.refuted;
    if (mark == "drill") return s.marks.drill;
    for (const auto& [from, to] : s.negated)
      if (begin >= from && end <= to) return true;
  }
  return false;
}

bool kept(const Context& at, Field field, std::size_t begin, std::size_t end) {
  return std::none_of(at.damped.begin(), at.damped.end(),
                      [&](const std::string& mark) { return marked(*at.document, field, begin, end, mark); });
}

bool is_entity(const Expr& expr) { return expr.kind == Kind::school || expr.kind == Kind::place; }

// By the standard library's engine, which is another than the matcher's.
template <class Add>
void match_pattern(const Expr& expr, const std::u32string& text, Add add) {
  const std::u32string pattern = fold_term(expr.term);
  const std::wregex compiled(std::wstring(pattern.begin(), pattern.end()));
  const std::wstring wide(text.begin(), text.end());
  for (std::wsregex_iterator it(wide.begin(), wide.end(), compiled), none; it != none; ++it)
    add(static_cast<std::size_t>(it->position()), static_cast<std::size_t>(it->position() + it->length()));
}

std::vector<Piece> leaf_pieces(const Expr& expr, const Context& at) {
  std::vector<Piece> out;
  std::vector<std::u32string> terms;
  if (expr.kind == Kind::words) {
    for (const std::string& word : words_in_class) terms.push_back(fold_term(word));
  } else {
    terms.push_back(fold_term(expr.term));
  }
  for (const Window& window : at.windows) {
    const TextView& view = at.document->view(window.field);
    const auto add = [&](std::size_t begin, std::size_t end) {
      if (begin < window.begin || end > window.end) return;
      if ((!is_entity(expr) || at.damp_entities) && !kept(at, window.field, begin, end)) return;
      out.push_back({window.field, begin, end, {{window.field, begin, end, to_text(expr)}}});
    };
    if (is_entity(expr)) {
      const EntityKind kind = expr.kind == Kind::school ? EntityKind::school : EntityKind::place;
      for (const Entity& entity : at.document->entities)
        if (entity.field == window.field && entity.kind == kind)
          add(view.at_byte(entity.span.begin), view.at_byte(entity.span.end));
      continue;
    }
    if (expr.kind == Kind::pattern) {
      match_pattern(expr, view.folded, add);
      continue;
    }
    for (const std::u32string& term : terms)
      for (std::size_t i = 0; i + term.size() <= view.folded.size(); ++i)
        if (view.folded.compare(i, term.size(), term) == 0 && counts(view, i, i + term.size(), expr.kind))
          add(i, i + term.size());
  }
  return out;
}

std::size_t units(const TextView& view, std::size_t from, std::size_t to) {
  std::size_t count = 0;
  for (std::size_t i = from; i < to; ++i) {
    if (space(view.folded[i])) continue;
    if (i == from || !run(view.folded[i - 1], view.folded[i])) ++count;
  }
  return count;
}

bool holds(const Expr& expr, const Context& at);
std::vector<Piece> pieces(const Expr& expr, const Context& at);

// Every `a` with its nearest `b` behind, and every `b` with its nearest `a` before; near enough ones.
void pair_up(const std::vector<Piece>& as, const std::vector<Piece>& bs, const Expr& expr, const Context& at,
             Pieces& out) {
  const auto join = [&](const Piece& a, const Piece& b) {
    if (units(at.document->view(a.field), a.end, b.begin) > std::size_t(expr.n)) return;
    Piece both{a.field, a.begin, std::max(a.end, b.end), a.hits};
    both.hits.insert(b.hits.begin(), b.hits.end());
    out.add(both);
  };
  for (const Piece& a : as) {
    const Piece* best = nullptr;
    for (const Piece& b : bs) {
      if (b.field != a.field || b.begin < a.end) continue;
      if (!best || std::tie(b.begin, b.end) < std::tie(best->begin, best->end)) best = &b;
    }
    if (best) join(a, *best);
  }
  for (const Piece& b : bs) {
    const Piece* best = nullptr;
    for (const Piece& a : as) {
      if (a.field != b.field || a.end > b.begin) continue;
      if (!best || std::tie(a.end, a.begin) > std::tie(best->end, best->begin)) best = &a;
    }
    if (best) join(*best, b);
  }
}

bool only_entities(const Expr& expr) {
  if (expr.parts.empty()) return is_entity(expr);
  return std::all_of(expr.parts.begin(), expr.parts.end(), only_entities);
}

bool compares(long count, const Expr& expr) {
  if (expr.compare == ">=") return count >= expr.n;
  if (expr.compare == ">") return count > expr.n;
  if (expr.compare == "=") return count == expr.n;
  if (expr.compare == "<") return count < expr.n;
  return count <= expr.n;
}

Context inner(const Expr& expr, const Context& at) {
  Context out = at;
  if (expr.kind == Kind::title || expr.kind == Kind::body) {
    const Field field = expr.kind == Kind::title ? Field::title : Field::body;
    std::erase_if(out.windows, [&](const Window& window) { return window.field != field; });
  }
  if (expr.kind == Kind::none) out.damped.clear();
  if (expr.kind == Kind::count && expr.compare != ">=" && expr.compare != ">") out.damped.clear();
  if (expr.kind == Kind::unless) {
    out.damped.insert(expr.mark);
    out.damp_entities = only_entities(expr);
  }
  return out;
}

std::vector<Piece> pieces(const Expr& expr, const Context& at) {
  if (expr.parts.empty()) return leaf_pieces(expr, at);
  Pieces out;
  if (expr.kind == Kind::near || expr.kind == Kind::onear) {
    const std::vector<Piece> left = pieces(expr.parts[0], at), right = pieces(expr.parts[1], at);
    pair_up(left, right, expr, at, out);
    if (expr.kind == Kind::near) pair_up(right, left, expr, at, out);
  } else {
    for (const Expr& part : expr.parts)
      for (const Piece& piece : pieces(part, inner(expr, at))) out.add(piece);
  }
  return out.list();
}

// The most pieces that do not overlap, by trying each as the last or leaving it out.
long most_disjoint(std::vector<Piece> all) {
  std::sort(all.begin(), all.end(), [](const Piece& a, const Piece& b) { return a.end < b.end; });
  std::vector<long> best(all.size() + 1, 0);
  for (std::size_t i = 1; i <= all.size(); ++i) {
    long with = 1;
    for (std::size_t k = i - 1; k > 0; --k)
      if (all[k - 1].end <= all[i - 1].begin) {
        with = best[k] + 1;
        break;
      }
    best[i] = std::max(best[i - 1], with);
  }
  return best.back();
}

long count(const Expr& expr, const Context& at) {
  long sum = 0;
  for (const Field field : {Field::title, Field::body}) {
    std::vector<Piece> of_field;
    for (Piece& piece : pieces(expr.parts[0], inner(expr, at)))
      if (piece.field == field) of_field.push_back(std::move(piece));
    sum += most_disjoint(std::move(of_field));
  }
  return sum;
}

// The windows cut into sentences or paragraphs.
std::vector<Context> scopes(const Expr& expr, const Context& at) {
  std::vector<Context> out;
  for (const Window& window : at.windows) {
    const TextView& view = at.document->view(window.field);
    const auto& begins = expr.kind == Kind::sent ? view.sentences : view.paragraphs;
    for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
      const std::size_t begin = std::max<std::size_t>(begins[i], window.begin);
      const std::size_t end = std::min<std::size_t>(begins[i + 1], window.end);
      if (begin >= end) continue;
      Context piece = at;
      piece.windows = {{window.field, begin, end}};
      out.push_back(std::move(piece));
    }
  }
  return out;
}

bool holds(const Expr& expr, const Context& at) {
  const auto part_holds = [&](const Expr& part) { return holds(part, inner(expr, at)); };
  switch (expr.kind) {
    case Kind::all:
      return std::all_of(expr.parts.begin(), expr.parts.end(), part_holds);
    case Kind::any:
      return std::any_of(expr.parts.begin(), expr.parts.end(), part_holds);
    case Kind::none:
      return !part_holds(expr.parts[0]);
    case Kind::title:
    case Kind::body:
    case Kind::unless:
      return part_holds(expr.parts[0]);
    case Kind::of:
      return std::count_if(expr.parts.begin(), expr.parts.end(), part_holds) >= expr.n;
    case Kind::count:
      return compares(count(expr, at), expr);
    case Kind::sent:
    case Kind::para: {
      for (const Context& scope : scopes(expr, at))
        if (holds(expr.parts[0], scope)) return true;
      return false;
    }
    default:
      return !pieces(expr, at).empty();
  }
}

void collect(const Expr& expr, const Context& at, std::set<Hit>& out) {
  switch (expr.kind) {
    case Kind::none:
      return;
    case Kind::all:
    case Kind::any:
    case Kind::of:
    case Kind::title:
    case Kind::body:
    case Kind::unless:
      for (const Expr& part : expr.parts)
        if (holds(part, inner(expr, at))) collect(part, inner(expr, at), out);
      return;
    case Kind::sent:
    case Kind::para:
      for (const Context& scope : scopes(expr, at))
        if (holds(expr.parts[0], scope)) collect(expr.parts[0], scope, out);
      return;
    case Kind::count:
      for (const Piece& piece : pieces(expr.parts[0], inner(expr, at)))
        out.insert(piece.hits.begin(), piece.hits.end());
      return;
    default:
      for (const Piece& piece : pieces(expr, at)) out.insert(piece.hits.begin(), piece.hits.end());
  }
}

Context whole(const Prepared& document) {
  Context out{&document, {}, {}, false};
  for (const Field field : {Field::title, Field::body})
    out.windows.push_back({field, 0, document.view(field).folded.size()});
  return out;
}

std::string joined(const std::vector<Expr>& parts, const char* by) {
  std::string out;
  for (const Expr& part : parts) out += (out.empty() ? "" : by) + to_text(part);
  return out;
}

template <std::size_t size>
const char* pick(std::mt19937& random, const char* const (&from)[size]) {
  return from[random() % size];
}

Expr leaf(std::mt19937& random) {
  static const char* const terms[] = {"甲", "乙", "甲乙", "乙丙", "丙丁", "甲乙丙",
                                      "丁", "ab", "b",    "12",   "2",    "丙a"};
  Expr out;
  static const char* const patterns[] = {"甲[乙丙]", "ab+", "丙(甲|丁)", "(甲乙|丙丁)+", "乙.?12", "乙丙$"};
  static constexpr Kind kinds[] = {Kind::school, Kind::place, Kind::words, Kind::pattern, Kind::raw, Kind::raw,
                                   Kind::whole,  Kind::whole, Kind::term,  Kind::term,    Kind::term, Kind::term,
                                   Kind::term,   Kind::term,  Kind::term,  Kind::term};
  out.kind = kinds[random() % std::size(kinds)];
  if (out.kind == Kind::pattern)
    out.term = pick(random, patterns);
  else if (!is_entity(out) && out.kind != Kind::words)
    out.term = pick(random, terms);
  return out;
}

// What NEAR and COUNT accept.
Expr positional(std::mt19937& random, int depth) {
  const unsigned dice = depth > 0 ? random() % 10 : 0;
  if (dice < 5) return leaf(random);
  Expr out;
  if (dice < 7) {
    out.kind = Kind::any;
    for (std::size_t i = 2 + random() % 2; i > 0; --i) out.parts.push_back(positional(random, depth - 1));
    return out;
  }
  if (dice == 9) {
    out.kind = random() % 2 ? Kind::title : Kind::body;
    out.parts.push_back(positional(random, depth - 1));
    return out;
  }
  out.kind = random() % 2 ? Kind::near : Kind::onear;
  out.n = int(random() % 5);
  out.parts.push_back(positional(random, depth - 1));
  out.parts.push_back(positional(random, depth - 1));
  return out;
}

}  // namespace

Expr random_expr(std::mt19937& random, int depth) {
  static const char* const compares_with[] = {">=", ">", "=", "<", "<="};
  static const char* const marks[] = {"negated", "refuted", "drill"};
  const unsigned dice = depth > 0 ? random() % 16 : 0;
  if (dice < 3) return positional(random, depth);
  Expr out;
  const auto add = [&](std::size_t parts) {
    for (; parts > 0; --parts) out.parts.push_back(random_expr(random, depth - 1));
  };
  switch (dice) {
    case 3:
    case 4:
    case 5:
      out.kind = Kind::all;
      add(2 + random() % 2);
      break;
    case 6:
    case 7:
      out.kind = Kind::any;
      add(2 + random() % 2);
      break;
    case 8:
      out.kind = Kind::none;
      add(1);
      break;
    case 9:
    case 10:
      out.kind = Kind::sent;
      add(1);
      break;
    case 11:
      out.kind = Kind::para;
      add(1);
      break;
    case 12:
      out.kind = random() % 2 ? Kind::title : Kind::body;
      add(1);
      break;
    case 13:
      out.kind = Kind::of;
      add(3);
      out.n = 1 + int(random() % 3);
      break;
    case 14:
      out.kind = Kind::count;
      out.compare = pick(random, compares_with);
      out.n = 1 + int(random() % 3);
      out.parts.push_back(positional(random, depth - 1));
      break;
    default:
      out.kind = Kind::unless;
      out.mark = pick(random, marks);
      add(1);
      break;
  }
  return out;
}

std::string to_text(const Expr& expr) {
  switch (expr.kind) {
    case Kind::term:
      return expr.term;
    case Kind::raw:
      return "~" + expr.term;
    case Kind::whole:
      return "=" + expr.term;
    case Kind::school:
      return "@school";
    case Kind::place:
      return "@place";
    case Kind::words:
      return "@words(" + words_class + ")";
    case Kind::pattern:
      return "/" + expr.term + "/";
    case Kind::all:
      return "(" + joined(expr.parts, " ") + ")";
    case Kind::any:
      return "(" + joined(expr.parts, " OR ") + ")";
    case Kind::none:
      return "(NOT " + to_text(expr.parts[0]) + ")";
    case Kind::near:
      return fmt::format("({} NEAR/{} {})", to_text(expr.parts[0]), expr.n, to_text(expr.parts[1]));
    case Kind::onear:
      return fmt::format("({} ONEAR/{} {})", to_text(expr.parts[0]), expr.n, to_text(expr.parts[1]));
    case Kind::sent:
      return "SENT(" + to_text(expr.parts[0]) + ")";
    case Kind::para:
      return "PARA(" + to_text(expr.parts[0]) + ")";
    case Kind::title:
      return "title:" + to_text(expr.parts[0]);
    case Kind::body:
      return "body:" + to_text(expr.parts[0]);
    case Kind::of:
      return fmt::format("{} OF ({})", expr.n, joined(expr.parts, ", "));
    case Kind::count:
      return fmt::format("COUNT({}) {} {}", to_text(expr.parts[0]), expr.compare, expr.n);
    case Kind::unless:
      return fmt::format("({} UNLESS {})", to_text(expr.parts[0]), expr.mark);
  }
  return "";
}

bool holds(const Expr& expr, const Prepared& document) { return holds(expr, whole(document)); }

std::set<Hit> hits(const Expr& expr, const Prepared& document) {
  std::set<Hit> out;
  collect(expr, whole(document), out);
  return out;
}

}  // namespace tingchao::analyzer::naive
