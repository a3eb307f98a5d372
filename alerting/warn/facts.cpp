// One table says everything about a quantity; the rest looks it up.
#include "alerting/warn/facts.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace tingchao::alerting {
namespace {

struct Row {
  const char* key;
  const char* name;
  const char* unit;
  Shape shape;
};

constexpr Row rows[] = {
    {"severity", "规则命中的最重等次", "", Shape::severity},
    {"affirmed", "肯定性命中", "条", Shape::number},
    {"damped", "辟谣、演练或虚构", "条", Shape::number},
    {"refuted", "辟谣", "条", Shape::number},
    {"officially_refuted", "官方辟谣", "", Shape::flag},
    {"ours", "涉及本地", "", Shape::flag},
    {"education", "涉基础教育", "条", Shape::number},
    {"school", "点名学校", "", Shape::flag},
    {"documents", "报道与帖文", "条", Shape::number},
    {"documents_1h", "1 小时内报道与帖文", "条", Shape::number},
    {"documents_6h", "6 小时内报道与帖文", "条", Shape::number},
    {"documents_24h", "24 小时内报道与帖文", "条", Shape::number},
    {"origins", "独立信源", "个", Shape::number},
    {"origins_6h", "6 小时内独立信源", "个", Shape::number},
    {"origins_24h", "24 小时内独立信源", "个", Shape::number},
    {"sources", "发布网站", "家", Shape::number},
    {"media", "媒体类型", "种", Shape::number},
    {"press", "媒体报道", "条", Shape::number},
    {"hot_list", "登上热榜", "", Shape::flag},
    {"hot_rank", "热榜最高名次", "", Shape::rank},
    {"heat", "热度", "", Shape::number},
    {"heat_percentile", "同龄事件热度位次", "", Shape::percentile},
    {"growth", "增速异常度", "", Shape::number},
    {"negative", "负面", "条", Shape::number},
    {"negative_share", "负面占比", "", Shape::share},
    {"demands", "明确诉求", "条", Shape::number},
    {"speakers", "发声者", "人", Shape::number},
    {"answered", "官方已回应", "", Shape::flag},
    {"age_hours", "事件已持续", "小时", Shape::number},
    {"season", "敏感时段", "", Shape::flag},
};
static_assert(std::size(rows) == quantity_count);

const Row& row(Quantity q) { return rows[static_cast<std::size_t>(q)]; }

// Letters in common, in any order: enough to guess what a misspelt key meant.
int likeness(std::string_view a, std::string_view b) {
  int shared = 0;
  for (char c = 'a'; c <= 'z'; ++c)
    shared += static_cast<int>(std::min(std::count(a.begin(), a.end(), c), std::count(b.begin(), b.end(), c)));
  return 2 * shared - static_cast<int>(a.size()) - static_cast<int>(b.size());
}

}  // namespace

const char* key_of(Quantity q) { return row(q).key; }
const char* chinese_name(Quantity q) { return row(q).name; }
Shape shape_of(Quantity q) { return row(q).shape; }

std::optional<Quantity> quantity(std::string_view key) {
  for (std::size_t i = 0; i < quantity_count; ++i)
    if (key == rows[i].key) return static_cast<Quantity>(i);
  return std::nullopt;
}

std::string nearest_quantity(std::string_view key) {
  return std::max_element(std::begin(rows), std::end(rows), [key](const Row& a, const Row& b) {
           return likeness(key, a.key) < likeness(key, b.key);
         })->key;
}

std::string in_chinese(Quantity q, double value) {
  switch (row(q).shape) {
    case Shape::flag: return value > 0 ? "是" : "否";
    case Shape::severity: return severity_text(value);
    case Shape::share: return fmt::format("{:.0f}%", 100 * value);
    case Shape::percentile: return fmt::format("{:.1f}%", 100 * value);
    case Shape::rank: return value > 0 ? fmt::format("第 {:.0f} 位", value) : "无名次";
    case Shape::number: break;
  }
  std::string text = value == std::floor(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
  if (*row(q).unit) text += fmt::format(" {}", row(q).unit);
  return text;
}

double severity_number(char severity) { return severity >= 'A' && severity <= 'D' ? 'E' - severity : 0; }

std::string severity_text(double number) {
  return number >= 1 && number <= 4 ? fmt::format("{} 类", static_cast<char>('E' - static_cast<int>(number))) : "无";
}

}  // namespace tingchao::alerting
