#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "alerting/audience.h"
#include "alerting/notify/templates.h"
#include "core/hash.h"
#include "tests/alerting/mail_reading.h"
#include "tests/alerting/sample.h"

using namespace tingchao;
using namespace tingchao::alerting;
using namespace tingchao::tests;

namespace {

// "duty chief" …: who of the book gets a message, by recipient, in the book's order.
std::string hearers(const std::vector<Delivery>& deliveries) {
  static const std::map<std::string, std::string> names{
      {"duty@example.cn", "值班员"}, {"chief@example.cn", "局长"}, {"hook", "平台"}, {"files", "存档"}};
  std::string text;
  for (const Delivery& each : deliveries) text += (text.empty() ? "" : " ") + names.at(each.recipient);
  return text;
}

Raised change_to(WarningEvent event, const Level& now, const Level& peak) {
  Raised raised = sample_upgrade();
  raised.change.event = event;
  if (event >= WarningEvent::acknowledged && event <= WarningEvent::confirmed) raised.change.actor = "王敏";
  raised.change.level = raised.warning.level = now;
  raised.warning.level_peak = peak;
  return raised;
}

std::vector<Delivery> plan_at(const Raised& raised, const Book& book, const Background& background = {}) {
  return plan(raised, book, raised.change.at, background);
}

std::string text_of(const Delivery& delivery) { return part_of_type(parse_mail(delivery.body), "text/plain"); }
std::string html_of(const Delivery& delivery) { return part_of_type(parse_mail(delivery.body), "text/html"); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("who hears of a change", "[alerting][plan]") {
  struct Case {
    const char* name;
    WarningEvent event;
    Level now, peak;
    const char* want;
  };
  const Case cases[] = {
      {"新发Ⅳ级：只有什么都听的", WarningEvent::raised, blue, blue, "值班员 存档"},
      {"新发Ⅲ级：平台听到Ⅲ", WarningEvent::raised, yellow, yellow, "值班员 平台 存档"},
      {"升到Ⅱ级：局长第一次听到", WarningEvent::upgraded, orange, orange, "值班员 局长 平台 存档"},
      {"Ⅳ级的时限", WarningEvent::clock, blue, blue, "值班员 存档"},
      {"曾到Ⅱ级、现为Ⅳ级的时限", WarningEvent::clock, blue, orange, "值班员 存档"},
      {"从Ⅱ级降到Ⅳ级：听过的都要知道", WarningEvent::downgraded, blue, orange, "值班员 局长 平台 存档"},
      {"曾到Ⅱ级，以Ⅳ级办结", WarningEvent::closed, blue, orange, "值班员 局长 平台 存档"},
      {"从未过Ⅲ级，办结", WarningEvent::closed, blue, yellow, "值班员 平台 存档"},
      {"排除", WarningEvent::dismissed, orange, orange, "值班员 局长 平台 存档"},
      {"回应", WarningEvent::responded, yellow, yellow, "值班员 平台 存档"},
      {"重新打开", WarningEvent::reopened, yellow, orange, "值班员 局长 平台 存档"},
      {"确认", WarningEvent::confirmed, red, red, "值班员 局长 平台 存档"},
      {"并入了另一件：听过任一件的都要知道", WarningEvent::merged, blue, orange, "值班员 局长 平台 存档"},
      {"批注不打扰任何人", WarningEvent::commented, red, red, ""},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    CHECK(hearers(plan_at(change_to(c.event, c.now, c.peak), sample_book())) == c.want);
  }
}

TEST_CASE("the measure may say who hears of which level", "[alerting][plan]") {
  Book book = sample_book();
  book.recipients[0].groups = {"值班"};
  book.audiences = {{1, {"局长"}}, {2, {"局长", "值班"}}};
  for (Recipient& each : book.recipients)
    if (each.address == "chief@example.cn") each.name = "局长";
  REQUIRE(unknown_names(book).empty());
  CHECK(hearers(plan_at(change_to(WarningEvent::raised, red, red), book)) == "局长");
  CHECK(hearers(plan_at(change_to(WarningEvent::raised, orange, orange), book)) == "值班员 局长");
  // A level that it does not name is heard by the recipients' own levels.
  CHECK(hearers(plan_at(change_to(WarningEvent::raised, yellow, yellow), book)) == "值班员 平台 存档");

  SECTION("who was told hears of the end, whoever else the gravest level has") {
    WarningChange first;
    first.warning = sample_upgrade().warning.id;
    first.seq = 1;
    first.level = yellow;
    const std::vector<WarningChange> history{first};
    Background background;
    background.history = &history;
    Raised closed = change_to(WarningEvent::closed, red, red);
    closed.change.seq = 5;
    CHECK(hearers(plan_at(closed, book, background)) == "值班员 局长 平台 存档");
    closed.change.event = WarningEvent::clock;
    CHECK(hearers(plan_at(closed, book, background)) == "局长");
  }
  SECTION("a roster is whoever is on duty; when nobody is, all of its recipients") {
    book.duty.rosters = {{"desk", {}}};
    book.audiences[1] = {"desk"};
    book.recipients[0].on_duty = "desk";
    CHECK(hearers(plan_at(change_to(WarningEvent::raised, red, red), book)) == "值班员");
    book.duty.rosters[0].turns.push_back({.from = 0, .to = 99999999, .hours = {}, .who = {"局长"}});
    CHECK(hearers(plan_at(change_to(WarningEvent::raised, red, red), book)) == "局长");
  }
  SECTION("names that nobody has are found") {
    book.audiences[3] = {"局常", "值班"};
    CHECK(unknown_names(book) == std::vector<std::string>{"局常"});
  }
}

TEST_CASE("what the measure closed for another warning is told by that one alone", "[alerting][plan]") {
  Raised raised = change_to(WarningEvent::closed, orange, orange);
  raised.change.actor = "measure";
  CHECK(plan_at(raised, sample_book()).empty());
  raised.change.actor = "王敏";
  CHECK(plan_at(raised, sample_book()).size() == 4);
}

TEST_CASE("topics and streams choose recipients too", "[alerting][plan]") {
  struct Case {
    const char* name;
    std::vector<std::string> topics;
    bool opinion;
    bool want;
  };
  const Case cases[] = {
      {"不限话题", {}, true, true},
      {"整个大类", {"校园安全"}, true, true},
      {"大类末尾带斜线", {"校园安全/"}, true, true},
      {"正是这一类", {"校园安全/食品安全"}, true, true},
      {"另一类", {"招生入学"}, true, false},
      {"名字相近的另一类", {"校园安"}, true, false},
      {"更细的一类", {"校园安全/食品安全/校外"}, true, false},
      {"几类之一", {"招生入学", "家校关系"}, true, true},
      {"不听舆情", {}, false, false},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Book book = sample_book();
    book.recipients.resize(1);
    book.recipients[0].topics = c.topics;
    book.recipients[0].opinion = c.opinion;
    CHECK((plan_at(sample_upgrade(), book).size() == 1) == c.want);
  }
}

TEST_CASE("a delivery is complete and can be told again", "[alerting][plan]") {
  const Raised raised = sample_upgrade();
  const Book book = sample_book_with_templates();
  const auto deliveries = plan_at(raised, book);
  REQUIRE(deliveries.size() == 4);
  std::set<std::string> keys, ids;
  for (const Delivery& each : deliveries) {
    CHECK(each.warning == raised.warning.id);
    CHECK(each.seq == 3);
    CHECK(each.stream == "opinion");
    CHECK(each.level_rank == 2);
    CHECK(each.state == DeliveryState::waiting);
    CHECK(each.created == raised.change.at);
    CHECK(each.not_before == raised.change.at);
    CHECK(each.key == raised.warning.id + ":3:" + each.channel + ":" + each.recipient);
    CHECK(each.message_id == stable_id(each.key) + "@example.cn");
    CHECK_FALSE(each.body.empty());
    keys.insert(each.key);
    ids.insert(each.message_id);
  }
  CHECK(keys.size() == 4);
  CHECK(ids.size() == 4);
  const auto again = plan_at(raised, book);
  for (std::size_t i = 0; i < deliveries.size(); ++i) CHECK(again[i].body == deliveries[i].body);
  const Message mail = parse_mail(deliveries[0].body);
  CHECK(std::string(g_mime_message_get_message_id(mail.get())) == deliveries[0].message_id);
  CHECK(subject_of_mail(mail) == deliveries[0].subject);
  CHECK(header(mail, "X-Priority") == "1");
  CHECK(header(mail, "List-Unsubscribe") == "");
  CHECK(deliveries[2].body.starts_with('{'));
}

TEST_CASE("the same place twice in the book gets one message", "[alerting][plan]") {
  Book book = sample_book();
  book.recipients.push_back(book.recipients[0]);
  book.recipients.back().topics = {"家校关系"};
  CHECK(plan_at(sample_upgrade(), book).size() == 4);
}

TEST_CASE("a recipient of a channel that is gone is passed over", "[alerting][plan]") {
  Book book = sample_book();
  book.recipients[0].channel = "old";
  CHECK(plan_at(sample_upgrade(), book).size() == 3);
}

TEST_CASE("subjects", "[alerting][plan]") {
  struct Case {
    const char* name;
    WarningEvent event;
    const char* want;
  };
  const Case cases[] = {
      {"新预警", WarningEvent::raised, "【Ⅱ级橙色】食堂（6 小时 18 条）"},
      {"升级", WarningEvent::upgraded, "【Ⅱ级橙色】食堂（6 小时 18 条，升级自Ⅲ级黄色）"},
      {"降级", WarningEvent::downgraded, "【Ⅱ级橙色】食堂（降级自Ⅲ级黄色）"},
      {"时限", WarningEvent::clock, "【Ⅱ级橙色】食堂（发布权威信息 还剩 30 分钟）"},
      {"办结", WarningEvent::closed, "【Ⅱ级橙色】食堂（已办结）"},
  };
  for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
    Raised raised = sample_upgrade();
    raised.warning.title = "食堂";
    raised.change.event = c.event;
    if (c.event == WarningEvent::closed) raised.change.actor = "王敏";
    raised.warning.clocks[0].told_percent = 80;
    CHECK(plan_at(raised, sample_book())[0].subject == c.want);
  }
  Raised two_clocks = sample_upgrade();
  two_clocks.change.event = WarningEvent::clock;
  two_clocks.change.note = "“召开新闻发布会”时限已用 50%：截止 2026-04-16 22:40";
  for (Clock& clock : two_clocks.warning.clocks) clock.told_percent = 80;
  CHECK(plan_at(two_clocks, sample_book())[0].subject.ends_with("（召开新闻发布会 还剩 1 天）"));
  Raised pending = sample_upgrade();
  pending.warning.level = red;
  pending.warning.needs_confirmation = true;
  CHECK(plan_at(pending, sample_book())[0].subject.starts_with("【拟Ⅰ级红色】"));
}

TEST_CASE("the mail tells what a decision needs", "[alerting][plan]") {
  const Raised raised = sample_upgrade();
  const Story story = sample_story();
  const auto history = sample_history();
  const Background background{&story, &history};
  const Delivery delivery = plan_at(raised, sample_book_with_templates(), background)[0];
  for (const std::string& part : {text_of(delivery), html_of(delivery)}) {
    for (const char* said :
         {"Ⅱ级橙色", "■■■□", "预警升级", "青溪区实验小学", "82.5", "校园安全 › 食品安全", "4月15日 17:58 青溪论坛", "18 篇，6 个来源",
          "2026-04-15 23:10", "还剩 30 分钟", "国办发〔2016〕80号", "6 小时 18 条", "常态 1.5 条", "经核实命中内容不实",
          "下午班里有七八个孩子肚子疼、呕吐。", "tingchao warnings ack 3f9a6c01d2e45b78", "food-poisoning @ 2026.04", "1-9c41d7",
          "须经人工研判", "https://tingchao.example.cn/#/warnings/3f9a6c01d2e45b78",
          "级别：Ⅲ级黄色 → Ⅱ级橙色", "传播范围：来源 2 个 → 来源 6 个", "新增原文 5 篇", "北京时间"})
      CHECK(has(part, said));
    CHECK(has(part, raised.warning.evidence[0].url));
    CHECK(has(part, raised.warning.evidence[0].snapshot_hash));
  }
}

TEST_CASE("the mail of a burst says what found it and what would lower it", "[alerting][plan][bursts]") {
  struct Case {
    const char* threshold;
    const char* said;
    bool one_story;
  };
  for (const Case& c : {Case{"异常度 3.2，门槛 2.8", "基础教育（声量异常，不限于单一事件）", false},
                        {"单一事件异常度 1.9，门槛 1.7", "基础教育（同一事件短时间内集中出现）", true},
                        {"累积偏高 5.1，门槛 5", "基础教育（声量持续偏高，不限于单一事件）", false}}) {
    Raised raised = sample_upgrade();
    raised.warning.kind = "burst";
    raised.warning.stream = "基础教育";
    raised.warning.story.clear();
    raised.warning.reasons.resize(1);
    Reason& reason = raised.warning.reasons[0];
    reason.criterion = "burst";
    reason.threshold = c.threshold;
    reason.lowers =
        "近 1、3、6、12、24 小时分别不多于 12、14、18、22、30 条即低于Ⅲ级门槛；"
        "近 1、3、6、12、24 小时分别不多于 7、10、13、15、19 条，且同一事件近 1、3、6、12、24 小时均不多于 3 条，"
        "且近 133 小时累计不多于 174 条（不计最近 1 条），即低于预警线；此后每天不多于 116 条，累积值即回落；已发出的由人办结";
    const Delivery delivery = plan_at(raised, sample_book_with_templates())[0];
    for (const std::string& part : {text_of(delivery), html_of(delivery)}) {
      CAPTURE(c.threshold);
      CHECK(has(part, c.said));
      CHECK(has(part, "不限于单一事件") != c.one_story);
      CHECK(has(part, reason.lowers));
    }
  }
}

TEST_CASE("every event and state gives a readable mail", "[alerting][plan]") {
  const Book book = sample_book_with_templates();
  for (int event = 0; event <= static_cast<int>(WarningEvent::returned); ++event)
    for (int state = 0; state <= static_cast<int>(WarningState::dismissed); ++state) {
      Raised raised = sample_upgrade();
      raised.change.event = static_cast<WarningEvent>(event);
      raised.change.actor = "王敏";
      raised.change.state = raised.warning.state = static_cast<WarningState>(state);
      for (const Delivery& each : plan_at(raised, book)) {
        if (each.channel == "hook") continue;
        const std::string html = html_of(each);
        CHECK(html.size() < 60'000);
        CHECK_FALSE(has(html, "{{"));
        CHECK_FALSE(has(text_of(each), "{{"));
      }
    }
}

TEST_CASE("messages of one warning are one thread for each recipient", "[alerting][plan]") {
  const Raised raised = sample_upgrade();
  const auto history = sample_history();
  const auto with = plan_at(raised, sample_book(), {nullptr, &history});
  const auto without = plan_at(raised, sample_book());
  const std::string first = "<" + stable_id("3f9a6c01d2e45b78:1:mail:duty@example.cn") + "@example.cn>";
  CHECK(header(parse_mail(with[0].body), "References") == first);
  CHECK(header(parse_mail(with[0].body), "In-Reply-To") == first);
  CHECK(header(parse_mail(without[0].body), "References") == first);
  CHECK(header(parse_mail(with[1].body), "References") == "");  // the chief's first message: he hears from Ⅱ on

  Raised opening = raised;
  opening.change.seq = 1;
  opening.change.event = WarningEvent::raised;
  CHECK(header(parse_mail(plan_at(opening, sample_book())[0].body), "References") == "");

  Raised later = raised;
  later.change.seq = 4;
  later.change.event = WarningEvent::acknowledged;
  const auto fourth = plan_at(later, sample_book(), {nullptr, &history});
  CHECK(header(parse_mail(fourth[1].body), "References") ==
        "<" + stable_id("3f9a6c01d2e45b78:3:mail:chief@example.cn") + "@example.cn>");
}

TEST_CASE("a hostile page cannot speak for us", "[alerting][plan]") {
  const std::string script = "<script>alert(1)</script>";
  Raised raised = sample_upgrade();
  Warning& w = raised.warning;
  w.title = "\u202E" + script + "\r\nBcc: all@example.cn\r\n" + std::string(40'000, '\'');
  w.schools = {script, "\"><img src=x onerror=alert(1)>"};
  w.assignee = script;
  for (Evidence& each : w.evidence) {
    each.url = "javascript:alert(1)";
    each.sentence = script + each.sentence + std::string(40'000, '<');
    each.source_name = script;
    each.title = "\" onmouseover=\"x" + script;
    each.snapshot_hash = script;
    each.rule = each.rule_version = script;
  }
  for (Reason& each : w.reasons) each.name = each.observed = each.expected = each.threshold = each.lowers = script;
  for (Clock& each : w.clocks) each.name = each.clause = script;
  raised.change.note = raised.change.actor = script;
  const Delivery delivery = plan_at(raised, sample_book_with_templates())[0];
  const Message mail = parse_mail(delivery.body);
  const std::string html = html_of(delivery);
  CHECK(header(mail, "Bcc") == "");
  CHECK_FALSE(has(html, "<script"));
  CHECK_FALSE(has(html, "<img"));
  CHECK_FALSE(has(html, "javascript:"));
  CHECK_FALSE(has(html, "onmouseover=\""));
  CHECK_FALSE(has(subject_of_mail(mail), "\u202E"));
  CHECK(html.size() < 60'000);
  CHECK(delivery.subject.size() < 400);
  for (const std::string& line : crlf_lines(delivery.body)) CHECK(line.size() <= 76);
}

TEST_CASE("a warning goes out even when a template is broken or missing", "[alerting][plan]") {
  Book book = sample_book();
  CHECK(check_templates(book));
  const Delivery plain = plan_at(sample_upgrade(), book)[0];
  CHECK(type_of(g_mime_message_get_mime_part(parse_mail(plain.body).get())) == "text/plain");
  for (const char* said : {"Ⅱ级橙色", "下午班里有七八个孩子肚子疼、呕吐。", "发布权威信息", "须经人工研判"}) CHECK(has(text_of(plain), said));

  book.template_html = "{{#open}}";
  REQUIRE_FALSE(check_templates(book));
  CHECK(check_templates(book).error().code == Errc::bad_config);
  book.template_text = "{{#open}}";
  CHECK(text_of(plan_at(sample_upgrade(), book)[0]) == text_of(plain));
  CHECK(check_templates(sample_book_with_templates()));
}

TEST_CASE("the shipped templates have no mistake", "[alerting][plan][templates]") {
  for (const char* name : {"warning.html.mustache", "warning.txt.mustache", "warning.dingtalk.mustache",
                           "warning.wecom.mustache", "warning.feishu.mustache"}) {
    const auto checked = check_template(name, shipped_template(name));
    INFO((checked ? std::string() : checked.error().detail));
    CHECK(checked);
  }
}

TEST_CASE("a channel's own template, and what a reader sees of it", "[alerting][plan][templates]") {
  Book book = sample_book_with_templates();
  const std::string title = sample_upgrade().warning.title;
  const Delivery shipped = plan_at(sample_upgrade(), book)[0];
  const Readable before = readable(shipped, book.channels[0]);
  CHECK(before.text == text_of(shipped));
  CHECK(has(before.html, "<html"));

  book.channels[0].template_text = "本局：{{title}}\n";
  const Delivery plain = plan_at(sample_upgrade(), book)[0];
  CHECK(type_of(g_mime_message_get_mime_part(parse_mail(plain.body).get())) == "text/plain");
  CHECK(readable(plain, book.channels[0]).text == "本局：" + title + "\n");
  CHECK(readable(plain, book.channels[0]).html.empty());

  book.channels[0].template_text = "<p>本局：{{title}}</p>\n";
  const Readable rich = readable(plan_at(sample_upgrade(), book)[0], book.channels[0]);
  CHECK(rich.html == "<p>本局：" + title + "</p>\n");
  CHECK(rich.text == before.text);

  for (const auto kind : {Channel::Kind::dingtalk, Channel::Kind::wecom, Channel::Kind::feishu}) {
    book.channels[0].kind = kind;
    book.channels[0].template_text = "### {{title}}\n\n{{lead}}\n";
    const Delivery robot = plan_at(sample_upgrade(), book)[0];
    CHECK(has(readable(robot, book.channels[0]).text, "### " + title + "\n"));
  }
  const Delivery hook = plan_at(sample_upgrade(), sample_book())[2];
  CHECK(readable(hook, sample_book().channels[1]).text == hook.body);
}

TEST_CASE("every channel can show the made-up warning", "[alerting][plan][templates]") {
  const Book book = sample_book_with_templates();
  const Raised raised = sample_raised(at("2026-04-15 22:40"));
  const auto deliveries = plan(raised, book, raised.change.at);
  REQUIRE(deliveries.size() == 4);
  for (const Delivery& each : deliveries) CHECK(has(each.subject, "（示例）"));
}

TEST_CASE("a notice goes to operators alone", "[alerting][plan]") {
  Book book = sample_book();
  book.recipients[1].operator_ = true;
  book.recipients[2].operator_ = true;
  book.recipients[1].opinion = false;
  const auto notices = plan_notice("信源静默", "领导留言板 12 天没有内容", "silent:board", book, at("2026-04-15 08:00"));
  REQUIRE(notices.size() == 2);
  for (const Delivery& each : notices) {
    CHECK(each.stream == "operator");
    CHECK(each.warning.empty());
    CHECK(each.key == "silent:board:" + each.channel + ":" + each.recipient);
    CHECK(each.subject == "【听潮运行】信源静默");
  }
  CHECK(has(text_of(notices[0]), "领导留言板 12 天没有内容"));
  CHECK(has(notices[1].body, "领导留言板 12 天没有内容"));
  CHECK(hearers(plan_at(sample_upgrade(), book)) == "值班员 平台 存档");  // the operator alone hears no opinion
}

TEST_CASE("a digest goes to those who asked for it", "[alerting][plan]") {
  Book book = sample_book();
  book.recipients[3].digest = true;
  const Digest digest = sample_digest(sample_day());
  const auto deliveries = plan_digest(digest, book, digest.to);
  CHECK(hearers(deliveries) == "值班员 存档");
  const Message mail = parse_mail(deliveries[0].body);
  CHECK(subject_of_mail(mail) == digest.subject);
  CHECK(header(mail, "List-Unsubscribe") == "<mailto:alert@example.cn?subject=unsubscribe>");
  CHECK(part_of_type(mail, "text/html").substr(0, 20'000) == digest.html.substr(0, 20'000));  // its end has a link
  CHECK(part_of_type(mail, "text/plain") == digest.text);
  CHECK(part_of_type(mail, "image/png") == digest.trend_png);
  CHECK(plan_digest(digest, book, digest.to + Seconds{60})[0].key == deliveries[0].key);  // one a period
}

TEST_CASE("what ends a warning says why its messages from before are not sent", "[plan]") {
  alerting::Raised raised = sample_upgrade();
  raised.change.note = "误报：家长核实\n并无此事";
  raised.change.event = WarningEvent::closed;
  CHECK(alerting::why_over(raised) == "预警已办结（误报：家长核实 并无此事），此前的消息不再发送");
  raised.change.event = WarningEvent::dismissed;
  raised.change.note = "外地的事";
  CHECK(alerting::why_over(raised) == "预警已排除（外地的事），此前的消息不再发送");
  for (int i = 0; i <= static_cast<int>(WarningEvent::returned); ++i) {
    raised.change.event = static_cast<WarningEvent>(i);
    const bool ends = raised.change.event == WarningEvent::closed || raised.change.event == WarningEvent::dismissed;
    CHECK(alerting::why_over(raised).empty() != ends);
  }
}

TEST_CASE("a subject without a count says what the gravest rule is called", "[plan]") {
  Raised raised = sample_upgrade();
  raised.warning.title = "食堂";
  raised.change.event = WarningEvent::raised;
  Reason gravest = raised.warning.reasons[0], share = gravest;
  gravest.observed = "规则命中的最重等次 A 类：多名学生餐后不适（规则 mass-sickness-after-meal，版本 1+217fcfef）";
  share.name = "负面情绪与诉求";
  share.observed = "负面 1 条，占 100%";
  raised.warning.reasons = {share, gravest};
  CHECK(plan_at(raised, sample_book())[0].subject == "【Ⅱ级橙色】食堂（多名学生餐后不适）");
  raised.warning.reasons = {share};
  CHECK(plan_at(raised, sample_book())[0].subject == "【Ⅱ级橙色】食堂（负面情绪与诉求 负面 1 条，占 100%）");
}

TEST_CASE("a document that several rules matched is told as one", "[plan]") {
  Raised raised = sample_upgrade();
  const auto history = sample_history();
  const std::size_t before = raised.warning.evidence.size();
  REQUIRE(before > 5);
  for (std::size_t at = 0; at < before; ++at) {
    Evidence again = raised.warning.evidence[at];
    again.rule = "another-rule";
    raised.warning.evidence.push_back(again);
  }
  const Background background{nullptr, &history};
  const std::string text = text_of(plan_at(raised, sample_book_with_templates(), background)[0]);
  CHECK(has(text, "新增原文 5 篇"));
  CHECK(has(text, "已留证 " + std::to_string(before) + " 篇"));
  CHECK(has(text, "另有 " + std::to_string(before - 5) + " 条留证未列出"));
  CHECK(has(text, "最重规则等级 A 类：食物中毒；"));  // the rule's id stands in the last lines alone
  CHECK(has(text, "命中规则："));
}

TEST_CASE("of a warning that is over no clock is said to run", "[plan]") {
  Raised raised = sample_upgrade();
  raised.change.event = WarningEvent::dismissed;
  raised.change.note = "外地的事";
  raised.change.actor = "王敏";
  raised.change.state = raised.warning.state = WarningState::dismissed;
  raised.warning.state_since = raised.change.at;
  REQUIRE(raised.warning.clocks.size() >= 2);
  raised.warning.clocks[0].due = raised.change.at - Seconds{60};  // missed before
  raised.warning.clocks[1].due = raised.change.at + Seconds{3600};
  const Delivery delivery = plan_at(raised, sample_book_with_templates())[0];
  for (const std::string& part : {text_of(delivery), html_of(delivery)}) {
    CHECK(has(part, "本件已排除"));
    CHECK(has(part, "到期未完成"));
    CHECK(has(part, "不再计时"));
    CHECK_FALSE(has(part, "还剩"));
    CHECK_FALSE(has(part, "回落"));
    CHECK(has(part, "reopen"));
  }
}
