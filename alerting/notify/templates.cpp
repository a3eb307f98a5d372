// The engine tells a mistake by its offset and knows nothing of names; so tags are walked here, with the
// values of the made-up warning at hand: a section goes down into its first row, as the engine would.
#include "alerting/notify/templates.h"

#include <set>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "alerting/notify/mail_text.h"
#include "core/utf8.h"

namespace tingchao::alerting {
namespace {

namespace json = boost::json;

struct Tag {
  char kind = 0;  // '#', '^', '/', '!', '>', '=', or 0 of a value
  std::string name;
  int line = 1;
};

struct Section {
  Tag tag;
  const json::value* values = nullptr;  // of its first row; null: those around it
};

class Walk {
 public:
  Walk(std::string_view name, std::string_view text, const json::value& values) : name_(name), text_(text) {
    open_.push_back({{}, &values});
  }

  std::string mistakes() {
    for (std::size_t at = 0; (at = text_.find("{{", at)) != text_.npos;) {
      const bool triple = text_.substr(at).starts_with("{{{");
      const std::size_t begin = at + (triple ? 3 : 2), end = text_.find(triple ? "}}}" : "}}", begin);
      const int line = line_of(at);
      if (end == text_.npos) {
        tell(line, triple ? "“{{{”没有结尾" : "“{{”没有结尾", triple ? "补上“}}}”" : "补上“}}”");
        break;
      }
      look(tag_of(text_.substr(begin, end - begin), line));
      at = end + (triple ? 3 : 2);
    }
    for (std::size_t at = 1; at < open_.size(); ++at)
      tell(open_[at].tag.line, fmt::format("“{{{{{}{}}}}}”没有结束", open_[at].tag.kind, open_[at].tag.name),
           fmt::format("在段落之后补上“{{{{/{}}}}}”", open_[at].tag.name));
    return found_;
  }

 private:
  int line_of(std::size_t at) const {
    return 1 +
           static_cast<int>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }

  static Tag tag_of(std::string_view inside, int line) {
    Tag tag;
    tag.line = line;
    inside = trim(inside);
    if (!inside.empty() && std::string_view("#^/!>=&").find(inside.front()) != std::string_view::npos) {
      tag.kind = inside.front() == '&' ? '\0' : inside.front();
      inside = trim(inside.substr(1));
    }
    tag.name = std::string(inside);
    return tag;
  }

  void tell(int line, const std::string& what, const std::string& mend) {
    found_ += fmt::format("{}{}:{}: {}（{}）", found_.empty() ? "" : "\n", name_, line, what, mend);
  }

  // The value that a name has here: of the innermost row that has one. The row itself is ".".
  const json::value* value_of(const std::string& name) const {
    for (std::size_t at = open_.size(); at-- > 0;) {
      const json::value* values = open_[at].values;
      if (!values) continue;
      if (name == ".") return values;
      if (const auto* object = values->if_object())
        if (const auto* value = object->if_contains(name)) return value;
    }
    return nullptr;
  }

  std::string names_here() const {
    std::string names;
    std::set<std::string_view> told;
    for (std::size_t at = open_.size(); at-- > 0;) {
      const json::object* object = open_[at].values ? open_[at].values->if_object() : nullptr;
      if (!object) continue;
      for (const auto& member : *object)
        if (told.insert(member.key()).second)
          names += (names.empty() ? "" : "、") + std::string(member.key());
    }
    return names;
  }

  void look(const Tag& tag) {
    if (tag.kind == '!') return;
    if (tag.kind == '>') return tell(tag.line, "“{{>" + tag.name + "}}”：不能引入别的模板", "把内容写在这里");
    if (tag.kind == '=') return tell(tag.line, "不能更换标签的括号", "删去这一行，用“{{”和“}}”");
    if (tag.name.empty()) return tell(tag.line, "标签里没有名称", "此处可用：" + names_here());
    if (tag.kind == '/') return close(tag);
    const json::value* value = value_of(tag.name);
    if (!value) tell(tag.line, "没有名为“" + tag.name + "”的值", "此处可用：" + names_here());
    if (tag.kind == '#' || tag.kind == '^') open_.push_back({tag, tag.kind == '#' ? row_of(value) : nullptr});
  }

  static const json::value* row_of(const json::value* value) {
    if (!value) return nullptr;
    if (const auto* rows = value->if_array()) return rows->empty() ? nullptr : &rows->front();
    return value->is_object() ? value : nullptr;
  }

  void close(const Tag& tag) {
    if (open_.size() > 1 && open_.back().tag.name == tag.name) {
      open_.pop_back();
      return;
    }
    const std::string words = "“{{/" + tag.name + "}}”";
    if (open_.size() == 1)
      return tell(tag.line, words + "没有对应的开头", "删去它，或在前面补上“{{#" + tag.name + "}}”");
    const Tag& inner = open_.back().tag;
    tell(tag.line, fmt::format("{}之前，第 {} 行的“{}”还没有结束", words, inner.line, inner.name),
         "先写“{{/" + inner.name + "}}”");
    while (open_.size() > 1) {
      const bool same = open_.back().tag.name == tag.name;
      open_.pop_back();
      if (same) break;
    }
  }

  std::string_view name_, text_;
  std::vector<Section> open_;
  std::string found_;
};

}  // namespace

Result<void> check_template(std::string_view name, std::string_view text) {
  if (trim(text).empty())
    return Error{Errc::bad_config, std::string(name) + ":1: 模板是空的",
                 "写入内容，或去掉 template，用自带的模板"};
  const Raised sample = sample_raised(Time{});
  Book book;
  book.base_url = "https://tingchao.example.cn";
  const json::value values = warning_view(sample, book, {}, nullptr, sample.change.at);
  std::string found = Walk(name, text, values).mistakes();
  if (found.empty()) return {};
  return Error{Errc::bad_config, std::move(found), "改好后用 tingchao notify preview 查看"};
}

Raised sample_raised(Time now) {
  Raised raised;
  Warning& w = raised.warning;
  w.id = "0000000000000000";
  w.title = "（示例）某某区实验小学多名学生就餐后不适，家长质疑食堂食品安全";
  w.level = {"Ⅱ", "橙", "重大", 2};
  w.level_peak = w.level;
  w.score = 82.5;
  w.topics = {"校园安全/食品安全"};
  w.schools = {"某某区实验小学"};
  w.measure_version = "示例";
  w.raised_at = w.changed_at = w.state_since = now;
  w.evidence.push_back({"d1", "https://www.example.cn/1.html", "示例论坛", "孩子中午吃完饭肚子疼",
                        "下午班里有七八个孩子肚子疼、呕吐。", "food-poisoning", "食物中毒", "示例",
                        std::string(64, '0'), now, now});
  w.reasons.push_back({"severity",
                       "性质严重程度",
                       "最重规则等级 A 类：食物中毒",
                       "",
                       "C 类起计分，A 类满分",
                       41.3,
                       "经核实命中内容不实、属演练或与本地学校无关",
                       {"d1"}});
  w.reasons.push_back({"growth",
                       "增长速度",
                       "6 小时 18 条",
                       "1.5 条",
                       "异常度 5.2",
                       21.8,
                       "最近 6 小时新增条数回到此前水平",
                       {"d1"}});
  w.clocks.push_back(
      {"information", "发布权威信息", "国办发〔2016〕80号", now, now + std::chrono::hours{5}, {}, 0});
  w.changes = 1;
  raised.change.warning = w.id;
  raised.change.seq = 1;
  raised.change.at = now;
  raised.change.level = w.level;
  raised.change.actor = "measure";
  raised.change.note = "这是一条示例，不是预警";
  raised.change.reasons = w.reasons;
  return raised;
}

}  // namespace tingchao::alerting
