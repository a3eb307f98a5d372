// History through the same pipeline in simulated time: an hourly tick, then each document at its own
// time. Nothing depends on the wall clock, so the same input gives the same bytes.
#include <algorithm>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <unordered_map>

#include <boost/json.hpp>

#include "core/json.h"
#include "service/cli/replay_summary.h"
#include "service/cli/setup.h"
#include "service/pipeline.h"

namespace tingchao::service {
namespace {

constexpr std::size_t names_max = 200'000;  // more than stories keep alive

class Replay {
 public:
  // A silent one prints no changes: it runs beside another for comparison.
  Replay(std::shared_ptr<const alerting::Measure> measure, const Console& console, bool silent)
      : pipeline_(std::move(measure)), console_(console), silent_(silent) {}

  // `seen` is when we would have met the document.
  void take(const analyzer::Analyzer& analyzer, Document document, Time seen, std::optional<Analysis>& shared) {
    const Time at = std::max(now_, seen);  // late ones are met when they come
    advance(at);
    if (documents_ == 0) first_ = at;
    now_ = at;
    document.fetched_at = at;
    if (!silent_) remember(document);
    document = analyzer.mask(std::move(document));
    if (!shared) shared = analyzer.analyze(document);
    const Analysis& analysis = *shared;
    Pipeline::Outcome outcome = pipeline_.take(document, analysis, at);
    pipeline_.warner().take_counts();  // nobody stores them here
    print(outcome.raised);
    if (++documents_ % 5000 == 0 && !silent_)
      console_.progress(std::to_string(documents_) + " documents, " + china_date(at) + ", " +
                        std::to_string(warnings_.size()) + " warnings");
  }
  void end() {
    if (documents_ > 0) advance(now_ + std::chrono::hours{1});
    console_.progress_end();
  }

  long documents() const { return documents_; }
  const std::map<std::string, Warning>& warnings() const { return warnings_; }
  ReplaySummary summary() const { return summarise(warnings_, documents_, first_, now_); }

 private:
  // What the input calls the document: its address, or its title where it has none.
  void remember(const Document& document) {
    const std::string& called = document.url.empty() ? document.title : document.url;
    if (!names_.emplace(document.id, called).second) return;
    recent_.push_back(document.id);
    if (recent_.size() <= names_max) return;
    names_.erase(recent_.front());
    recent_.pop_front();
  }

  void advance(Time to) {
    const std::chrono::hours hour{1};
    if (next_tick_ == Time{}) next_tick_ = std::chrono::ceil<std::chrono::hours>(to + Seconds{1});
    for (; next_tick_ <= to; next_tick_ += hour) print(pipeline_.tick(next_tick_));
  }

  void print(const std::vector<alerting::Raised>& raised) {
    for (const alerting::Raised& each : raised) {
      const WarningEvent event = each.change.event;
      if (event != WarningEvent::raised && event != WarningEvent::upgraded &&
          event != WarningEvent::downgraded)
        continue;
      Warning& kept = warnings_[each.warning.id];
      const Time raised_at = kept.id.empty() ? each.warning.raised_at : kept.raised_at;
      kept = each.warning;
      kept.raised_at = raised_at;
      if (silent_) continue;
      if (console_.json()) {
        console_.line(to_line(line_of(each)));
      } else {
        const Level& level = each.change.level;
        console_.line(console_.paint(china_minute(each.change.at), Colour::dim) + "  " +
                      pad(event == WarningEvent::raised     ? "发出"
                          : event == WarningEvent::upgraded ? "升级"
                                                            : "降级",
                          6) +
                      console_.paint(level.code + "级" + level.colour, level_colour(level.rank)) + "  " +
                      each.warning.title);
        for (const Reason& reason : each.change.reasons)
          console_.line(console_.paint("      " + reason.name + "：" + reason.observed, Colour::dim));
      }
    }
  }

  boost::json::object line_of(const alerting::Raised& each) const {
    boost::json::object object;
    object["at"] = to_rfc3339(each.change.at);
    object["event"] = name(each.change.event);
    object["warning"] = each.warning.id;
    object["kind"] = each.warning.kind;
    object["stream"] = each.warning.stream;
    object["story"] = each.warning.story;
    object["title"] = each.warning.title;
    const Level& level = each.change.level;
    object["level"] = {{"code", level.code}, {"colour", level.colour}, {"rank", level.rank}};
    boost::json::array topics, schools, reasons;
    for (const std::string& topic : each.warning.topics) topics.emplace_back(topic);
    for (const std::string& school : each.warning.schools) schools.emplace_back(school);
    for (const Reason& reason : each.change.reasons) {
      boost::json::array documents;
      for (const std::string& id : reason.documents) {
        const auto named = names_.find(id);
        documents.emplace_back(named == names_.end() ? id : named->second);
      }
      reasons.push_back({{"criterion", reason.criterion},
                         {"observed", reason.observed},
                         {"expected", reason.expected},
                         {"threshold", reason.threshold},
                         {"documents", std::move(documents)}});
    }
    object["topics"] = std::move(topics);
    object["schools"] = std::move(schools);
    object["reasons"] = std::move(reasons);
    return object;
  }

  Pipeline pipeline_;
  const Console& console_;
  bool silent_ = false;
  Time first_{}, now_{}, next_tick_{};
  long documents_ = 0;
  std::map<std::string, Warning> warnings_;
  std::unordered_map<std::string, std::string> names_;  // of the last names_max documents
  std::deque<std::string> recent_;
};

// Two warnings speak of the same when they share the story, the stream or a document of evidence.
bool same_matter(const Warning& a, const Warning& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == "burst")
    return a.stream == b.stream && std::chrono::abs(a.raised_at - b.raised_at) < std::chrono::hours{24};
  if (a.story == b.story) return true;
  for (const Evidence& x : a.evidence)
    for (const Evidence& y : b.evidence)
      if (x.document == y.document) return true;
  return false;
}

void print_difference(const Console& console, const std::vector<Warning>& was,
                      const std::map<std::string, Warning>& would) {
  const auto print = [&](const char* what, const Warning& warning) {
    if (console.json())
      console.line(to_line({{"difference", what},
                            {"warning", warning.id},
                            {"title", warning.title},
                            {"level", to_json(warning.level)},
                            {"at", to_rfc3339(warning.raised_at)}}));
    else
      console.line((std::string_view(what) == "added" ? "+ " : "- ") + china_minute(warning.raised_at) +
                   "  " + warning.level.code + "级" + warning.level.colour + "  " + warning.title);
  };
  for (const auto& [id, warning] : would)
    if (std::none_of(was.begin(), was.end(), [&w = warning](const Warning& x) { return same_matter(w, x); }))
      print("added", warning);
  for (const Warning& warning : was)
    if (std::none_of(would.begin(), would.end(),
                     [&](const auto& x) { return same_matter(warning, x.second); }))
      print("dropped", warning);
}

}  // namespace

int run_replay(const ReplayOptions& options, const Console& console) {
  if (options.input.empty() == (options.from.empty() && options.to.empty()))
    return console.error({Errc::bad_argument, "replay needs either --input FILE or --from and --to",
                          "for example: tingchao replay --input history.jsonl"});
  auto config = choose_config(options.config);
  if (!config) return console.error(config.error());
  KnowledgeFiles files = knowledge_files(*config);
  if (!options.rules.empty()) files.rules = options.rules;
  auto analyzer = load_analyzer(files);
  if (!analyzer) return console.error(analyzer.error());
  auto measure = load_measure(options.measure.empty() ? files.measure : options.measure);
  if (!measure) return console.error(measure.error());
  Replay replay(*measure, console, false);
  std::optional<Replay> other;
  std::shared_ptr<const alerting::Measure> other_measure;
  if (!options.against.empty()) {
    auto loaded = load_measure(options.against == "shipped" ? "" : options.against);
    if (!loaded) return console.error(loaded.error());
    other_measure = *loaded;
    other.emplace(other_measure, console, true);
  }
  const auto take = [&](Document document, Time seen) {
    std::optional<Analysis> analysis;
    if (other) other->take(**analyzer, document, seen, analysis);
    replay.take(**analyzer, std::move(document), seen, analysis);
  };

  if (!options.input.empty()) {
    const auto read = each_imported(options.input, console, [&](Document document) {
      const Time seen = effective_time(document);
      take(std::move(document), seen);
    });
    if (!read) return console.error(read.error());
    replay.end();
    if (other) other->end();
  } else {
    auto store = open_store(*config, true);
    if (!store) return console.error(store.error());
    const Time now = config->clock.now();
    auto from = parse_when(options.from, Time{}, now), to = parse_when(options.to, now, now);
    if (!from) return console.error(from.error());
    if (!to) return console.error(to.error());
    const auto ran = each_stored(**store, *from, *to, [&](store::StoredDocument each) {
      const Time seen = each.document.fetched_at;
      take(std::move(each.document), seen);
    });
    if (!ran) return console.error(ran.error());
    replay.end();
    if (other) other->end();
    auto was = (*store)->warnings(*from, *to, false);
    if (!was) return console.error(was.error());
    if (!other) print_difference(console, *was, replay.warnings());
  }
  if (other) {
    std::vector<Warning> of_other;
    for (const auto& [id, warning] : other->warnings()) of_other.push_back(warning);
    print_difference(console, of_other, replay.warnings());
  }
  if (options.summary) {
    print_summary(console, replay.summary(), alerting::version_of(**measure));
    if (other) print_summary(console, other->summary(), alerting::version_of(*other_measure));
  }
  if (console.interactive())
    console.note(std::to_string(replay.documents()) + " documents, " +
                 std::to_string(replay.warnings().size()) + " warnings");
  return replay.warnings().empty() ? nothing : done;
}

}  // namespace tingchao::service
