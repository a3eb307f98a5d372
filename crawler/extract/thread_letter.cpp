// Pages of 12345 lines, mayors' and leaders' mailboxes are forms: a label before each value, in tables, lists
// or loose lines. Only the labels are looked for; a value runs to the next label or to the page's foot.

#include <bitset>
#include <functional>
#include <utility>

#include "core/utf8.h"
#include "crawler/extract/dom_query.h"
#include "crawler/extract/thread.h"

namespace tingchao::crawler {
namespace {

enum class Field { none, title, asked, asked_at, answered, answered_at, office, other };

struct Label {
  std::string_view text;
  Field field;
};

// Those that begin with one another stand longest first.
constexpr Label labels[] = {
    {"信件标题", Field::title},       {"来信标题", Field::title},       {"留言标题", Field::title},
    {"诉求标题", Field::title},       {"咨询标题", Field::title},       {"信件主题", Field::title},
    {"来信主题", Field::title},       {"留言主题", Field::title},       {"问题标题", Field::title},
    {"标题", Field::title},           {"主题", Field::title},           {"信件内容", Field::asked},
    {"来信内容", Field::asked},       {"留言内容", Field::asked},       {"诉求内容", Field::asked},
    {"咨询内容", Field::asked},       {"问题描述", Field::asked},       {"问题内容", Field::asked},
    {"写信内容", Field::asked},       {"来件内容", Field::asked},       {"投诉内容", Field::asked},
    {"提问内容", Field::asked},       {"网民留言", Field::asked},       {"来信时间", Field::asked_at},
    {"写信时间", Field::asked_at},    {"留言时间", Field::asked_at},    {"提交时间", Field::asked_at},
    {"咨询时间", Field::asked_at},    {"诉求时间", Field::asked_at},    {"来件时间", Field::asked_at},
    {"提问时间", Field::asked_at},    {"来信日期", Field::asked_at},    {"留言日期", Field::asked_at},
    {"发布时间", Field::asked_at},    {"答复内容", Field::answered},    {"回复内容", Field::answered},
    {"办理结果", Field::answered},    {"处理结果", Field::answered},    {"答复意见", Field::answered},
    {"回复意见", Field::answered},    {"办理情况", Field::answered},    {"官方回复", Field::answered},
    {"回复结果", Field::answered},    {"答复情况", Field::answered},    {"官方答复", Field::answered},
    {"部门回复", Field::answered},    {"答复时间", Field::answered_at}, {"回复时间", Field::answered_at},
    {"办结时间", Field::answered_at}, {"办理时间", Field::answered_at}, {"答复日期", Field::answered_at},
    {"回复日期", Field::answered_at}, {"处理时间", Field::answered_at}, {"答复单位", Field::office},
    {"回复单位", Field::office},      {"答复部门", Field::office},      {"回复部门", Field::office},
    {"办理单位", Field::office},      {"受理单位", Field::office},      {"处理部门", Field::office},
    {"办理部门", Field::office},      {"答复机构", Field::office},      {"信件编号", Field::other},
    {"来信编号", Field::other},       {"留言编号", Field::other},       {"受理编号", Field::other},
    {"信件类型", Field::other},       {"来信类型", Field::other},       {"留言类型", Field::other},
    {"诉求类型", Field::other},       {"信件类别", Field::other},       {"问题类型", Field::other},
    {"写信人", Field::other},         {"来信人", Field::other},         {"留言人", Field::other},
    {"姓名", Field::other},           {"办理状态", Field::other},       {"信件状态", Field::other},
    {"处理状态", Field::other},       {"当前状态", Field::other},       {"状态", Field::other},
    {"浏览次数", Field::other},       {"满意度", Field::other},         {"评价", Field::other},
    {"附件", Field::other},           {"是否公开", Field::other},       {"联系电话", Field::other},
    {"来信对象", Field::other},       {"所属区域", Field::other},       {"信件来源", Field::other}};

struct Labelled {
  Field field = Field::none;
  std::string_view value;
};

// Whether some label begins as the line does, by its first two characters: most lines are done with here.
bool may_be_label(std::string_view line) {
  constexpr std::size_t head = 6, places = 4096;
  static const std::bitset<places> heads = [] {
    std::bitset<places> set;
    for (const Label& label : labels)
      set.set(std::hash<std::string_view>{}(label.text.substr(0, head)) % places);
    return set;
  }();
  return line.size() >= head && heads.test(std::hash<std::string_view>{}(line.substr(0, head)) % places);
}

// The label that the line begins with: alone, or with a colon or a blank behind it.
Labelled labelled(std::string_view line) {
  for (const std::string_view bracket : {"【", "["}) {
    if (line.starts_with(bracket)) line.remove_prefix(bracket.size());
  }
  if (!may_be_label(line)) return {};
  for (const Label& label : labels) {
    if (!line.starts_with(label.text)) continue;
    std::string_view rest = line.substr(label.text.size());
    bool apart = rest.empty() || rest.front() == ' ';
    for (const std::string_view sign : {"】", "]", "：", ":"}) {
      rest = trim(rest);
      if (!rest.starts_with(sign)) continue;
      rest.remove_prefix(sign.size());
      apart = true;
    }
    if (apart) return {label.field, trim(rest)};
  }
  return {};
}

bool ends_the_form(const Line& line) {
  if (line.words > 40) return false;
  return contains_any(
      line.text, {"版权所有", "ICP备", "上一篇", "下一篇", "打印", "关闭窗口", "主办单位", "主办：", "承办：",
                  "网站地图", "返回列表", "我要评价", "满意度调查", "Copyright", "联系我们"});
}

struct Letter {
  std::string title, asked, answered, office;
  std::optional<DateReading> asked_at, answered_at;
};

void append(std::string& text, std::string_view line) {
  if (line.empty()) return;
  if (!text.empty()) text.push_back('\n');
  text += line;
}

void put(Letter& letter, Field field, std::string_view value, Time now) {
  const auto moment = [&](std::optional<DateReading>& at) {
    if (!at) at = read_date(value, now);
  };
  switch (field) {
    case Field::title:
      append(letter.title, value);
      break;
    case Field::office:
      append(letter.office, value);
      break;
    case Field::asked_at:
      moment(letter.asked_at);
      break;
    case Field::answered_at:
      moment(letter.answered_at);
      break;
    case Field::asked:
      append(letter.asked, value);
      break;
    case Field::answered:
      append(letter.answered, value);
      break;
    case Field::none:
    case Field::other:
      break;
  }
}

// The smallest element around all labels of texts and moments: what stands behind it is the page's.
NodeId form_of(const ParsedPage& parsed) {
  const Dom& dom = parsed.dom();
  NodeId form = no_node;
  for (const Line& line : parsed.view().lines) {
    const Field field = labelled(line.text).field;
    if (field != Field::asked && field != Field::answered && field != Field::asked_at &&
        field != Field::answered_at)
      continue;
    if (form == no_node) form = dom.parent(line.node);
    while (form != no_node && !dom.contains(form, line.last)) form = dom.parent(form);
  }
  return form == no_node ? Dom::root() : form;
}

Letter letter_of(const ParsedPage& parsed) {
  Letter letter;
  Field open = Field::none;
  const NodeId form = form_of(parsed);
  for (const Line& line : parsed.view().lines) {
    if (line.node >= parsed.dom().end(form)) {
      // A last label may stand in an element of its own, its text beside it.
      const bool beside = (open == Field::answered && letter.answered.empty()) ||
                          (open == Field::asked && letter.asked.empty());
      if (!beside) break;
    }
    const bool in_text = open == Field::asked || open == Field::answered;
    if (in_text && ends_the_form(line)) open = Field::none;
    const Labelled found = labelled(line.text);
    if (found.field == Field::none) {
      // What follows a label that had its value is not the value of anything, but for texts of several lines.
      put(letter, open, line.text, parsed.page().fetched_at);
      if (open != Field::asked && open != Field::answered) open = Field::none;
      continue;
    }
    put(letter, found.field, found.value, parsed.page().fetched_at);
    const bool text = found.field == Field::asked || found.field == Field::answered;
    open = text || found.value.empty() ? found.field : Field::none;
  }
  return letter;
}

// Several labels on a line, none before the texts: 咨询人：… 咨询时间：… | the question | 答复单位：…
// 答复时间：… | the answer.
Field moment_in(std::string_view line, bool asked) {
  for (const Label& label : labels) {
    const bool wanted = asked ? label.field == Field::asked_at && label.text != "发布时间"
                              : label.field == Field::answered_at || label.field == Field::office;
    if (!wanted) continue;
    const std::size_t at = line.find(label.text);
    if (at == line.npos) continue;
    const std::string_view rest = trim(line.substr(at + label.text.size()));
    if (rest.starts_with("：") || rest.starts_with(":")) return label.field;
  }
  return Field::none;
}

Letter loose_letter_of(const ParsedPage& parsed) {
  Letter letter;
  Field open = Field::none;
  for (const Line& line : parsed.view().lines) {
    if (open != Field::none && ends_the_form(line)) break;
    const bool is_short = line.words <= 60;
    const NodeId holder = parsed.dom().parent(line.node);
    if (open == Field::none && line.words >= 4 && line.linked == 0 && line.text.size() < 200 &&
        (is_heading(parsed.dom().tag(holder)) ||
         contains_any(names_of(parsed.dom(), holder), {"title", "subject"})))
      letter.title = line.text;
    if (is_short && open == Field::none && moment_in(line.text, true) != Field::none) {
      open = Field::asked;
      letter.asked_at = read_date(line.text, parsed.page().fetched_at);
      continue;
    }
    if (is_short && open != Field::none && moment_in(line.text, false) != Field::none) {
      if (letter.asked.empty()) return {};
      open = Field::answered;
      if (!letter.answered_at) letter.answered_at = read_date(line.text, parsed.page().fetched_at);
      continue;
    }
    if (open == Field::none || line.linked * 2 > line.words || labelled(line.text).field != Field::none)
      continue;
    std::string_view text = line.text;
    const std::string_view sign = open == Field::asked ? "问" : "答";
    if (text.starts_with(sign) && line.words > 12) text.remove_prefix(sign.size());
    const bool own = line.marks > 0 && line.words >= 8;
    if (!own) continue;
    append(open == Field::asked ? letter.asked : letter.answered, text);
  }
  if (!letter.asked_at || !letter.answered_at) return {};
  return letter;
}

}  // namespace

std::optional<Thread> letter_thread(const ParsedPage& parsed) {
  Letter letter = letter_of(parsed);
  if (count_chars(letter.asked) < 8 || count_chars(letter.answered) < 4) letter = loose_letter_of(parsed);
  if (count_chars(letter.asked) < 8 || count_chars(letter.answered) < 4) return std::nullopt;
  Thread thread;
  thread.engine = "letter";
  thread.title = letter.title;
  Post question, answer;
  question.body = std::move(letter.asked);
  question.at = letter.asked_at;
  question.floor = 1;
  answer.body = std::move(letter.answered);
  answer.at = letter.answered_at;
  answer.author = std::move(letter.office);
  answer.floor = 2;
  thread.posts.push_back(std::move(question));
  thread.posts.push_back(std::move(answer));
  return thread;
}

}  // namespace tingchao::crawler
