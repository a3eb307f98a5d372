// The Warner as a whole: first documents, moves of the level, relapses, evidence, and sameness.
#include "tests/alerting/warn_support.h"

#include <algorithm>
#include <random>

#include <boost/json.hpp>

#include "core/json.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::alerting::testing;

namespace {

const Time start = parse_time("2026-04-15T08:00:00+08:00").value_or(Time{});

// B class in a press report: 1 − .615·(1 − .35·.2) … a level of its own for moves.
Document press(const std::string& title, Time when, const std::string& source) {
  Document d = document(title, when, source);
  d.medium = "news";
  return d;
}

std::string line(const Raised& raised) { return to_line(to_json(raised.change)) + to_line(to_json(raised.warning)); }

}  // namespace

TEST_CASE("a grave matter at a school of ours warns with its first document", "[warn][warner]") {
  Scene scene(shipped());
  const Document d = document("实验小学食堂多名学生食物中毒", start);
  const auto raised = scene.say(d, analysis(d, 'A'), start);
  REQUIRE(raised.size() == 1);
  const Warning& w = raised[0].warning;
  CHECK(raised[0].change.event == WarningEvent::raised);
  CHECK(raised[0].change.seq == 1);
  CHECK(raised[0].change.actor == "measure");
  CHECK(w.id == stable_id("warning:" + scene.story.id));
  CHECK(w.level.code == "Ⅲ");
  CHECK(w.state == WarningState::open);
  CHECK(w.kind == "story");
  CHECK(w.version == 0);
  CHECK(w.title == d.title);
  CHECK(w.topics == std::vector<std::string>{"校园安全/食品安全"});
  REQUIRE(w.evidence.size() == 1);
  CHECK(w.evidence[0].document == d.id);
  CHECK(w.evidence[0].sentence == d.title);
  CHECK(w.evidence[0].rule == "safety.food");
  CHECK(w.evidence[0].rule_version == "1-abcdef01");
  CHECK(w.evidence[0].snapshot_hash == d.snapshot_hash);
  CHECK(w.evidence[0].url == d.url);
  REQUIRE(w.clocks.size() == 1);
  CHECK(w.clocks[0].id == "response");
  CHECK(w.clocks[0].due == start + hours{48});
  REQUIRE(!w.reasons.empty());
  CHECK(raised[0].change.reasons.size() == w.reasons.size());
  for (const Reason& reason : w.reasons) CHECK_FALSE(reason.documents.empty());
  CHECK(scene.warner.open().at(w.id).version == 1);
}

TEST_CASE("what is damped raises nothing", "[warn][warner]") {
  struct Case { const char* name; void (*set)(Analysis&); bool warns; };
  const Case cases[] = {{"肯定", [](Analysis&) {}, true},
                        {"辟谣", [](Analysis& a) { a.context.refuted = true; }, false},
                        {"演练", [](Analysis& a) { a.context.drill = true; }, false},
                        {"影视", [](Analysis& a) { a.context.fiction = true; }, false},
                        {"否定的抱怨仍是抱怨", [](Analysis& a) { a.context.negated = true; }, true}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Scene scene(shipped());
    const Document d = document("学校食堂食物中毒", start);
    Analysis a = analysis(d, 'A');
    c.set(a);
    CHECK(scene.say(d, a, start).empty() != c.warns);
  }
}

TEST_CASE("far away is no warning of ours above the last level", "[warn][warner]") {
  Scene scene(shipped());
  const Document d = document("外省某校食物中毒", start);
  Analysis a = analysis(d, 'A');
  a.ours = false;
  const auto raised = scene.say(d, a, start);
  REQUIRE(raised.size() == 1);
  CHECK(raised[0].warning.level.code == "Ⅳ");
}

TEST_CASE("several sources lift a grave matter to Ⅱ, with the short clocks", "[warn][warner]") {
  Scene scene(shipped());
  std::vector<Raised> all;
  for (int i = 0; i < 5; ++i) {
    const Time now = start + minutes{20 * i};
    const Document d = press("食堂食物中毒 第" + std::to_string(i) + "报", now, "site-" + std::to_string(i % 3));
    for (Raised& r : scene.say(d, analysis(d, 'A'), now)) all.push_back(std::move(r));
  }
  REQUIRE(all.size() >= 2);
  CHECK(all.back().change.event == WarningEvent::upgraded);
  const Warning& w = scene.only();
  CHECK(w.level.code == "Ⅱ");
  CHECK(all.back().change.level_before->code == "Ⅲ");
  // The answer's clock has become the information's, 5 h from the upgrade; the press has its own.
  REQUIRE(w.clocks.size() == 2);
  CHECK(w.clocks[0].id == "information");
  CHECK(w.clocks[0].due == all.back().change.at + hours{5});
  CHECK(w.clocks[1].id == "press");
  CHECK(w.clocks[1].due == all.back().change.at + hours{24});
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].change.seq == static_cast<int>(i) + 1);
    CHECK(all[i].warning.version == static_cast<long>(i));
  }
}

TEST_CASE("the highest level is proposed until a person confirms", "[warn][warner]") {
  const auto measure = measure_of(replaced(shipped_yaml(), "rank: 1, score: 90", "rank: 1, score: 76"));
  Scene scene(measure);
  std::vector<Raised> last;
  for (int i = 0; i < 30; ++i) {
    const Time now = start + minutes{i};
    const Document d = press("食堂食物中毒 " + std::to_string(i), now, "site-" + std::to_string(i));
    Analysis a = analysis(d, 'A');
    a.stance.demands = true;
    auto raised = scene.say(d, a, now);
    if (!raised.empty()) last = std::move(raised);
  }
  const Warning& w = scene.only();
  CHECK(w.level.code == "Ⅰ");
  CHECK(w.needs_confirmation);
  CHECK(last[0].change.note.find("拟Ⅰ级") != std::string::npos);
  Action action;
  action.event = WarningEvent::confirmed;
  action.actor = "李主任";
  auto confirmed = apply(w, action, start + hours{1});
  REQUIRE(confirmed);
  confirmed->warning.version += 1;  // as the store gives it back
  scene.warner.adopt(confirmed->warning);
  CHECK_FALSE(scene.only().needs_confirmation);
  // More of the same neither asks again nor moves anything.
  const Document d = press("食堂食物中毒 续", start + hours{2}, "site-1");
  CHECK(scene.say(d, analysis(d, 'A'), start + hours{2}).empty());
}

TEST_CASE("down only after six hours ten points under the level", "[warn][warner]") {
  // A single document of class B at rank 3 of a hot list: Ⅲ by 60 points, 38.5 without the list.
  struct Case { const char* name; const char* margin; Seconds after; bool down; };
  const Case cases[] = {{"未满六小时", "10", hours{6}, false},
                        {"恰满六小时", "10", hours{7}, true},
                        {"差距不足", "25", hours{30}, false}};
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Scene scene(measure_of(replaced(shipped_yaml(), "margin: 10", std::string("margin: ") + c.margin)));
    Document d = press("班级配备引发讨论", start, "hot");
    d.medium = "hotlist";
    scene.story.hot_rank_best = 3;
    scene.say(d, analysis(d, 'B'), start);
    // A ceiling for a single origin without press holds at Ⅲ; the rank alone lifts it there.
    REQUIRE(scene.only().level.code == "Ⅲ");
    scene.story.hot_rank_best = 0;  // the list forgets it
    std::vector<Raised> all;
    for (Time now = start + hours{1}; now <= start + c.after; now += hours{1})
      for (Raised& r : scene.tick(now))
        if (r.change.event == WarningEvent::downgraded) all.push_back(std::move(r));
    CHECK(all.size() == (c.down ? 1U : 0U));
    CHECK(scene.only().level.code == (c.down ? "Ⅳ" : "Ⅲ"));
    // Under from the first look at 09:00 on, so down at 15:00, and never again from the last level.
    if (c.down) {
      CHECK(all[0].change.at == start + hours{7});
      CHECK(scene.only().clocks[0].due == start + hours{48});
      for (Time now = start + c.after; now <= start + hours{40}; now += hours{1})
        for (const Raised& r : scene.tick(now)) CHECK(r.change.event == WarningEvent::clock);
    }
  }
}

TEST_CASE("a rise in between starts the six hours anew", "[warn][warner]") {
  Scene scene(shipped());
  Document d = press("班级配备引发讨论", start, "hot");
  d.medium = "hotlist";
  scene.story.hot_rank_best = 3;
  scene.say(d, analysis(d, 'B'), start);
  scene.story.hot_rank_best = 0;
  for (int h = 1; h <= 6; ++h) CHECK(scene.tick(start + hours{h}).empty());
  scene.story.hot_rank_best = 3;
  scene.tick(start + hours{7} + minutes{5});
  CHECK(scene.tick(start + hours{8}).empty());
  scene.story.hot_rank_best = 0;
  for (int h = 9; h <= 14; ++h) CHECK(scene.tick(start + hours{h}).empty());
  CHECK(scene.only().level.code == "Ⅲ");
  CHECK_FALSE(scene.tick(start + hours{15}).empty());
  CHECK(scene.only().level.code == "Ⅳ");
}

TEST_CASE("Ⅱ never goes down by itself, even when its story sleeps", "[warn][warner]") {
  Scene scene(shipped());
  for (int i = 0; i < 6; ++i) {
    const Document d = press("食物中毒 " + std::to_string(i), start + minutes{i}, "site-" + std::to_string(i));
    scene.say(d, analysis(d, 'A'), start + minutes{i});
  }
  REQUIRE(scene.only().level.code == "Ⅱ");
  scene.story.id = "gone";
  for (int day = 1; day < 30; ++day)
    for (const Raised& r : scene.tick(start + hours{24 * day})) CHECK(r.change.event == WarningEvent::clock);
  CHECK(scene.only().level.code == "Ⅱ");
}

TEST_CASE("a level that a person set is not moved by what the person saw", "[warn][warner]") {
  Scene scene(shipped());
  const Document first = document("食堂食物中毒", start);
  scene.say(first, analysis(first, 'A'), start);
  REQUIRE(scene.only().level.code == "Ⅲ");
  Action action;
  action.event = WarningEvent::downgraded;
  action.actor = "李主任";
  action.note = "已现场核实，两名学生不适";
  action.level = levels_of(*shipped())[3];
  auto lowered = apply(scene.only(), action, start + hours{1});
  REQUIRE(lowered);
  lowered->warning.version += 1;
  scene.warner.adopt(lowered->warning);

  const Document second = document("食堂食物中毒 家长说", start + hours{2});
  CHECK(scene.say(second, analysis(second, 'A'), start + hours{2}).empty());
  CHECK(scene.only().level.code == "Ⅳ");
  // But what goes beyond anything seen before is told.
  std::vector<Raised> all;
  for (int i = 0; i < 6; ++i) {
    const Time now = start + hours{3} + minutes{i};
    const Document d = press("食堂食物中毒 报道" + std::to_string(i), now, "site-" + std::to_string(i));
    for (Raised& r : scene.say(d, analysis(d, 'A'), now)) all.push_back(std::move(r));
  }
  REQUIRE(all.size() == 1);
  CHECK(all[0].warning.level.code == "Ⅱ");
  CHECK_FALSE(all[0].warning.level_held);
}

namespace {

// Raises Ⅳ, answers and closes it two hours later.
Warning closed_warning(Scene& scene, const std::string& verdict) {
  const Document d = document("收费问题", start);
  Analysis a = analysis(d, 'B', "教育收费/乱收费");
  REQUIRE(scene.say(d, a, start).size() == 1);
  Warning w = scene.only();
  Action action;
  action.actor = "王值班";
  action.note = "已核";
  action.url = "https://example.gov.cn/1";
  action.verdict = verdict;
  for (WarningEvent event : {WarningEvent::acknowledged, WarningEvent::responded, WarningEvent::closed}) {
    action.event = event;
    auto done = apply(w, action, start + hours{2});
    REQUIRE(done);
    w = done->warning;
    ++w.version;
  }
  scene.warner.adopt(w);
  REQUIRE(scene.warner.open().empty());
  return w;
}

}  // namespace

TEST_CASE("a closed matter that rises again reopens under its id", "[warn][warner]") {
  struct Case {
    const char* name;
    const char* verdict;
    Seconds after;
    int documents;
    char severity;
    const char* result;
  };
  const Case cases[] = {
      {"刚办结的余波", "handled", hours{3}, 1, 'B', "nothing"},
      {"热度再起", "handled", hours{40}, 3, 'B', "reopened"},
      {"误报不因热度重开", "false_alarm", hours{40}, 3, 'B', "nothing"},
      {"误报因更重事实重开", "false_alarm", hours{3}, 1, 'A', "reopened"},
      {"十四天内", "handled", hours{24 * 13}, 2, 'B', "reopened"},
      {"十四天后另立", "handled", hours{24 * 15}, 2, 'B', "raised"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Scene scene(shipped());
    const Warning closed = closed_warning(scene, c.verdict);
    std::vector<Raised> all;
    for (int i = 0; i < c.documents; ++i) {
      const Time now = start + c.after + minutes{i};
      const Document d = document("收费问题又来 " + std::to_string(i), now);
      for (Raised& r : scene.say(d, analysis(d, c.severity, "教育收费/乱收费"), now)) all.push_back(std::move(r));
    }
    if (std::string(c.result) == "nothing") {
      CHECK(all.empty());
      continue;
    }
    REQUIRE_FALSE(all.empty());
    CHECK(name(all[0].change.event) == std::string(c.result));
    CHECK((all[0].warning.id == closed.id) == (std::string(c.result) == "reopened"));
    CHECK(all[0].warning.state == WarningState::open);
    for (const Clock& clock : all[0].warning.clocks) {
      CHECK_FALSE(clock.met_at);
      CHECK(clock.started == all[0].change.at);
    }
    if (all[0].warning.id == closed.id) CHECK(all[0].change.seq == closed.changes + 1);
  }
}

TEST_CASE("an acknowledgement without a next step lapses", "[warn][warner]") {
  Scene scene(shipped());
  const Document d = document("食堂食物中毒", start);
  scene.say(d, analysis(d, 'A'), start);
  Action action;
  action.event = WarningEvent::acknowledged;
  action.actor = "王值班";
  auto done = apply(scene.only(), action, start + hours{1});
  REQUIRE(done);
  ++done->warning.version;
  scene.warner.adopt(done->warning);
  CHECK(scene.tick(start + hours{8}).empty());
  const auto lapsed = scene.tick(start + hours{9});
  REQUIRE(lapsed.size() == 1);
  CHECK(lapsed[0].change.event == WarningEvent::reopened);
  CHECK(lapsed[0].warning.state == WarningState::open);
  CHECK(lapsed[0].change.note.find("8 小时") != std::string::npos);
}

TEST_CASE("evidence is bounded, gravest first, byte-exact", "[warn][warner]") {
  Scene scene(shipped());
  for (int i = 0; i < 60; ++i) {
    const Time now = start + minutes{i};
    const Document d = document("第" + std::to_string(i) + "帖 食物中毒", now);
    scene.say(d, analysis(d, i == 50 ? 'A' : 'C'), now);
  }
  const Warning& w = scene.only();
  CHECK(w.evidence.size() == warning_evidence_max);
  CHECK(w.evidence[0].title == "第50帖 食物中毒");
  CHECK(w.evidence[1].title == "第0帖 食物中毒");
  for (const Evidence& e : w.evidence) CHECK(e.sentence == e.title);
  for (const Reason& reason : w.reasons) CHECK(reason.documents.size() <= story_members_max);
}

TEST_CASE("the same input gives the same bytes", "[warn][warner]") {
  const auto run = [] {
    Scene scene(shipped());
    std::mt19937 random(5);
    std::string lines;
    for (int i = 0; i < 400; ++i) {
      const Time now = start + minutes{17 * i};
      const Document d = press("标题 " + std::to_string(i), now, "site-" + std::to_string(random() % 9));
      Analysis a = analysis(d, "ABCD"[random() % 4]);
      a.stance.label = random() % 2 ? StanceLabel::negative : StanceLabel::neutral;
      for (const Raised& r : scene.say(d, a, now)) lines += line(r);
      for (const Raised& r : scene.tick(now + minutes{5})) lines += line(r);
    }
    return lines;
  };
  const std::string once = run();
  CHECK(once.size() > 1000);
  CHECK(once == run());
}

TEST_CASE("hourly and minutely ticks raise the same levels", "[warn][warner]") {
  const auto run = [](Seconds step) {
    Scene scene(shipped());
    std::vector<std::string> moves;
    Time ticked = start;
    for (int i = 0; i < 40; ++i) {
      const Time now = start + minutes{37 * i * (i % 5 == 0 ? 9 : 1)};
      if (now <= ticked) continue;
      for (; ticked < now; ticked += step)
        for (const Raised& r : scene.tick(ticked))
          if (r.change.event != WarningEvent::clock) moves.push_back(r.change.level.code);
      const Document d = press("标题 " + std::to_string(i), now, "site-" + std::to_string(i % 9));
      scene.story.hot_rank_best = i % 7 == 0 ? 4 : 0;
      for (const Raised& r : scene.say(d, analysis(d, 'B'), now)) moves.push_back(r.change.level.code);
    }
    return moves;
  };
  const auto hourly = run(hours{1});
  CHECK(hourly.size() > 1);
  CHECK(hourly == run(minutes{1}));
}

TEST_CASE("a restart continues with the warnings, clocks and evidence it had", "[warn][warner]") {
  Scene before(shipped());
  const Document d = document("食堂食物中毒", start);
  const Analysis a = analysis(d, 'A');
  before.say(d, a, start);
  before.tick(start + hours{25});  // 50 % told

  Scene after(shipped());
  after.story = before.story;
  after.warner.remember(after.story, d, a, {}, start);
  after.warner.adopt_heat_ranks(before.warner.heat_ranks());
  Warning stored = before.only();
  after.warner.adopt(stored);
  for (int h = 26; h < 60; ++h) {
    const auto one = before.tick(start + hours{h}), two = after.tick(start + hours{h});
    REQUIRE(one.size() == two.size());
    for (std::size_t i = 0; i < one.size(); ++i) CHECK(line(one[i]) == line(two[i]));
  }
  const Document e = press("食物中毒 后续", start + hours{61}, "site-1");
  const auto one = before.say(e, analysis(e, 'A'), start + hours{61});
  const auto two = after.say(e, analysis(e, 'A'), start + hours{61});
  REQUIRE(one.size() == two.size());
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(line(one[i]) == line(two[i]));
}

TEST_CASE("a new measure takes effect with the next observation", "[warn][warner]") {
  Scene scene(shipped());
  const Document d = document("收费问题", start);
  CHECK(scene.say(d, analysis(d, 'C'), start).empty());
  scene.warner.replace(measure_of(replaced(shipped_yaml(), "rank: 4, score: 35", "rank: 4, score: 20")));
  const Document e = document("收费问题 二", start + minutes{1});
  CHECK(scene.say(e, analysis(e, 'C'), start + minutes{1}).size() == 1);
}
