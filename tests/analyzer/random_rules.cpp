#include "tests/analyzer/random_rules.h"

#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/utf8.h"

namespace tingchao::analyzer {
namespace {

std::string random_text(std::mt19937& random, std::size_t size_max) {
  static const std::u32string letters = U"甲乙丙丁甲乙丙ab12 。\n，x";
  std::string out;
  for (std::size_t i = random() % (size_max + 1); i > 0; --i) append_char(out, letters[random() % letters.size()]);
  return out;
}

void give_borders(TextView& view, std::mt19937& random) {
  view.border.assign(view.folded.size() + 1, 1);
  for (std::size_t i = 1; i < view.folded.size(); ++i) view.border[i] = random() % 2;
}

std::vector<SentenceContext> random_contexts(const TextView& view, std::mt19937& random) {
  std::vector<SentenceContext> out;
  for (std::size_t i = 0; i + 1 < view.sentences.size(); ++i) {
    SentenceContext context;
    context.begin = view.sentences[i];
    context.end = view.sentences[i + 1];
    context.marks.refuted = random() % 3 == 0;
    context.marks.drill = random() % 3 == 0;
    if (random() % 2) {
      const std::uint32_t from = context.begin + std::uint32_t(random() % (context.end - context.begin));
      context.negated.emplace_back(from, from + std::uint32_t(random() % (context.end - from + 1)));
    }
    out.push_back(context);
  }
  return out;
}

}  // namespace

PreparedText random_document(std::mt19937& random) {
  PreparedText out = prepare_text(random_text(random, 8), random_text(random, 40));
  for (const Field field : {Field::title, Field::body}) {
    TextView& view = field == Field::title ? out.prepared.title : out.prepared.body;
    give_borders(view, random);
    (field == Field::title ? out.prepared.title_context : out.prepared.body_context) = random_contexts(view, random);
    for (std::size_t i = random() % 3; i > 0 && view.folded.size() > 2; --i) {
      const std::size_t begin = random() % (view.folded.size() - 1);
      Entity entity;
      entity.kind = random() % 4 ? EntityKind::school : EntityKind::place;
      entity.field = field;
      entity.span = view.bytes(begin, begin + 1 + random() % std::min<std::size_t>(3, view.folded.size() - begin));
      out.prepared.entities.push_back(entity);
    }
  }
  return out;
}

RandomRules random_rules(std::mt19937& random, std::size_t wanted, int depth) {
  RandomRules out;
  std::string list;
  for (const std::string& word : naive::words_in_class) list += word + "\n";
  const std::vector<NamedText> words{{naive::words_class + ".txt", list}};
  std::string pack = "pack: random\nversion: '1'\ntitle: 随机\nrules:\n";
  while (out.exprs.size() < wanted) {
    naive::Expr expr = naive::random_expr(random, depth);
    auto alone = compile_query(naive::to_text(expr), words);
    if (!alone) continue;  // nothing to hold on to
    pack += fmt::format("  - {{id: r{:04}, name: 随机, topic: 随机, severity: D, match: '{}'}}\n", out.exprs.size(),
                        naive::to_text(expr));
    out.exprs.push_back(std::move(expr));
    out.alone.push_back(std::move(*alone));
  }
  Compiled compiled = compile({{"random.yaml", pack}}, words);
  REQUIRE_FALSE(compiled.has_errors());
  out.compiled = compiled.rules;
  return out;
}

}  // namespace tingchao::analyzer
