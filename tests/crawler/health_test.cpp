// Source health in simulated time: what is told, when, how often; and how often it is told for nothing.
#include <catch2/catch.hpp>

#include <cmath>
#include <cstdio>
#include <random>

#include "crawler/health.h"
#include "crawler/not_found.h"

using namespace tingchao;
using namespace tingchao::crawler;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Time monday = *parse_time("2026-01-05T00:00:00+08:00");

// The public holidays of 2026.
Holidays holidays_of(const Source& source) {
  return [share = source.official ? 0.05 : 0.5, last = Time{}, answer = Holiday{}](Time at) mutable {
    if (china_midnight(at) == last) return answer;
    last = china_midnight(at);
    answer = {};
    static constexpr std::pair<int, int> spans[] = {{101, 103}, {215, 223}, {404, 406},  {501, 505},
                                                    {619, 621}, {925, 927}, {1001, 1007}};
    const std::string date = china_date(at);
    const int day = std::stoi(date.substr(5, 2)) * 100 + std::stoi(date.substr(8, 2));
    for (const auto& [from, to] : spans)
      if (day >= from && day <= to) answer = Holiday{true, share};
    return answer;
  };
}

// A source as the world makes it: a rate by hour of the week, days that differ more than chance, holidays.
struct World {
  const char* name;
  double a_day;    // documents on a plain working day
  double night;    // share of the day's rate between 23 and 7 o'clock
  double weekend;  // share of a working day
  double rough;    // ρ: the variance of a day's mean, over its square
  bool official;
  minutes interval;

  double rate(Time at, const Holidays& holidays) const {
    const int hour = china_hour(at), weekday = china_weekday(at);
    const bool is_night = hour >= 23 || hour < 7;
    const double share = is_night ? night : 1.0;
    const double whole = 16 + 8 * night;
    double rate = a_day * share / whole * (weekday == 0 || weekday == 6 ? weekend : 1.0);
    if (holidays(at).is_one) rate *= official ? 0.02 : 0.4;
    return rate;
  }
};

Source source_of(const World& world) {
  Source source;
  source.id = "s";
  source.name = "云溪晚报";
  source.kind = SourceKind::feed;
  source.urls = {"http://127.0.1.1/feed.xml"};
  source.interval = world.interval;
  source.official = world.official;
  return source;
}

class Simulation {
 public:
  Simulation(const World& world, unsigned seed) : world_(world), source_(source_of(world)), random_(seed) {}

  // Visits in [from, to); a dead source gives nothing more.
  std::vector<std::pair<Time, HealthNews>> run(Time from, Time to, bool dead = false) {
    std::vector<std::pair<Time, HealthNews>> told;
    const Holidays holidays = holidays_of(source_);
    for (Time at = from; at < to; at += source_.interval) {
      if (china_midnight(at) != day_) {
        day_ = china_midnight(at);
        std::gamma_distribution<double> mood(1 / world_.rough, world_.rough);
        mood_ = mood(random_);
      }
      const double mean =
          world_.rate(at, holidays) * mood_ * static_cast<double>(source_.interval.count()) / 3600;
      Look look;
      look.at = at;
      look.documents_new = dead || mean <= 0 ? 0 : std::poisson_distribution<int>(mean)(random_);
      look.entry_read = look.documents_new > 0;
      look.entries = 20;
      look.charset = "utf-8";
      if (auto news = judge(state_, source_, look, holidays)) told.emplace_back(at, *news);
      if (++visits_ % 97 == 0) state_ = health_state(to_text(state_));  // as the store keeps it
    }
    return told;
  }

 private:
  World world_;
  Source source_;
  std::mt19937 random_;
  HealthState state_;
  Time day_{};
  double mood_ = 1;
  long visits_ = 0;
};

const World worlds[] = {{"热闹的论坛", 480, 0.15, 1.1, 0.05, false, minutes{10}},
                        {"晚报", 60, 0.05, 0.6, 0.1, false, minutes{30}},
                        {"夜里不发的新闻网", 40, 0.0, 0.5, 0.1, false, minutes{30}},
                        {"教育局栏目", 6, 0.02, 0.05, 0.3, true, minutes{60}},
                        {"慢的栏目", 1, 0.02, 0.2, 0.5, true, minutes{120}},
                        {"起伏大的热榜", 30, 0.3, 1.0, 0.8, false, minutes{30}},
                        {"区教育新闻栏", 8, 0.02, 0.05, 0.1, true, minutes{60}},
                        {"每个工作日五篇", 5, 0.02, 0.05, 0.05, true, minutes{60}}};

// There are no holidays in these weeks.
Time end_of_first_whole_working_day(Time death) {
  Time day = china_midnight(death);
  if (day < death) day += hours{24};
  while (china_weekday(day) == 0 || china_weekday(day) == 6) day += hours{24};
  return day + hours{24};
}

Look look_at(Time at) {
  Look look;
  look.at = at;
  look.entry_read = true;
  look.entries = 20;
  look.charset = "utf-8";
  look.documents_new = 1;
  return look;
}

}  // namespace

TEST_CASE("a year without a fault: how often a silence is told for nothing", "[crawler][health]") {
  constexpr int sources = 10;
  int all = 0;
  for (const World& world : worlds) {
    int told = 0, later = 0, most = 0;
    for (unsigned seed = 0; seed < sources; ++seed) {
      Simulation simulation(world, seed + 1);
      int of_source = 0;
      for (const auto& [at, news] : simulation.run(monday, monday + hours{24 * 360})) of_source += !news.is_over;
      most = std::max(most, of_source);
      told += of_source;
      for (const auto& [at, news] : simulation.run(monday + hours{24 * 360}, monday + hours{24 * 720}))
        later += !news.is_over;
    }
    std::printf("false alarms, %s: %.2f a source in its first year, %.2f in its second, at most %d in a year\n",
                world.name, double(told) / sources * 365 / 360, double(later) / sources * 365 / 360, most);
    CHECK(most <= 5);
    CHECK(told <= 4 * sources);
    CHECK(later <= 3 * sources);
    all += told + later;
  }
  std::printf("false alarms over %d source years: %d\n", int(std::size(worlds)) * sources * 2, all);
  CHECK(all <= int(std::size(worlds)) * sources * 2);
}

TEST_CASE("a source that dies is told once, as soon as its volume lets it be seen", "[crawler][health]") {
  struct Bound {
    const World& world;
    hours most;
  };
  // A busy one within hours, a daily one within a day or two, a weekly one within weeks.
  const Bound bounds[] = {{worlds[0], hours{8}},       {worlds[1], hours{24}},
                          {worlds[2], hours{30}},      {worlds[3], hours{24 * 6}},
                          {worlds[4], hours{24 * 40}}, {worlds[5], hours{24 * 5}},
                          {worlds[6], hours{24 * 5}},  {worlds[7], hours{24 * 5}}};
  for (const Bound& bound : bounds) DYNAMIC_SECTION(bound.world.name) {
      double sum = 0, worst = 0;
      int in_time = 0, seen = 0;
      constexpr int deaths = 48;
      for (int i = 0; i < deaths; ++i) {
        Simulation simulation(bound.world, 100 + unsigned(i));
        const Time death = monday + hours{24 * 70 + 10 + 7 * i};  // from March on, at any hour and day of the week
        const auto before = simulation.run(monday, death);
        if (!before.empty() && !before.back().second.is_over) continue;  // told already, for nothing
        ++seen;
        const auto told = simulation.run(death, death + hours{24 * 60}, true);
        REQUIRE(told.size() >= 1);
        CHECK(told.size() == 1);
        CHECK(told[0].second.trouble == Trouble::silent);
        CHECK(told[0].second.text.find("可能原因：") != std::string::npos);
        const double delay = double((told[0].first - death).count()) / 3600;
        sum += delay;
        worst = std::max(worst, delay);
        in_time += told[0].first <= end_of_first_whole_working_day(death);
        const auto after = simulation.run(death + hours{24 * 60}, death + hours{24 * 75});
        REQUIRE(after.size() >= 1);
        CHECK(after[0].second.is_over);
      }
      std::printf("silence told, %s: after %.1f h on average, %.1f h at most; %d of %d by the end of the first "
                  "whole working day\n",
                  bound.world.name, sum / seen, worst, in_time, seen);
      CHECK(worst <= double(bound.most.count()));
      if (bound.world.a_day >= 5 && bound.world.rough <= 0.1) CHECK(in_time >= seen * 7 / 8);
      CHECK(seen >= deaths - 3);
    }
}

TEST_CASE("each trouble is told once with cause and mend, and its end once", "[crawler][health]") {
  struct Case {
    const char* name;
    void (*spoil)(Look&);
    Trouble want;
    int after;  // visits until it is told
    const char* says;
    bool ends;
  };
  const Case cases[] = {
      {"读取失败",
       [](Look& l) {
         l.error = Error{Errc::timeout, "http://127.0.1.1/: no answer", ""};
         l.entry_read = false;
       },
       Trouble::failing, 5, "no answer", true},
      {"选择器不再匹配",
       [](Look& l) {
         l.entries = l.documents_new = 0;
         l.note = "selector .news matched nothing";
       },
       Trouble::selector, 2, ".news", true},
      {"文章页都说不存在",
       [](Look& l) {
         l.contents = l.contents_gone = 3;
         l.documents_new = 0;
       },
       Trouble::gone, 2, "页面不存在", true},
      {"入口页说不存在",
       [](Look& l) {
         l.entry_gone = true;
         l.documents_new = 0;
       },
       Trouble::gone, 2, "入口页", true},
      {"编码变了", [](Look& l) { l.charset = "gb18030"; }, Trouble::charset, 2, "gb18030", false}};
  Source source;
  source.id = "s";
  source.name = "云溪晚报";
  source.kind = SourceKind::list;
  source.urls = {"http://127.0.1.1/list/"};
  source.interval = hours{1};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
      HealthState state;
      Time at = monday + hours{9};
      const auto visit = [&](bool spoilt) {
        Look look = look_at(at);
        look.contents = 1;
        if (spoilt) c.spoil(look);
        at += source.interval;
        auto news = judge(state, source, look, {});
        state = health_state(to_text(state));
        return news;
      };
      for (int i = 0; i < 20; ++i) CHECK_FALSE(visit(false));
      for (int i = 1; i < c.after; ++i) CHECK_FALSE(visit(true));
      const auto told = visit(true);
      REQUIRE(told);
      CHECK(told->trouble == c.want);
      CHECK_FALSE(told->is_over);
      CHECK(told->text.find(c.says) != std::string::npos);
      CHECK(told->text.find("处理：") != std::string::npos);
      for (int i = 0; i < 60; ++i) CHECK_FALSE(visit(true));
      int over = 0;
      for (int i = 0; i < 20; ++i)
        if (const auto news = visit(false)) {
          // Back to the old charset is another change, told as such.
          CHECK((c.ends ? news->is_over : news->trouble == Trouble::charset));
          ++over;
        }
      CHECK(over == 1);
    }
}

TEST_CASE("within a day, also where a source is read seldom", "[crawler][health]") {
  Source source;
  source.id = "s";
  source.kind = SourceKind::list;
  source.urls = {"http://127.0.1.1/"};
  source.interval = hours{12};
  HealthState state;
  Time at = monday;
  for (int i = 0; i < 10; ++i, at += source.interval) CHECK_FALSE(judge(state, source, look_at(at), {}));
  const Time last_good = at - source.interval;
  Look empty = look_at(at);
  empty.entries = empty.documents_new = 0;
  HealthState other = state;
  const auto told = judge(other, source, empty, {});
  REQUIRE(told);
  CHECK(told->trouble == Trouble::selector);
  std::optional<HealthNews> failing;
  for (; !failing; at += source.interval) {
    Look look = look_at(at);
    look.error = Error{Errc::refused, "x", ""};
    failing = judge(state, source, look, {});
    REQUIRE(at - last_good <= hours{24});
  }
}

TEST_CASE("a pause of the program itself is no silence", "[crawler][health]") {
  Simulation simulation(worlds[1], 5);
  CHECK(simulation.run(monday, monday + hours{24 * 30}).empty());
  CHECK(simulation.run(monday + hours{24 * 45}, monday + hours{24 * 46}).empty());
}

TEST_CASE("pages that say they are none", "[crawler][health]") {
  CHECK(says_gone("提示信息", "抱歉，指定的主题不存在或已被删除或正在被审核"));
  CHECK(says_gone("404 Not Found", "nginx"));
  CHECK(says_gone("您访问的页面不存在", ""));
  CHECK_FALSE(says_gone("望山路小学食堂", "今天的午餐很好"));
  CHECK_FALSE(
      says_gone("谣言", "网传的页面不存在问题。" + std::string(900, 'x')));  // an article that speaks of it
}

TEST_CASE("a state of another kind is begun anew", "[crawler][health]") {
  CHECK(health_state("").told == Trouble::none);
  CHECK(health_state("{}").failures == 0);
  CHECK(health_state("{\"told\":99").told == Trouble::none);
}
