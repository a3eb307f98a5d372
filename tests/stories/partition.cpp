// Which story each document of a file goes into: stories_partition OUT RUN… < HISTORY.jsonl (the import
// form). A run is NAME[,threshold=X][,shuffle=SEED][,late=SEED][,seen=SEED][,restarts=N] and writes OUT/NAME.tsv: the
// key of the title (the first 16 digits of the SHA-256 of title, line feed and China date), the story at the end,
// aliases followed. Documents are analyzed once. `shuffle` mixes the documents of each ten minutes by the clock,
// `late` lets each come up to ten minutes late, `seen` too and has it seen no sooner. `restarts` throws the grouper
// away at N random points and resumes it from what a store would have kept, as the daemon does. Beside it
// OUT/NAME.first says what each document was told at once, and OUT/NAME.splits which stories were divided and why.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/group.h"
#include "core/hash.h"
#include "core/json.h"
#include "source_file.h"
#include "tests/support/kept_stories.h"

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
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(TINGCHAO_SOURCE_DIR) + "/rules/" + folder)) {
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
  unsigned shuffle = 0, late = 0, seen = 0;
  int restarts = 0;
};

Run run_of(const std::string& text) {
  Run run;
  std::size_t at = text.find(',');
  run.name = text.substr(0, at);
  while (at != std::string::npos) {
    const std::size_t end = text.find(',', at + 1), equals = text.find('=', at);
    const std::string key = text.substr(at + 1, equals - at - 1),
                      value = text.substr(equals + 1, end - equals - 1);
    if (key == "threshold") run.options.join_threshold = std::stod(value);
    if (key == "shuffle") run.shuffle = static_cast<unsigned>(std::stoul(value));
    if (key == "late") run.late = static_cast<unsigned>(std::stoul(value));
    if (key == "seen") run.seen = static_cast<unsigned>(std::stoul(value));
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

struct Turn {
  std::size_t document;
  Time now;
};

std::vector<Turn> order_of(const std::vector<Seen>& all, const Run& run) {
  std::vector<Turn> order;
  std::mt19937 random(run.shuffle + run.late + run.seen);
  const bool delayed = run.late + run.seen > 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    order.push_back({i, all[i].document.fetched_at + Seconds{delayed ? random() % 600 : 0}});
  const auto span = [&](std::size_t i) { return order[i].now.time_since_epoch() / std::chrono::minutes{10}; };
  for (std::size_t begin = 0, end = 0; run.shuffle > 0 && begin < order.size(); begin = end) {
    while (end < order.size() && span(end) == span(begin)) ++end;
    std::shuffle(order.begin() + static_cast<std::ptrdiff_t>(begin),
                 order.begin() + static_cast<std::ptrdiff_t>(end), random);
  }
  if (delayed)
    std::stable_sort(order.begin(), order.end(), [](const Turn& a, const Turn& b) { return a.now < b.now; });
  return order;
}

// The steps at which the daemon, which saves frequencies every six hours, last did so before each restart; saving
// alters nothing, so the others are left out.
std::set<std::size_t> saves_before(const std::set<std::size_t>& restarts, const std::vector<Seen>& all,
                                   const std::vector<Turn>& order) {
  const auto span = [&](std::size_t step) {
    return all[order[step].document].document.fetched_at.time_since_epoch() / std::chrono::hours{6};
  };
  std::set<std::size_t> saves;
  for (std::size_t step : restarts) {
    if (step == 0) continue;
    for (--step; step > 0 && span(step - 1) == span(step);) --step;
    saves.insert(step);
  }
  return saves;
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec) / 1e6;
}

void go(const Run& run, const std::vector<Seen>& all, const std::string& file) {
  std::mt19937 random(run.restarts > 0 ? 3u : 0u);
  std::set<std::size_t> restarts;
  while (restarts.size() < static_cast<std::size_t>(run.restarts)) restarts.insert(random() % all.size());
  Grouper grouper(run.options);
  KeptStories kept(run.restarts > 0 ? KeptStories::Keep::all : KeptStories::Keep::placements);
  const std::vector<Turn> order = order_of(all, run);
  const std::set<std::size_t> saves = saves_before(restarts, all, order);
  std::vector<std::string> first(all.size());
  std::vector<Document> seen_later(run.seen > 0 ? all.size() : 0);
  const double begin = cpu_seconds();
  for (std::size_t step = 0; step < order.size(); ++step) {
    const auto [i, now] = order[step];
    const Document* document = &all[i].document;
    if (run.seen > 0) {
      seen_later[i] = *document;
      seen_later[i].fetched_at = now;
      document = &seen_later[i];
    }
    if (restarts.contains(step)) grouper = kept.resume(now, run.options);
    kept.note(grouper, grouper.reconcile(now));
    if (saves.contains(step)) kept.save_frequencies(grouper);
    const Grouper::Placed placed = grouper.place(*document, all[i].analysis, now);
    kept.note(grouper, *document, all[i].analysis, placed);
    first[i] = placed.placement.story;
  }
  kept.note(grouper, grouper.reconcile(order.back().now + std::chrono::hours{1}));
  const double seconds = cpu_seconds() - begin;
  std::ofstream out(file), told(file.substr(0, file.size() - 3) + "first");
  for (std::size_t i = 0; i < all.size(); ++i) {
    out << all[i].key << '\t' << kept.story_of(all[i].document.id) << '\n';
    told << all[i].key << '\t' << kept.resolve(first[i]) << '\n';
  }
  std::fprintf(stderr, "%s: %.0f documents/s, %zu merges, %zu moves, %zu splits\n", run.name.c_str(),
               static_cast<double>(all.size()) / seconds, kept.merges(), kept.moves(), kept.splits().size());
  std::ofstream splits(file.substr(0, file.size() - 3) + "splits");
  for (const StorySplit& split : kept.splits())
    splits << split.from << '\t' << split.id << '\t' << split.documents << '\t' << split.cause << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "stories_partition OUT RUN... < HISTORY.jsonl\n"), 2;
  const auto analyzer = analyzer_as_shipped();
  const std::vector<Seen> all = read(std::cin, *analyzer);
  std::fprintf(stderr, "%zu documents\n", all.size());
  for (int i = 2; i < argc; ++i) {
    const Run run = run_of(argv[i]);
    go(run, all, std::string(argv[1]) + "/" + run.name + ".tsv");
  }
}
