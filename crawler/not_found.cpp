#include "crawler/not_found.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <cstdio>

#include "core/hash.h"
#include "core/utf8.h"

namespace tingchao::crawler {
namespace {

constexpr std::size_t short_body_bytes = 360;  // 120 Chinese characters
constexpr std::size_t title_bytes_max = 120;
constexpr std::size_t gram_bytes = 12;  // four Chinese characters
constexpr double alike = 0.9;
constexpr std::size_t text_bytes_max = 64 << 10;  // 4,000 grams: more is no page of an error

// A notice is a short clause of one form: somebody addressed or a pointing word, the thing, what befell it: 您访问的
// | 页面 | 已被删除; or it begins with the thing; or with the search for it: 没有找到 | 这篇 | 文章. A post that
// speaks of such a notice (我的帖子不见了, 帖子怎么被删除了, 网传页面不存在) begins otherwise.
constexpr std::size_t clause_bytes_max = 96, between_bytes_max = 30;
constexpr std::size_t clauses_looked_at = 4;  // of a body: a notice comes first

using Words = std::initializer_list<std::string_view>;
constexpr Words apologies = {"很抱歉", "非常抱歉", "十分抱歉", "抱歉", "对不起", "很遗憾", "哎呀", "啊哦"};
constexpr Words pointers = {"您", "你", "该", "此", "这", "指定", "请求", "当前", "所访问", "要访问"};
constexpr Words things = {"页面", "网页", "网址", "链接", "内容", "文章", "帖子", "贴子", "帖", "贴",
                          "主题", "信息", "新闻", "公告", "留言", "问题", "视频", "资源", "文件", "数据",
                          "栏目", "稿件", "记录", "页"};
constexpr Words fates = {"不存在", "找不到", "没有找到", "未找到", "已删除", "删除",     "走丢",     "不见了",
                         "飞走",   "带走",   "已失效",   "已下架", "移除",   "已被撤回", "无法查看", "不能访问",
                         "没找到", "迷路",   "丢失了"};
constexpr Words searches = {"找不到", "没有找到", "未找到", "无法找到", "没找到"};
constexpr Words talk = {"怎么", "为什么", "为何", "吗", "谁", "说明", "回应", "通知", "“"};
constexpr Words english = {"404 not found", "page not found", "could not be found", "was not found on this server",
                           "object not found", "error 404", "404 error"};

bool contains_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return text.find(w) != text.npos; });
}
bool skip_any(std::string_view& text, Words words) {
  for (const std::string_view word : words)
    if (text.starts_with(word)) {
      text.remove_prefix(word.size());
      return true;
    }
  return false;
}

// What follows a thing that begins within `within` bytes; nothing when there is none.
std::optional<std::string_view> after_thing(std::string_view text, std::size_t within) {
  std::size_t best = text.npos, size = 0;
  for (const std::string_view thing : things) {
    const std::size_t at = text.find(thing);
    if (at < best) best = at, size = thing.size();
  }
  if (best == text.npos || best > within) return std::nullopt;
  return text.substr(best + size);
}

bool is_notice(std::string_view clause) {
  while (skip_any(clause, apologies)) {}
  if (clause.size() > clause_bytes_max || contains_any(clause, talk)) return false;
  std::string_view rest = clause;
  if (skip_any(rest, searches)) {
    const auto tail = after_thing(rest, between_bytes_max);
    return tail && tail->size() <= 6;
  }
  const bool points = skip_any(rest, pointers);
  const auto tail = after_thing(rest, points ? between_bytes_max : 0);
  return tail && contains_any(tail->substr(0, between_bytes_max + 12), fates);
}

std::vector<std::string_view> clauses_of(std::string_view text) {
  static constexpr Words borders = {"。", "！", "？", "；", "，", "、", "：", "（", "）", "…", "·", "\n", "\t",
                                    ",",  ".",  "!",  "?",  ";",  ":",  "(",  ")",  "-",  "_",  "|",  "[", "]", " "};
  std::vector<std::string_view> out;
  std::size_t from = 0;
  const auto close = [&](std::size_t end) {
    if (end > from) out.push_back(text.substr(from, end - from));
  };
  for (std::size_t at = 0; at < text.size();) {
    std::string_view rest = text.substr(at);
    const std::size_t before = rest.size();
    if (!skip_any(rest, borders)) {
      ++at;
      continue;
    }
    close(at);
    from = at += before - rest.size();
  }
  close(text.size());
  return out;
}

bool has_notice(std::string_view text, std::size_t looked_at) {
  const std::vector<std::string_view> clauses = clauses_of(text);
  const auto end = clauses.begin() + static_cast<long>(std::min(clauses.size(), looked_at));
  return std::any_of(clauses.begin(), end, is_notice) || contains_any(ascii_lower(text), english);
}

// 404, HTTP 404, 404-教育局, 404错误页面; not room 404 of the canteen.
bool is_404(std::string_view title) {
  std::string_view rest = title;
  if (rest.starts_with("HTTP ") || rest.starts_with("http ")) rest.remove_prefix(5);
  if (ascii_lower(title) == "not found") return true;
  if (!rest.starts_with("404")) return false;
  rest.remove_prefix(3);
  return rest.empty() || static_cast<unsigned char>(rest[0]) < 0x80 || rest.starts_with("错误") ||
         rest.starts_with("页面");
}

std::vector<std::uint64_t> grams_of(const std::vector<Document>& documents) {
  std::vector<std::uint64_t> grams;
  for (const Document& document : documents) {
    const std::string text = document.title + "\n" + document.body;
    for (std::size_t at = 0; at + gram_bytes <= text.size(); ++at) {
      if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;  // within a character
      grams.push_back(hash64(std::string_view(text).substr(at, gram_bytes)));
    }
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

}  // namespace

bool says_gone(std::string_view title, std::string_view body) {
  if (title.size() <= title_bytes_max && body.size() <= 2 * short_body_bytes &&
      (is_404(title) || has_notice(title, title.size())))
    return true;
  return body.size() <= short_body_bytes && has_notice(body, clauses_looked_at);
}

bool says_not_found(const Document& document) { return says_gone(document.title, document.body); }

std::string impossible_url(std::string_view origin, std::string_view day) {
  return std::string(origin) + "/" + sha256_hex(std::string(origin) + " " + std::string(day)).substr(0, 20) +
         ".html";
}

NotFoundPage::NotFoundPage(std::string final_url, const std::vector<Document>& documents)
    : url_(std::move(final_url)), grams_(grams_of(documents)) {}

std::string NotFoundPage::to_text() const {
  std::string text = url_ + "\n";
  char digits[17];
  for (const std::uint64_t gram : grams_) {
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(gram));
    text += digits;
    if (text.size() >= text_bytes_max) break;
  }
  return text;
}

NotFoundPage NotFoundPage::from_text(std::string_view text) {
  NotFoundPage page;
  const auto line = text.find('\n');
  if (line == text.npos) return page;
  page.url_ = text.substr(0, line);
  for (text.remove_prefix(line + 1); text.size() >= 16; text.remove_prefix(16)) {
    std::uint64_t gram = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + 16, gram, 16);
    if (error != std::errc() || end != text.data() + 16) return NotFoundPage();
    page.grams_.push_back(gram);
  }
  std::sort(page.grams_.begin(), page.grams_.end());
  return page;
}

bool NotFoundPage::resembles(std::string_view final_url, const Document& document) const {
  if (honest()) return false;
  if (final_url == url_) return true;
  const auto grams = grams_of({document});
  if (grams.empty() || grams_.empty()) return false;
  std::vector<std::uint64_t> both;
  std::set_intersection(grams.begin(), grams.end(), grams_.begin(), grams_.end(), std::back_inserter(both));
  const double all = static_cast<double>(grams.size() + grams_.size() - both.size());
  return static_cast<double>(both.size()) >= alike * all;
}

}  // namespace tingchao::crawler
