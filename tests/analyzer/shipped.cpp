#include "shipped.h"

#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>

#include "source_file.h"

namespace tingchao::analyzer {

namespace fs = std::filesystem;

std::string shipped_file(const std::string& name) { return source_file("rules/" + name); }

std::vector<NamedText> shipped_folder(const std::string& name, const std::string& ending) {
  std::vector<NamedText> out;
  for (const auto& entry : fs::directory_iterator(fs::path(TINGCHAO_SOURCE_DIR) / "rules" / name)) {
    const std::string file = name + "/" + entry.path().filename().string();
    if (entry.path().extension() == ending) out.push_back({file, source_file("rules/" + file)});
  }
  std::sort(out.begin(), out.end(), [](const NamedText& a, const NamedText& b) { return a.name < b.name; });
  REQUIRE_FALSE(out.empty());
  return out;
}

const Compiled& shipped_packs() {
  static const Compiled compiled =
      compile(shipped_folder("education", ".yaml"), shipped_folder("words", ".txt"));
  return compiled;
}

std::shared_ptr<const Analyzer> shipped_analyzer(const std::string& region, const std::string& roster) {
  Materials materials;
  materials.rules = shipped_packs().rules;
  materials.lexicons = shipped_folder("lexicon", ".txt");
  materials.gazetteers = shipped_folder("gazetteer", ".tsv");
  materials.stance = shipped_folder("stance", ".txt");
  materials.context = {{"context.yaml", source_file("rules/context.yaml")}};
  materials.stance_model = {"models/stance.model", source_file("models/stance.model")};
  materials.region = region;
  if (!roster.empty()) materials.rosters = {{"schools.csv", roster}};
  auto built = Analyzer::build(std::move(materials));
  INFO((built ? std::string() : built.error().detail));
  REQUIRE(built);
  return *built;
}

}  // namespace tingchao::analyzer
