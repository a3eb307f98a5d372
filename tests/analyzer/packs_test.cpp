// The rule packs that ship with the project: they compile without a complaint, every rule proves itself
// on examples of both kinds, and the taxonomy page knows every topic.

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "analyzer/analyze.h"
#include "analyzer/rules.h"
#include "shipped.h"
#include "source_file.h"

namespace tingchao::analyzer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t rules_min = 60;
constexpr long examples_min = 3;  // of each kind

std::string top_of(const std::string& topic) { return topic.substr(0, topic.find('/')); }

}  // namespace

TEST_CASE("the shipped packs compile without a diagnostic", "[packs]") {
  for (const Diagnostic& one : shipped_packs().diagnostics) FAIL_CHECK(describe(one));
  REQUIRE(shipped_packs().rules);
  CHECK(rules_of(*shipped_packs().rules).size() >= rules_min);
}

TEST_CASE("every shipped rule has examples of both kinds, none twice", "[packs]") {
  for (const Rule& rule : rules_of(*shipped_packs().rules)) {
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
  const auto built = shipped_analyzer();
  for (const ExampleFailure& failure : test_examples(*built))
    FAIL_CHECK(failure.file << " " << failure.rule << (failure.example.must_match ? " misses: " : " matches: ")
                            << failure.example.text << "\n"
                            << failure.explanation);
}

TEST_CASE("the taxonomy page names every topic's first part and every pack", "[packs]") {
  const std::string page = source_file("docs/taxonomy.md");
  for (const Rule& rule : rules_of(*shipped_packs().rules)) {
    INFO(rule.id << ": " << rule.topic);
    CHECK(page.find("| " + top_of(rule.topic) + " |") != std::string::npos);
  }
  for (const NamedText& pack : shipped_folder("education", ".yaml")) {
    const std::string name = fs::path(pack.name).filename().string();
    INFO(name);
    CHECK(page.find("`" + name + "`") != std::string::npos);
  }
}

TEST_CASE("grave rules read their context", "[packs]") {
  // What is denied, refuted, rehearsed or made up must never raise an alarm of the two gravest degrees.
  for (const Rule& rule : rules_of(*shipped_packs().rules)) {
    if (rule.severity != Severity::a) continue;
    INFO(rule.id << " unless " << rule.unless);
    for (const char* mark : {"negated", "refuted", "fiction"}) CHECK(rule.unless.find(mark) != std::string::npos);
  }
}

}  // namespace tingchao::analyzer
