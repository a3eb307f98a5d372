// Expressions, packs, context files and texts as anybody might write them: reading never crashes and is
// bounded, hits are bytes of the text on character borders, what matches satisfies its needles, and an
// explanation agrees with the decision. The input: an expression, a line break, a text; or a pack, when
// the first line begins with "pack:"; or a context file, when it begins with "context:".

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/rules.h"
#include "analyzer/rules/match.h"
#include "analyzer/text/context.h"
#include "core/document.h"
#include "core/utf8.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

void need(bool good) {
  if (!good) __builtin_trap();
}

// Word borders and contexts out of the text itself, so that the same input always does the same.
void make_borders(TextView& view) {
  view.border.assign(view.folded.size() + 1, 1);
  for (std::size_t i = 1; i < view.folded.size(); ++i) view.border[i] = (view.folded[i] * 2654435761u >> 13) & 1;
}

bool on_border(std::string_view text, std::uint32_t byte) {
  return byte == text.size() || (byte < text.size() && (std::uint8_t(text[byte]) & 0xC0) != 0x80);
}

bool contains(const Prepared& prepared, const std::vector<std::string>& clause) {
  return std::any_of(clause.begin(), clause.end(), [&](const std::string& literal) {
    const std::u32string folded = fold_term(literal);
    return prepared.title.folded.find(folded) != std::u32string::npos ||
           prepared.body.folded.find(folded) != std::u32string::npos;
  });
}

const ContextWords& contexts() {
  static const auto words = parse_context({{"context", "negated: {words: [未, 没有], after: [不存在], stops: [但]}\n"
                                                       "refuted: {words: [谣言]}\npast: {ago: [年前], now: [今]}\n"}});
  return **words;
}

void try_rules(const RuleSet& rules, std::string_view text) {
  Document document;
  const std::size_t cut = text.find('|');
  document.title = to_valid_utf8(text.substr(0, cut == text.npos ? 0 : cut));
  document.body = to_valid_utf8(text.substr(cut == text.npos ? 0 : cut + 1));
  Prepared prepared;
  prepared.document = &document;
  prepared.title = fold(document.title);
  prepared.body = fold(document.body);
  for (TextView* view : {&prepared.title, &prepared.body}) {
    split(*view);
    make_borders(*view);
  }
  mark_context(prepared, contexts());
  const std::vector<RuleMatch> found = match(rules, prepared);
  for (const RuleMatch& one : found)
    for (const Hit& hit : one.hits) {
      const std::string& stored = hit.field == Field::title ? document.title : document.body;
      need(hit.span.begin < hit.span.end && hit.span.end <= stored.size());
      need(on_border(stored, hit.span.begin) && on_border(stored, hit.span.end));
      need(hit.sentence.begin <= hit.sentence.end && hit.sentence.end <= stored.size());
    }
  if (rules_of(rules).size() == 1 && !found.empty())
    for (const auto& clause : needles(rules)) need(contains(prepared, clause));
  std::size_t told = 0;
  for (const Rule& rule : rules_of(rules)) {
    if (++told > 4) break;
    const bool matched = std::any_of(found.begin(), found.end(), [&](const RuleMatch& m) { return m.rule == rule.id; });
    need((explain_rule(rules, rule, prepared).rfind("✓", 0) == 0) == matched);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), std::min<std::size_t>(size, 20'000));
  if (input.substr(0, 5) == "pack:") {
    const Compiled compiled = compile({{"fuzz.yaml", std::string(input)}}, {{"词.txt", "出殡\n"}});
    for (const Diagnostic& d : compiled.diagnostics) need(d.line >= 1 && d.column >= 1 && !describe(d).empty());
    try_rules(*compiled.rules, input);
    return 0;
  }
  if (input.substr(0, 8) == "context:") {
    const auto words = parse_context({{"fuzz.yaml", std::string(input.substr(8))}});
    need(words.has_value() || !words.error().detail.empty());
    return 0;
  }
  const std::size_t line = std::min(input.find('\n'), input.size());
  const auto rules = compile_query(input.substr(0, line), {{"词.txt", "出殡\n吊唁\n"}});
  if (!rules) {
    need(rules.error().code == Errc::bad_rule && !rules.error().detail.empty());
    return 0;
  }
  try_rules(**rules, input.substr(std::min(line + 1, input.size())));
  return 0;
}
