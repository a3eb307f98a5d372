#pragma once
// How levels, moments, spans and the words of strangers are put into mails and reports: one place,
// so that a warning, its reminder and the daily report speak alike.

#include <string>
#include <string_view>

#include "core/analysis.h"
#include "core/delivery.h"
#include "core/source.h"
#include "core/time.h"
#include "core/warning.h"

namespace tingchao::alerting {

// "Ⅱ级橙色"; of a warning that waits for a person's word "拟Ⅰ级红色".
std::string level_words(const Level& level);
std::string level_words(const Warning& warning);

// How grave without colour: "■■■□" for rank 2 of four.
std::string level_meter(const Level& level);

// A fill that is legible with its ink (contrast of 4.5 : 1 or more), by the level's colour word.
struct Paint {
  const char* fill;
  const char* ink;
};
Paint paint_of(const Level& level);

// "升级", "时限提醒" …
const char* chinese_name(WarningEvent event);
const char* chinese_name(StanceLabel label);
// "A 类：食物中毒" of "A 类：食物中毒（规则 food-poisoning，版本 2026.04）": which rule it was stands in the warning's
// explanation. And of the same "食物中毒"; empty when no rule is named.
std::string without_rule_ids(std::string words);
std::string rule_named_in(std::string_view observed);
// Who made the change, as given; empty: the program by its measure or its chain of duty.
std::string person_of(const WarningChange& change);

// How the threshold in a burst's reason begins, by what found the burst.
inline constexpr std::string_view found_by_window = "异常度", found_by_story = "单一事件异常度", found_by_sum = "累积偏高";
// What kind of burst its reason tells of: "声量异常，不限于单一事件" …
const char* burst_words(const Warning& burst);

// Text of outside for one line of ours: valid UTF-8, control characters become spaces, characters
// that steer the writing direction go (they would turn our own words around), runs of spaces become
// one; at most `chars_max` characters, an ellipsis included.
std::string one_line(std::string_view text, std::size_t chars_max);

// A quotation: the bytes as stored, from the first on; longer ones end at a character border and
// `cut` tells that something was left off.
struct Quote {
  std::string text;
  bool cut = false;
};
Quote quote(std::string_view sentence, std::size_t chars_max);

// The address itself when it is http or https without white space or quotes, else empty: no other
// scheme may become a link.
std::string link_or_nothing(std::string_view url);

// Page of the dashboard that shows the warning; empty without a base address.
std::string warning_link(std::string_view base_url, const std::string& id);

// "校园安全 › 食品安全" of the path 校园安全/食品安全.
std::string topic_words(std::string_view topic);

// "4月15日 22:40".
std::string moment(Time at);
// "还剩 2 小时 30 分钟", "已超 12 分钟", "此刻到期".
std::string remaining(Time due, Time now);
// Closed or dismissed: its clocks stand.
bool is_over(const Warning& warning);
// How a clock of it stands: "已于 4月15日 22:40 完成", "还剩 2 小时", "已超 12 分钟"; when the warning is over "不再计时", or
// "到期未完成" of one that was missed before.
std::string left_of(const Clock& clock, const Warning& warning, Time now);

// "1 236", with a space that no line breaks at.
std::string grouped(long number);

}  // namespace tingchao::alerting
