#pragma once
// Draws the trend and the topics as PNGs at twice the size, for sharp screens and paper. Same bars, same bytes (with
// the same fonts installed).

#include <string>
#include <vector>

#include "alerting/digest/outline.h"
#include "core/result.h"

namespace tingchao::alerting {

inline constexpr int chart_width = 584, chart_height = 220;  // as shown; the picture has twice as many pixels

// Bars of documents with the negative part at their foot. Fails with io when cairo cannot draw.
Result<std::string> draw_trend(const std::vector<Bar>& bars);

// Topics as bars that lie, each with its name and number, at most topic_bars_max; the height grows with them.
Result<std::string> draw_topics(const std::vector<Bar>& topics);
inline constexpr std::size_t topic_bars_max = 10;
int topics_height(std::size_t topics);  // as shown

}  // namespace tingchao::alerting
