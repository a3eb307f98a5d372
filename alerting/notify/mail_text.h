#pragma once
// What a warning's message says: subject, facts, reasons, quotations, clocks, next steps. One view
// serves the HTML part and the plain one, so neither knows more than the other. Pure.

#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "alerting/notify.h"

namespace tingchao::alerting {

inline constexpr std::string_view disclaimer = "本预警为系统建议，须经人工研判。";

// "【Ⅱ级橙色】某某小学食堂…（6 小时内 18 条，升级自Ⅲ级黄色）".
std::string subject_of(const Raised& raised, Time now);

// `last`: the change that this recipient was last told of, or nullptr.
boost::json::object warning_view(const Raised& raised, const Book& book, const Background& background,
                                 const WarningChange* last, Time now);

// "独立来源：实测 9 个，常态 1 个，阈值 3 个（+21.5 分）".
std::string reason_in_words(const Reason& reason);

// The plain form of our own, for when no template is given.
extern const std::string_view plain_template;

}  // namespace tingchao::alerting
