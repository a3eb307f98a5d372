// Runs every example of docs/rules.md and its Chinese counterpart, so that the pages cannot say what is not so.

#include <catch2/catch.hpp>

#include <sstream>

#include <fmt/format.h>

#include "analyzer/rules.h"
#include "analyzer/rules/match.h"
#include "core/utf8.h"
#include "tests/analyzer/prepared_text.h"
#include "tests/analyzer/source_file.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

struct DocExample {
  int line = 0;
  std::string rule, document;
  std::vector<NamedText> words;
  std::vector<std::pair<bool, std::string>> texts;
  std::vector<std::string> errors;
};

bool take_head(std::string& line, const std::string& head) {
  if (line.rfind(head, 0) != 0) return false;
  line.erase(0, head.size());
  return true;
}

// The fenced blocks of one language, each with the line it begins on.
std::vector<std::pair<int, std::string>> blocks(const std::string& page, const std::string& language) {
  std::vector<std::pair<int, std::string>> out;
  std::istringstream in(page);
  std::string line;
  bool inside = false;
  for (int number = 1; std::getline(in, line); ++number) {
    if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      out.back().second += line + "\n";
    } else if (line == "```" + language) {
      inside = true;
      out.emplace_back(number, "");
    }
  }
  return out;
}

DocExample read_example(int line_number, const std::string& text) {
  DocExample out;
  out.line = line_number;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (take_head(line, "rule: ")) {
      out.rule = line;
    } else if (take_head(line, "document: ")) {
      out.document = line;
    } else if (take_head(line, "error: ")) {
      out.errors.push_back(line);
    } else if (take_head(line, "words: ")) {
      NamedText list{line.substr(0, line.find(" = ")) + ".txt", line.substr(line.find(" = ") + 3)};
      for (char& c : list.text) c = c == ' ' ? '\n' : c;
      out.words.push_back(std::move(list));
    } else if (take_head(line, "✓ ")) {
      out.texts.emplace_back(true, line);
    } else if (take_head(line, "✗ ")) {
      out.texts.emplace_back(false, line);
    } else {
      FAIL("line " << line_number << ": an example has no such line: " << line);
    }
  }
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
  return text;
}

// "停课通知 ¦ 正文" with borders as slashes and schools in ‹ ›.
PreparedText read_text(std::string text, const ContextWords& contexts) {
  std::vector<std::string> schools;
  for (std::size_t at = 0; (at = text.find("‹", at)) != text.npos; ++at) {
    const std::size_t begin = at + std::string("‹").size();
    schools.push_back(without_slashes(text.substr(begin, text.find("›", at) - begin)));
  }
  text = replaced(replaced(replaced(std::move(text), "‹", ""), "›", ""), "⏎", "\n");
  const std::string between = " ¦ ";
  const std::size_t cut = text.find(between);
  PreparedText out = cut == text.npos ? prepare_text("", text, &contexts)
                                      : prepare_text(text.substr(0, cut), text.substr(cut + between.size()), &contexts);
  for (const std::string& school : schools) add_entity(out, EntityKind::school, school);
  return out;
}

void set_metadata(Document& document, const std::string& text) {
  std::istringstream in(text);
  for (std::string pair; in >> pair;) {
    const std::string key = pair.substr(0, pair.find('=')), value = pair.substr(pair.find('=') + 1);
    if (key == "source") document.source = value;
    if (key == "kind") document.medium = value;
    if (key == "lang") document.language = value;
  }
}

std::shared_ptr<const ContextWords> shipped() {
  auto words = parse_context({{"rules/context.yaml", source_file("rules/context.yaml")}});
  REQUIRE(words);
  return *words;
}

// "7 message" for each error: of the reader, or the one of the compiler.
std::vector<std::string> errors_of(const DocExample& example) {
  const std::string pack = fmt::format(
      "pack: p\nversion: 1\ntitle: 题\nrules:\n"
      "  - {{id: a, name: 名, topic: 题, severity: A, examples: {{match: [例]}}, match: '{}'}}\n",
      replaced(example.rule, "'", "''"));
  const std::string before = "  - {id: a, name: 名, topic: 题, severity: A, examples: {match: [例]}, match: '";
  std::vector<std::string> out;
  for (const Diagnostic& d : compile({{"p", pack}}, example.words).diagnostics)
    out.push_back(fmt::format("{} {}", d.column - int(count_chars(before)), d.message));
  return out;
}

}  // namespace

TEST_CASE("the examples of docs/rules.md hold", "[rules][docs]") {
  const auto contexts = shipped();
  const std::string page = GENERATE(std::string("docs/rules.md"), std::string("docs/rules.zh-CN.md"));
  const auto found = blocks(source_file(page), "example");
  CHECK(found.size() >= 30);
  for (const auto& [line, block] : found) {
    const DocExample example = read_example(line, block);
    DYNAMIC_SECTION(page << " line " << line << ": " << example.rule) {
      CHECK(errors_of(example) == example.errors);
      if (!example.errors.empty()) continue;
      REQUIRE_FALSE(example.texts.empty());
      const auto rules = compile_query(example.rule, example.words);
      REQUIRE(rules);
      for (const auto& [want, text] : example.texts) {
        const PreparedText prepared = read_text(text, *contexts);
        set_metadata(*prepared.document, example.document);
        INFO(text << "\n" << explain_rule(**rules, rules_of(**rules).front(), prepared.prepared));
        CHECK(!match(**rules, prepared.prepared).empty() == want);
      }
    }
  }
}

TEST_CASE("the pack of docs/rules.md compiles and passes its examples", "[rules][docs]") {
  const auto contexts = shipped();
  const std::string page = GENERATE(std::string("docs/rules.md"), std::string("docs/rules.zh-CN.md"));
  const auto packs = blocks(source_file(page), "yaml");
  REQUIRE(packs.size() == 1);
  const Compiled compiled = compile({{page, packs.front().second}}, {});
  for (const Diagnostic& d : compiled.diagnostics) FAIL_CHECK(describe(d));
  for (const Rule& rule : rules_of(*compiled.rules))
    for (const Example& example : rule.examples) {
      const PreparedText text = read_text(replaced(example.text, "\n", " ¦ "), *contexts);
      INFO(example.text << "\n" << explain_rule(*compiled.rules, rule, text.prepared));
      CHECK(!match(*compiled.rules, text.prepared).empty() == example.must_match);
    }
}
