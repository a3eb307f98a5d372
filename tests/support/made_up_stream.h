#pragma once
// A stream of made-up documents without end, the same for the same seed, analysed by its writer, who knows
// what it has written. Its language drifts: a pool of 20,000 words of which 500 a day are new, and names that
// come with each event. Events begin, get from one to thousands of documents and end, some in bursts of
// hours; there are reprints, replies to threads, hot-list entries, bodies, 2,000 schools, and rules that
// match.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "alerting/warn.h"
#include "analyzer/similarity/fingerprint.h"
#include "analyzer/text/prepared.h"
#include "core/analysis.h"
#include "core/document.h"

namespace tingchao::tests {

inline const char* const made_up_topics[] = {
    "校园安全/食品安全", "师德师风/体罚", "收费/课后服务", "招生入学/划片", "双减/校外培训",
    "心理健康/关爱",     "体育/场地",     "民办教育/办学", "教师/待遇",     "宣传/活动"};

// With what an analyzer would say of it.
struct Written {
  Document document;
  Analysis analysis;
};

class MadeUpStream {
 public:
  Written next(long number, Time now, int day) {
    if (random_() % 1000 < 2 && now >= burst_until_) {  // somewhere it begins to boil
      burst_ = begin_event(day);
      burst_until_ = now + std::chrono::hours{1 + random_() % 4};
    }
    Event& event = choose(now, day);
    const unsigned kind = random_() % 100;
    std::u32string title, body;
    if (kind < 15 && !event.last_title.empty()) {  // a reprint
      title = event.last_title;
      body = event.last_body;
      if (kind < 8 && !body.empty()) body[random_() % body.size()] = U'的';
    } else {
      title = sentence(event, day, 3);
      if (random_() % 100 < 15)
        while (body.size() < 250) body += sentence(event, day, 5) + U'。';
      event.last_title = title;
      event.last_body = body;
    }
    return written(event, number, now, std::move(title), std::move(body));
  }

 private:
  struct Event {
    std::uint64_t id = 0;
    std::vector<std::uint64_t> names;  // words of its own
    std::vector<std::uint64_t> words;  // of the pool
    unsigned school = 0, place = 0, topic = 0;
    bool education = false, grave = false, negative = false;
    std::u32string last_title, last_body;
    std::vector<std::string> said;  // words of the last sentence
  };
  static constexpr std::size_t events_max = 6000;
  static constexpr unsigned pool = 20'000, new_a_day = 500, schools = 2000, places = 300;

  std::u32string spelled(std::uint64_t word) const {
    std::uint64_t hash = (word + 1) * 0x9e3779b97f4a7c15ULL;
    hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9ULL;
    std::u32string out;
    for (unsigned i = 0; i < 2 + (hash >> 60) % 2; ++i) out.push_back(U'一' + (hash >> 13 * i) % 3500);
    return out;
  }
  std::uint64_t pool_word(int day) {  // the newer half of a day's language drifts
    const double u = std::uniform_real_distribution<>(0, 1)(random_);
    const auto rank = static_cast<std::uint64_t>(std::pow(pool, u)) - 1;
    return rank < pool / 20 ? rank : rank + static_cast<std::uint64_t>(day) * new_a_day;
  }
  std::size_t begin_event(int day) {
    const std::size_t at = begun_ < events_max ? begun_ : random_() % events_max;
    if (at >= events_.size()) events_.resize(at + 1);
    Event& event = events_[at] = {};
    event.id = ++begun_;
    for (unsigned i = 0; i < 4; ++i) event.names.push_back(1'000'000'000 + event.id * 4 + i);
    for (unsigned i = 0; i < 8; ++i) event.words.push_back(pool_word(day));
    event.education = random_() % 5 == 0;
    event.school = event.education && random_() % 2 ? 1 + random_() % schools : 0;
    event.place = random_() % 3 == 0 ? 1 + random_() % places : 0;
    event.topic = random_() % std::size(made_up_topics);
    event.grave = event.education && random_() % 8 == 0;
    event.negative = random_() % 4 == 0;
    return at;
  }
  Event& choose(Time now, int day) {
    if (now < burst_until_ && random_() % 4 == 0) return events_[burst_];
    if (events_.empty() || random_() % 100 < 30) return events_[begin_event(day)];
    // The newer the likelier, a few for long.
    const double u = std::uniform_real_distribution<>(0, 1)(random_);
    const auto back = static_cast<std::size_t>(std::pow(static_cast<double>(events_.size()), u)) - 1;
    return events_[(begun_ - 1 - back) % events_.size()];
  }
  std::u32string sentence(Event& event, int day, unsigned words) {
    std::u32string out;
    event.said.clear();
    const auto say = [&](std::uint64_t word) {
      const std::u32string text = spelled(word);
      event.said.push_back(analyzer::to_utf8(text));
      out += text;
    };
    say(event.names[random_() % event.names.size()]);
    for (unsigned i = 0; i < words; ++i) say(random_() % 2 ? event.words[random_() % 8] : pool_word(day));
    say(event.names[random_() % event.names.size()]);
    return out;
  }
  Written written(const Event& event, long number, Time now, std::u32string title, std::u32string body) {
    Written out;
    Document& document = out.document;
    document.id = document_id(std::to_string(number));
    document.url = "https://news.example/" + document.id;
    document.source = "source" + std::to_string(random_() % 500);
    document.source_name = document.source;
    const unsigned medium = random_() % 10;
    document.medium = medium < 5 ? "news" : medium < 9 ? "forum" : "hotlist";
    if (medium == 9) document.reach.rank = 1 + static_cast<int>(random_() % 50);
    if (medium == 5) document.thread = ThreadPosition{"https://bbs.example/" + std::to_string(event.id)};
    if (medium == 5) document.author_hash = std::to_string(random_() % 100'000);
    document.district = "区" + std::to_string(event.place % 10);
    document.title = analyzer::to_utf8(title);
    document.body = analyzer::to_utf8(body);
    document.published_at = now - Seconds{random_() % 1800};
    document.published_to_the_minute = true;
    document.published_by = DateOrigin::meta;
    document.fetched_at = now;
    out.analysis.fingerprint = analyzer::fingerprint(title, body);
    describe(event, title, out);
    return out;
  }
  static void describe(const Event& event, const std::u32string& title, Written& out) {
    Analysis& analysis = out.analysis;
    analysis.document = out.document.id;
    const auto term = [&](std::string name, float weight, bool anchor) {
      if (analysis.terms.size() < analysis_terms_max)
        analysis.terms.push_back({std::move(name), weight, anchor});
    };
    if (event.school) {
      const std::string school = "第" + std::to_string(event.school) + "小学";
      term("school:" + school, 3, true);
      analysis.entities.push_back(
          {.kind = EntityKind::school, .id = school, .name = school, .span = {}, .ours = true});
    }
    if (event.place) term("place:" + std::to_string(event.place), 2, true);
    for (const std::string& word : event.said) term(word, 2, false);
    for (std::size_t i = 0; i + 1 < title.size(); ++i) term(analyzer::to_utf8(title.substr(i, 2)), 1, false);
    std::sort(analysis.terms.begin(), analysis.terms.end(), [](const TermWeight& a, const TermWeight& b) {
      return a.term != b.term ? a.term < b.term : a.weight > b.weight;
    });
    analysis.terms.erase(
        std::unique(analysis.terms.begin(), analysis.terms.end(),
                    [](const TermWeight& a, const TermWeight& b) { return a.term == b.term; }),
        analysis.terms.end());
    analysis.education = event.education;
    if (event.education) analysis.topics = {made_up_topics[event.topic]};
    const Span whole{0, static_cast<std::uint32_t>(out.document.title.size())};
    if (event.grave)
      analysis.matches = {
          {.rule = "soak",
           .name = "试",
           .topic = made_up_topics[event.topic],
           .severity = Severity::b,
           .version = "1",
           .hits = {{.field = Field::title, .span = whole, .sentence = whole, .term = {}, .folding = {}}}}};
    if (event.negative) {
      analysis.stance.score = -0.5;
      analysis.stance.label = StanceLabel::negative;
      analysis.stance.reasons = {{.text = "差", .points = -1, .field = Field::title, .span = whole}};
    }
    analysis.rules_version = "soak";
  }

  std::mt19937 random_{20261128};
  std::vector<Event> events_;
  std::size_t begun_ = 0, burst_ = 0;
  Time burst_until_{};
};

// A person looks at what has been open for a day.
inline void set_aside(alerting::Warner& warner, const alerting::Measure& measure, Time now) {
  std::vector<Warning> old;
  for (const auto& [id, warning] : warner.open())
    if (now - warning.raised_at > std::chrono::hours{24}) old.push_back(warning);
  alerting::Action action;
  action.event = WarningEvent::dismissed;
  action.actor = "值班员";
  action.note = "已核实";
  for (Warning& warning : old)
    if (auto done = alerting::apply(std::move(warning), action, now, &measure))
      warner.adopt(std::move(done->warning));
}

}  // namespace tingchao::tests
