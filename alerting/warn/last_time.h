#pragma once
// What became of a matter the last time, in words, for the warning of its return.

#include <string>

#include "core/story.h"
#include "core/warning.h"

namespace tingchao::alerting {

// The story slept and came back since the warning was raised, and the warning has not told so.
bool is_new_wave(const Warning& warning, const Story& story);

// "上次 8月3日 预警（Ⅲ级黄色），8月5日 以“已办理”办结；沉寂 21 天后复发，": ends with a comma. Of one whose story did
// not sleep: "事件再起，" with the same.
std::string last_time(const Warning& before, const Story& story, Time now);

}  // namespace tingchao::alerting
