// Which story each document of a file goes into: stories_partition OUT RUN… < HISTORY.jsonl (the import form). A run is
// NAME[,threshold=X][,shuffle=SEED][,restarts=N] and writes OUT/NAME.tsv: the key of the title (the first 16 digits of
// the SHA-256 of title, line feed and China date), the story at the end, aliases followed. Documents are analyzed
// once. `shuffle` mixes the documents of each ten minutes, `restarts` throws the grouper away at N random points and
// resumes it from what a store would have kept, as the daemon does.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/group.h"
#include "core/hash.h"
#include "core/json.h"
#include "source_file.h"

using namespace tingchao;
using namespace tingchao::analyzer;

namespace {

struct Seen {
  Document document;
  Analysis analysis;
  std::string key;
};

std::vector<NamedText> shipped(const std::string& folder, const char* ending) {
  std::vector<NamedText> out;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TINGCHAO_SOURCE_DIR) + "/rules/" + folder)) {
    const std::string file = folder + "/" + entry.path().filename().string();
    if (entry.path().extension() == ending) out.push_back({file, source_file("rules/" + file)});
  }
  std::sort(out.begin(), out.end(), [](const NamedText& a, const NamedText& b) { return a.name < b.name; });
  return out;
}

// As it is shipped: the whole country is ours.
std::shared_ptr<const Analyzer> analyzer_as_shipped() {
  Materials materials;
  materials.rules = compile(shipped("education", ".yaml"), shipped("words", ".txt")).rules;
  materials.lexicons = shipped("lexicon", ".txt");
  materials.gazetteers = shipped("gazetteer", ".tsv");
  materials.stance = shipped("stance", ".txt");
  materials.context = {{"context.yaml", source_file("rules/context.yaml")}};
  materials.stance_model = {"models/stance.model", source_file("models/stance.model")};
  auto built = Analyzer::build(std::move(materials));
  if (!built) {
    std::fprintf(stderr, "%s\n", built.error().detail.c_str());
    std::exit(1);
  }
  return *built;
}

struct Run {
  std::string name;
  Grouper::Options options;
  unsigned shuffle = 0;
  int restarts = 0;
};

Run run_of(const std::string& text) {
  Run run;
  std::size_t at = text.find(',');
  run.name = text.substr(0, at);
  while (at != std::string::npos) {
    const std::size_t end = text.find(',', at + 1), equals = text.find('=', at);
    const std::string key = text.substr(at + 1, equals - at - 1), value = text.substr(equals + 1, end - equals - 1);
    if (key == "threshold") run.options.join_threshold = std::stod(value);
    if (key == "shuffle") run.shuffle = static_cast<unsigned>(std::stoul(value));
    if (key == "restarts") run.restarts = std::stoi(value);
    at = end;
  }
  return run;
}

std::vector<Seen> read(std::istream& in, const Analyzer& analyzer) {
  std::vector<Seen> out;
  for (std::string line; std::getline(in, line);) {
    auto document = document_from_import(line);
    if (!document) continue;
    document->fetched_at = effective_time(*document);
    Seen seen;
    seen.key = sha256_hex(document->title + "\n" + china_date(document->fetched_at)).substr(0, 16);
    seen.analysis = analyzer.analyze(*document);
    for (RuleMatch& match : seen.analysis.matches) match.hits.clear();
    seen.document = std::move(*document);
    out.push_back(std::move(seen));
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "stories_partition OUT RUN... < HISTORY.jsonl\n"), 2;
  const auto analyzer = analyzer_as_shipped();
  const std::vector<Seen> all = read(std::cin, *analyzer);
  std::fprintf(stderr, "%zu documents\n", all.size());
  for (int i = 2; i < argc; ++i) {
    const Run run = run_of(argv[i]);
    Grouper grouper(run.options);
    std::vector<std::string> stories;
    const auto begin = std::chrono::steady_clock::now();
      std::map<std::string, std::string> alias;
    for (const Seen& seen : all) {
      for (const StoryMerge& merge : grouper.reconcile(seen.document.fetched_at)) alias[merge.from] = merge.into;
      stories.push_back(grouper.place(seen.document, seen.analysis, seen.document.fetched_at).placement.story);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    for (std::string& story : stories)
      for (auto next = alias.find(story); next != alias.end(); next = alias.find(story)) story = next->second;
    std::fprintf(stderr, "%zu merges\n", alias.size());
    std::ofstream out(std::string(argv[1]) + "/" + run.name + ".tsv");
    for (std::size_t n = 0; n < all.size(); ++n) out << all[n].key << '\t' << stories[n] << '\n';
    std::fprintf(stderr, "%s: %.0f documents/s\n", run.name.c_str(), static_cast<double>(all.size()) / seconds);
  }
}
