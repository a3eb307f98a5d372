#pragma once
// Made-up streams of documents for the tests of bursts.
#include "tests/alerting/warn_support.h"

#include <algorithm>
#include <random>
#include <tuple>

#include "alerting/warn/bursts.h"

namespace tingchao::alerting::testing {

using std::chrono::days;

inline const Time start = parse_time("2025-01-06T00:00:00+08:00").value_or(Time{});
inline const std::string no_story;

// The shipped measure with thresholds of the tests' own, so that a calibration moves no test.
inline std::shared_ptr<const Measure> fixed() {
  auto measure = std::make_shared<Measure>(*shipped());
  measure->bursts.levels = measure->bursts.topic_levels = {{3, 3.1}, {2, 6.5}};
  measure->bursts.observed_min = 4;
  // Sum, stories, season and kinds of days have tests of their own, and so have cells:
  measure->bursts.cusum_ratio = measure->bursts.story.surprise = 0;
  measure->bursts.season.clear();
  measure->bursts.weekend = measure->bursts.holiday = 1;
  measure->bursts.schools = measure->bursts.cells = false;
  return measure;
}

inline std::shared_ptr<const Measure> with_sum(double threshold) {
  auto measure = std::make_shared<Measure>(*fixed());
  measure->bursts.cusum_ratio = 2.5;
  measure->bursts.cusum = measure->bursts.topic_cusum = threshold;
  return measure;
}

struct Said {
  Time at;
  bool education;
  std::string topic;
  std::string story = {};
};

inline void in_order(std::vector<Said>& said) {
  std::sort(said.begin(), said.end(), [](const Said& a, const Said& b) {
    return std::tie(a.at, a.education, a.topic, a.story) < std::tie(b.at, b.education, b.topic, b.story);
  });
}

// Poisson arrivals: `a_day` about schools (fewer at night), and some of other matters every hour.
inline std::vector<Said> quiet_days(int number, double a_day, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Said> said;
  for (int hour = 0; hour < 24 * number; ++hour) {
    const bool night = hour % 24 < 7;
    std::poisson_distribution<int> schools(a_day * (night ? 0.1 : 1) / (17 + 0.7));
    const Time at = start + hours{hour};
    said.push_back({at + Seconds{5}, false, ""});
    for (int n = schools(random); n > 0; --n)
      said.push_back({at + Seconds{10 + static_cast<int>(random() % 3500)}, true, "收费/乱收费"});
  }
  in_order(said);
  return said;
}

inline void add_burst(std::vector<Said>& said, Time at, int number, Seconds over,
                      const std::string& topic = "收费/乱收费", const std::string& story = {}) {
  for (int i = 0; i < number; ++i) said.push_back({at + over * i / number, true, topic, story});
  in_order(said);
}

struct Heard {
  Time at;
  Alarm alarm;
};

inline Document document_of(const Said& said, int number) { return document("标题" + std::to_string(number), said.at); }
inline Analysis analysis_of(const Said& said, const Document& document) {
  Analysis a = analysis(document, 0);
  a.education = said.education;
  if (!said.topic.empty()) a.topics.push_back(said.topic);
  return a;
}

// A deterministic document for each.
inline std::vector<Alarm> tell(Bursts& bursts, const Measure& measure, const Said& said, int number) {
  const Document d = document_of(said, number);
  return bursts.observe({d, analysis_of(said, d), said.story}, measure, said.at);
}

inline std::vector<Heard> listen(Bursts& bursts, const Measure& measure, const std::vector<Said>& said,
                                 const std::string& stream = "基础教育") {
  std::vector<Heard> heard;
  int number = 0;
  for (const Said& each : said)
    for (Alarm& alarm : tell(bursts, measure, each, ++number))
      if (alarm.stream == stream) heard.push_back({each.at, std::move(alarm)});
  return heard;
}

}  // namespace tingchao::alerting::testing
