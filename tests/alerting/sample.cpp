// Texts are written for the tests; spans are found in them, never counted by hand.
#include "tests/alerting/sample.h"

#include <algorithm>

#include <cstdlib>

#include "core/hash.h"

namespace tingchao::tests {
namespace {

using alerting::Book;
using alerting::Channel;
using alerting::Raised;
using alerting::Recipient;
using alerting::ReportedDocument;
using alerting::ReportedStory;

Evidence evidence(const char* source, const char* when, const char* title, const char* sentence) {
  Evidence made;
  made.source_name = source;
  made.title = title;
  made.sentence = sentence;
  made.url = std::string("https://www.example.cn/t/") + stable_id(sentence) + ".html";
  made.document = stable_id(made.url);
  made.rule = "food-poisoning";
  made.rule_name = "食物中毒";
  made.rule_version = "2026.04";
  made.snapshot_hash = sha256_hex(sentence);
  made.published_at = at(when);
  made.seen_at = at(when) + Seconds{240};
  return made;
}

Reason reason(const char* criterion, const char* name, const char* observed, const char* expected,
              const char* threshold, double points, const char* lowers) {
  Reason made;
  made.criterion = criterion;
  made.name = name;
  made.observed = observed;
  made.expected = expected;
  made.threshold = threshold;
  made.points = points;
  made.lowers = lowers;
  return made;
}

Clock clock(const char* id, const char* name, const char* clause, const char* started, const char* due) {
  Clock made;
  made.id = id;
  made.name = name;
  made.clause = clause;
  made.started = at(started);
  made.due = at(due);
  return made;
}

std::vector<Reason> sample_reasons() {
  return {reason("severity", "性质严重程度", "最重规则等级 A 类：食物中毒（规则 food-poisoning，版本 2026.04）", "",
                 "C 类起计分，A 类满分", 41.3, "经核实命中内容不实、属演练或与本地学校无关；无此项为 43.9 分"),
          reason("growth", "增长速度", "6 小时 18 条", "1.5 条", "异常度 5.2，1 起计分，6 满分", 21.8,
                 "最近 6 小时新增条数回到此前水平；无此项为 62.4 分"),
          reason("reach", "传播范围", "来源 6 个", "", "1 起计分，10 满分", 12.4, "退出热榜，不再有新信源、新媒体跟进；无此项为 70.1 分"),
          reason("stance", "负面情绪与诉求", "负面 11 条，占 61%", "", "30% 起计分，90% 满分", 7.0,
                 "及时回应诉求，负面占比下降；无此项为 76.2 分")};
}

ReportedDocument document(const char* source, const char* medium, const char* when, const char* title, const char* body,
                          const char* telling, StanceLabel stance) {
  ReportedDocument made;
  Document& d = made.document;
  d.url = std::string("https://www.example.cn/a/") + stable_id(std::string(title) + body) + ".html";
  d.id = stable_id(d.url);
  d.source = stable_id(source);
  d.source_name = source;
  d.medium = medium;
  d.title = title;
  d.body = body;
  d.published_at = at(when);
  d.fetched_at = at(when) + Seconds{300};
  made.analysis.document = d.id;
  made.analysis.stance.label = stance;
  made.analysis.topics = {"校园安全/食品安全"};
  const std::size_t begin = d.body.find(telling);
  if (*telling == 0 || begin == std::string::npos) return made;
  const auto end = begin + std::string_view(telling).size();
  RuleMatch match;
  match.rule = "food-poisoning";
  match.severity = Severity::a;
  Hit hit;
  hit.sentence = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  hit.span = hit.sentence;
  match.hits.push_back(hit);
  made.analysis.matches.push_back(match);
  return made;
}

Story story(const char* id, const char* title, int documents, const char* first, const char* newest) {
  Story made;
  made.id = id;
  made.title = title;
  made.documents = documents;
  made.origins_total = documents / 3 + 1;
  made.sources = {"a", "b", "c"};
  made.first_seen = at(first);
  made.newest = at(newest);
  made.negative = documents / 2;
  made.media = {{"news", documents - documents / 2}, {"forum", documents / 2}};
  return made;
}

std::vector<ReportedStory> sample_stories() {
  std::vector<ReportedStory> stories;
  stories.push_back({sample_story(),
                     {document("青溪论坛", "forum", "2026-04-15 17:58", "实验小学孩子中午吃完饭都在拉肚子，有没有一样的？",
                               "孩子三年级。今天中午在食堂吃的盖浇饭，下午班里有七八个孩子肚子疼、呕吐。老师让家长来接。"
                               "希望学校和教育局给个说法。", "下午班里有七八个孩子肚子疼、呕吐。", StanceLabel::negative),
                      document("青溪在线", "news", "2026-04-15 20:12", "青溪一小学多名学生就餐后不适，市场监管部门介入",
                               "4月15日，青溪区实验小学多名学生午餐后出现腹痛、呕吐等症状。记者从区市场监管局获悉，执法人员已封存留样食品并送检。",
                               "执法人员已封存留样食品并送检。", StanceLabel::neutral),
                      document("青溪发布", "official", "2026-04-15 23:05", "关于实验小学部分学生身体不适的情况通报",
                               "截至22时，23名学生就诊，均已脱离不适，无重症。学校食堂已停业，供餐单位正在接受调查。",
                               "截至22时，23名学生就诊，均已脱离不适，无重症。", StanceLabel::neutral)}});
  stories.front().story.official_answer = stories.front().documents.back().document.id;
  stories.push_back({story("s2", "云岭中学初三延时服务被指“自愿变强制”", 7, "2026-04-15 08:20", "2026-04-15 19:44"),
                     {document("领导留言板", "board", "2026-04-15 08:20", "云岭中学晚自习到底是不是自愿",
                               "学校发了自愿书，可是不签的孩子被单独安排在走廊。请问教育局知道吗？收费标准又是什么？",
                               "学校发了自愿书，可是不签的孩子被单独安排在走廊。", StanceLabel::negative)}});
  stories.push_back({story("s3", "城北新区学位紧张，家长询问秋季入学划片", 5, "2026-04-15 10:02", "2026-04-15 16:30"),
                     {document("青溪论坛", "forum", "2026-04-15 10:02", "城北今年到底怎么划片",
                               "小区交房两年了，划片方案一直没出来。希望尽快公布，让家长心里有数。",
                               "", StanceLabel::neutral)}});
  return stories;
}

void add_trend(alerting::DigestInput& input) {
  constexpr int counts[] = {2, 1, 0, 0, 0, 1, 3, 9, 14, 12, 11, 10, 13, 12, 9, 10, 11, 14, 31, 44, 52, 40, 28, 15};
  for (int hour = 0; hour < 24; ++hour) {
    const Time when = input.from + std::chrono::hours{hour};
    input.trend.emplace_back(when, counts[hour]);
    input.trend_negative.emplace_back(when, counts[hour] / (hour > 17 ? 3 : 9));
    input.documents += counts[hour];
  }
}

}  // namespace

Time at(const char* text) {
  const auto time = parse_time(text);
  TINGCHAO_ASSERT(time.has_value());
  return *time;
}

Story sample_story() {
  Story made = story("s1", "青溪区实验小学多名学生就餐后呕吐", 18, "2026-04-15 17:58", "2026-04-15 22:36");
  made.sources = {"a", "b", "c", "d", "e", "f"};
  made.negative = 11;
  made.hot_rank_best = 17;
  return made;
}

Raised sample_upgrade() {
  Warning w;
  w.id = "3f9a6c01d2e45b78";
  w.story = "s1";
  w.title = "青溪区实验小学多名学生就餐后呕吐，家长质疑食堂食品安全";
  w.level = orange;
  w.level_peak = orange;
  w.score = 82.5;
  w.topics = {"校园安全/食品安全", "家校关系"};
  w.schools = {"青溪区实验小学"};
  w.reasons = sample_reasons();
  w.evidence = {
      evidence("青溪论坛", "2026-04-15 17:58", "实验小学孩子中午吃完饭都在拉肚子，有没有一样的？", "下午班里有七八个孩子肚子疼、呕吐。"),
      evidence("青溪在线", "2026-04-15 20:12", "青溪一小学多名学生就餐后不适，市场监管部门介入", "执法人员已封存留样食品并送检。"),
      evidence("领导留言板", "2026-04-15 20:40", "请公布实验小学食堂检测结果", "我们只想知道孩子吃了什么，检测结果什么时候公布？"),
      evidence("青溪论坛", "2026-04-15 21:15", "实验小学的进来", "群里统计已经有二十三个孩子去了医院。"),
      evidence("都市新闻网", "2026-04-15 22:03", "青溪区一小学学生疑似食物中毒 当地回应", "区教体局工作人员表示，正在了解情况。"),
      evidence("热榜", "2026-04-15 22:20", "小学多名学生食堂就餐后呕吐", "小学多名学生食堂就餐后呕吐")};
  w.clocks = {clock("information", "发布权威信息", "国办发〔2016〕80号", "2026-04-15 18:10", "2026-04-15 23:10"),
              clock("press", "召开新闻发布会", "国办发〔2016〕80号", "2026-04-15 22:40", "2026-04-16 22:40")};
  w.raised_at = at("2026-04-15 18:10");
  w.changed_at = at("2026-04-15 22:40");
  w.measure_version = "1-9c41d7";
  w.changes = 3;
  WarningChange change;
  change.warning = w.id;
  change.seq = 3;
  change.at = w.changed_at;
  change.event = WarningEvent::upgraded;
  change.level = orange;
  change.level_before = yellow;
  change.actor = "measure";
  change.reasons = w.reasons;
  return {w, change};
}

std::vector<WarningChange> sample_history() {
  const Raised now = sample_upgrade();
  WarningChange first = now.change;
  first.seq = 1;
  first.at = at("2026-04-15 18:10");
  first.event = WarningEvent::raised;
  first.level = yellow;
  first.level_before.reset();
  first.reasons = {now.warning.reasons[0], now.warning.reasons[2]};
  first.reasons[1].observed = "来源 2 个";
  WarningChange comment = first;
  comment.seq = 2;
  comment.at = at("2026-04-15 19:00");
  comment.event = WarningEvent::commented;
  comment.actor = "王敏";
  comment.note = "已电话联系学校";
  comment.reasons.clear();
  return {first, comment, now.change};
}

Book sample_book() {
  Book book;
  Channel mail, hook, files;
  mail.id = "mail";
  mail.host = "smtp.example.cn";
  mail.from = "听潮预警 <alert@example.cn>";
  hook.id = "hook";
  hook.kind = Channel::Kind::webhook;
  hook.url = "https://hook.example.cn/v1";
  hook.secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  files.id = "files";
  files.kind = Channel::Kind::spool;
  files.directory = "/nonexistent";
  book.channels = {mail, hook, files};
  const auto recipient = [](const char* name, const char* channel, const char* address, int rank) {
    Recipient made;
    made.name = name;
    made.channel = channel;
    made.address = address;
    made.level_rank_max = rank;
    return made;
  };
  book.recipients = {recipient("值班员", "mail", "duty@example.cn", 4), recipient("分管局长", "mail", "chief@example.cn", 2),
                     recipient("平台", "hook", "", 3), recipient("存档", "files", "", 4)};
  book.recipients[0].digest = true;
  book.bureau = "青溪区教育和体育局";
  book.base_url = "https://tingchao.example.cn";
  book.mail_domain = "example.cn";
  return book;
}

Book sample_book_with_templates() {
  Book book = sample_book();
  book.template_html = shipped_template("warning.html.mustache");
  book.template_text = shipped_template("warning.txt.mustache");
  return book;
}

alerting::DigestInput sample_day() {
  alerting::DigestInput input;
  input.bureau = "青溪区教育和体育局";
  input.from = at("2026-04-15 00:00");
  input.to = at("2026-04-16 00:00");
  input.base_url = "https://tingchao.example.cn";
  input.mail_domain = "example.cn";
  input.stories = sample_stories();
  add_trend(input);
  input.documents_before = 278;
  input.topics = {{"校园安全/食品安全", 96}, {"招生入学/划片", 41}, {"课后服务/收费", 33}, {"师德师风", 12}, {"校园安全/交通", 9}};
  Warning first = sample_upgrade().warning;
  Warning second = first;
  second.id = "77ab09d1c2e3f405";
  second.story = "s2";
  second.title = "云岭中学初三延时服务被指“自愿变强制”";
  second.level = yellow;
  second.score = 58.1;
  second.state = WarningState::assigned;
  second.assignee = "基础教育科";
  second.clocks = {clock("response", "公开回应", "国办发〔2016〕61号", "2026-04-15 09:00", "2026-04-17 09:00")};
  second.raised_at = at("2026-04-15 09:00");
  input.warnings = {first, second};
  const Story near = story("s4", "青溪五中门口早高峰拥堵，网友建议增设护学岗", 3, "2026-04-15 07:40", "2026-04-15 12:10");
  input.near_misses.push_back({near,
                               {document("青溪论坛", "forum", "2026-04-15 07:40", "五中门口天天堵",
                                         "早上七点四十到八点，五中门口双向都走不动，孩子只能在车流里穿。", "", StanceLabel::negative)}});
  alerting::Appraisal appraisal;
  appraisal.raw = appraisal.score = 33.7;
  appraisal.needed = 35;
  appraisal.reasons = {{"severity", "性质严重程度", "C 类（规则 road-safety）", "", "", 22, "", {}}};
  input.near_misses.back().appraisal = appraisal;
  input.unlisted.push_back(document("青溪论坛", "forum", "2026-04-15 14:30", "延时班改成社团听证",
                                    "听证会只给了三天时间，家里老人接孩子的事没人问过。", "", StanceLabel::neutral));
  input.good_news.push_back(document("青溪日报", "news", "2026-04-15 09:30", "青溪区第八届校园足球联赛开幕",
                                     "来自32所学校的640名小球员参加本届联赛。开幕式上，孩子们表演了足球操。", "", StanceLabel::positive));
  SourceHealth good, silent, failed;
  good.source = "qingxi-online";
  good.last_success = good.last_document = at("2026-04-15 23:40");
  silent.source = "qingxi-board";
  silent.last_success = at("2026-04-15 23:30");
  silent.last_document = at("2026-04-03 10:00");
  failed.source = "city-news";
  failed.last_success = at("2026-04-14 02:00");
  failed.last_document = at("2026-04-14 01:00");
  failed.failures = 37;
  failed.last_error = "www.example.cn: 连接超时";
  input.sources = {good, silent, failed};
  input.source_names = {{"qingxi-online", "青溪在线"}, {"qingxi-board", "领导留言板"}, {"city-news", "都市新闻网"}};
  return input;
}

alerting::SpecialInput sample_special() {
  const alerting::DigestInput day = sample_day();
  alerting::SpecialInput input;
  input.bureau = day.bureau;
  input.now = at("2026-04-15 22:45");
  input.story = day.stories.front().story;
  input.documents = day.stories.front().documents;
  std::stable_sort(input.documents.begin(), input.documents.end(), [](const auto& a, const auto& b) {
    return effective_time(a.document) < effective_time(b.document);
  });
  for (alerting::ReportedDocument& each : input.documents)
    if (each.document.id == input.story.official_answer) each.document.official = true;
  input.warning = sample_upgrade().warning;
  input.history = sample_history();
  input.base_url = day.base_url;
  input.mail_domain = day.mail_domain;
  return input;
}

alerting::Digest sample_special_digest(const alerting::SpecialInput& input) {
  auto digest = alerting::compose_special(input, shipped_template("special.html.mustache"),
                                          shipped_template("special.txt.mustache"));
  TINGCHAO_ASSERT(digest.has_value());
  return *digest;
}

alerting::DigestInput sample_empty_day() {
  alerting::DigestInput input = sample_day();
  input.stories.clear();
  input.warnings.clear();
  input.near_misses.clear();
  input.unlisted.clear();
  input.good_news.clear();
  input.topics.clear();
  input.documents = 0;
  for (auto* trend : {&input.trend, &input.trend_negative})
    for (auto& bucket : *trend) bucket.second = 0;
  return input;
}

std::string shipped_template(const std::string& name) {
  std::ifstream file(TINGCHAO_SOURCE_DIR "/rules/templates/" + name, std::ios::binary);
  TINGCHAO_ASSERT(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

alerting::Digest sample_digest(const alerting::DigestInput& input) {
  const std::string html = shipped_template("digest.html.mustache"), text = shipped_template("digest.txt.mustache");
  auto digest = alerting::compose(input, html, text);
  TINGCHAO_ASSERT(digest.has_value());
  return *digest;
}

}  // namespace tingchao::tests
