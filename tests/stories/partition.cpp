// Which story each document of a file goes into: stories_partition OUT RUN… < HISTORY.jsonl (the import
// form). A run is NAME[,threshold=X][,shuffle=SEED][,restarts=N] and writes OUT/NAME.tsv: the key of the
// title (the first 16 digits of the SHA-256 of title, line feed and China date), the story at the end,
// aliases followed. Documents are analyzed once. `shuffle` mixes the documents of each ten minutes,
// `restarts` throws the grouper away at N random points and resumes it from what a store would have kept, as
// the daemon does.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <deque>
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
  unsigned shuffle = 0;
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

// What a store keeps for a restart, for as long as the daemon reads it back.
class Kept {
 public:
  void keep(const Seen& seen, const Grouper::Placed& placed, const std::vector<StoryMerge>& merges) {
    for (const StoryMerge& merge : merges) stories_.erase(merge.from);
    documents_.emplace_back(&seen, placed.placement);
    stories_[placed.story.id] = placed.story;
  }
  void keep(const Story& story) { stories_[story.id] = story; }
  void keep_frequencies(const Grouper& grouper) { frequencies_ = grouper.frequencies(); }
  Grouper resume(const Grouper::Options& options, Time now) {
    constexpr std::chrono::days remembered{14};
    std::erase_if(stories_, [&](const auto& each) { return each.second.newest < now - remembered; });
    while (!documents_.empty() && documents_.front().first->document.fetched_at < now - remembered)
      documents_.pop_front();
    Grouper grouper(options);
    for (const auto& [id, story] : stories_) grouper.restore(story);
    if (!frequencies_.empty() && !grouper.adopt_frequencies(frequencies_)) std::abort();
    for (const auto& [seen, placement] : documents_)
      grouper.remember(seen->document, seen->analysis, placement);
    return grouper;
  }

 private:
  std::map<std::string, Story> stories_;
  std::string frequencies_;
  std::deque<std::pair<const Seen*, Placement>> documents_;
};

std::vector<std::size_t> order_of(const std::vector<Seen>& all, unsigned seed) {
  std::vector<std::size_t> order(all.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto span = [&](std::size_t i) {
    return all[i].document.fetched_at.time_since_epoch() / std::chrono::minutes{10};
  };
  std::mt19937 random(seed);
  for (std::size_t begin = 0, end = 0; seed > 0 && begin < order.size(); begin = end) {
    while (end < order.size() && span(end) == span(begin)) ++end;
    std::shuffle(order.begin() + static_cast<std::ptrdiff_t>(begin),
                 order.begin() + static_cast<std::ptrdiff_t>(end), random);
  }
  return order;
}

// The steps at which the daemon, which saves frequencies every six hours, last did so before each restart; saving
// alters nothing, so the others are left out.
std::set<std::size_t> saves_before(const std::set<std::size_t>& restarts, const std::vector<Seen>& all,
                                   const std::vector<std::size_t>& order) {
  const auto span = [&](std::size_t step) {
    return all[order[step]].document.fetched_at.time_since_epoch() / std::chrono::hours{6};
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
  Kept kept;
  std::vector<std::string> stories(all.size());
  std::map<std::string, std::string> alias;
  const double begin = cpu_seconds();
  std::size_t step = 0;
  const std::vector<std::size_t> order = order_of(all, run.shuffle);
  const std::set<std::size_t> saves = saves_before(restarts, all, order);
  for (const std::size_t i : order) {
    const Seen& seen = all[i];
    const Time now = seen.document.fetched_at;
    if (restarts.contains(step)) grouper = kept.resume(run.options, now);
    const std::vector<StoryMerge> merges = grouper.reconcile(now);
    for (const StoryMerge& merge : merges) {
      alias[merge.from] = merge.into;
      if (const Story* story = grouper.find(merge.into); story && run.restarts > 0) kept.keep(*story);
    }
    if (saves.contains(step++)) kept.keep_frequencies(grouper);
    const Grouper::Placed placed = grouper.place(seen.document, seen.analysis, now);
    stories[i] = placed.placement.story;
    if (run.restarts > 0) kept.keep(seen, placed, merges);
  }
  const double seconds = cpu_seconds() - begin;
  for (std::string& story : stories)
    for (auto next = alias.find(story); next != alias.end(); next = alias.find(story)) story = next->second;
  std::ofstream out(file);
  for (std::size_t i = 0; i < all.size(); ++i) out << all[i].key << '\t' << stories[i] << '\n';
  std::fprintf(stderr, "%s: %.0f documents/s, %zu merges\n", run.name.c_str(),
               static_cast<double>(all.size()) / seconds, alias.size());
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
