// The rule packs that ship with the project: they compile without a complaint, every rule proves itself
// on examples of both kinds, and the taxonomy page knows every topic.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include "analyzer/analyze.h"
#include "analyzer/rules.h"

namespace tingchao::analyzer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t rules_min = 60;
constexpr long examples_min = 3;  // of each kind

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

// Files of a folder under rules/ with the ending, by name.
std::vector<NamedText> folder(const std::string& name, const std::string& ending) {
  const fs::path root = fs::path(TINGCHAO_SOURCE_DIR) / "rules";
  std::vector<NamedText> out;
  for (const auto& entry : fs::directory_iterator(root / name))
    if (entry.path().extension() == ending)
      out.push_back({name + "/" + entry.path().filename().string(), read(entry.path())});
  std::sort(out.begin(), out.end(), [](const NamedText& a, const NamedText& b) { return a.name < b.name; });
  REQUIRE_FALSE(out.empty());
  return out;
}

const Compiled& packs() {
  static const Compiled compiled = compile(folder("education", ".yaml"), folder("words", ".txt"));
  return compiled;
}

std::shared_ptr<const Analyzer> analyzer() {
  Materials materials;
  materials.rules = packs().rules;
  materials.lexicons = folder("lexicon", ".txt");
  materials.gazetteers = folder("gazetteer", ".tsv");
  materials.stance = folder("stance", ".txt");
  materials.context = {{"context.yaml", read(fs::path(TINGCHAO_SOURCE_DIR) / "rules" / "context.yaml")}};
  auto built = Analyzer::build(std::move(materials));
  INFO((built ? std::string() : built.error().detail));
  REQUIRE(built);
  return *built;
}

std::string top_of(const std::string& topic) { return topic.substr(0, topic.find('/')); }

}  // namespace

TEST_CASE("the shipped packs compile without a diagnostic", "[packs]") {
  for (const Diagnostic& one : packs().diagnostics) FAIL_CHECK(describe(one));
  REQUIRE(packs().rules);
  CHECK(rules_of(*packs().rules).size() >= rules_min);
}

TEST_CASE("every shipped rule has examples of both kinds, none twice", "[packs]") {
  for (const Rule& rule : rules_of(*packs().rules)) {
    INFO(rule.file << " " << rule.id);
    const auto matching = std::count_if(rule.examples.begin(), rule.examples.end(),
                                        [](const Example& example) { return example.must_match; });
    CHECK(matching >= examples_min);
    CHECK(static_cast<long>(rule.examples.size()) - matching >= examples_min);
    std::set<std::string> seen;
    for (const Example& example : rule.examples) {
      INFO(example.text);
      CHECK(seen.insert(example.text).second);
    }
  }
}

TEST_CASE("every example of the shipped packs holds", "[packs]") {
  const auto built = analyzer();
  for (const ExampleFailure& failure : test_examples(*built))
    FAIL_CHECK(failure.file << " " << failure.rule << (failure.example.must_match ? " misses: " : " matches: ")
                            << failure.example.text << "\n"
                            << failure.explanation);
}

TEST_CASE("the taxonomy page names every topic's first part and every pack", "[packs]") {
  const std::string page = read(fs::path(TINGCHAO_SOURCE_DIR) / "docs" / "taxonomy.md");
  for (const Rule& rule : rules_of(*packs().rules)) {
    INFO(rule.id << ": " << rule.topic);
    CHECK(page.find("| " + top_of(rule.topic) + " |") != std::string::npos);
  }
  for (const NamedText& pack : folder("education", ".yaml")) {
    const std::string name = fs::path(pack.name).filename().string();
    INFO(name);
    CHECK(page.find("`" + name + "`") != std::string::npos);
  }
}

TEST_CASE("grave rules read their context", "[packs]") {
  // What is denied, refuted, rehearsed or made up must never raise an alarm of the two gravest degrees.
  for (const Rule& rule : rules_of(*packs().rules)) {
    if (rule.severity != Severity::a) continue;
    INFO(rule.id << " unless " << rule.unless);
    for (const char* mark : {"negated", "refuted", "fiction"}) CHECK(rule.unless.find(mark) != std::string::npos);
  }
}

}  // namespace tingchao::analyzer
