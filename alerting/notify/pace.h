#pragma once
// How fast a channel may be used. The robots of the messengers shut out whoever calls too often, so we
// count our own calls in sliding windows, which the store keeps over restarts. Pure.

#include <vector>

#include "alerting/notify.h"

namespace tingchao::alerting {

// At most `calls` within any `span`.
struct Window {
  Seconds span{};
  int calls = 0;
};

struct Pace {
  std::vector<Window> windows;  // empty: no limit
  int kept_for_grave = 0;       // calls of the longest window that only Ⅰ and Ⅱ may use
  int merge_over = 0;           // so many slighter messages that wait at a time become summaries; 0: never
};
// 钉钉 and 企业微信 take 20 calls a minute of a robot, 飞书 5 a second and 100 a minute; we stay below.
Pace pace_of(Channel::Kind kind);

// Calls that may be made now: of any message, and of one of rank 1 or 2. `calls`: times of those made,
// in any order; those after `now` by a clock that was set back count while they lie within a span.
struct Room {
  int any = 0, grave = 0;
};
Room room_now(const Pace& pace, const std::vector<Time>& calls, Time now);
// How far back `calls` must reach.
Seconds longest_span(const Pace& pace);

// Slighter messages of one channel and recipient that wait in a storm, told in one or a few: every title
// is named, the gravest first, as far as 24 messages hold them; the rest is counted. Each merged row is one
// of `waiting`; the summaries' keys follow from it.
std::vector<Delivery> merge(const std::vector<Delivery>& waiting, const Channel& channel,
                            const Recipient& recipient, const Book& book, Time now);

}  // namespace tingchao::alerting
