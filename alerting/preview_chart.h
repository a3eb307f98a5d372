#pragma once
// The picture of `measure preview`: warnings a week before and after a change of the measure, by level, and what other
// thresholds would have given. Same numbers, same bytes (with the same fonts installed).

#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/warning.h"

namespace tingchao::alerting {

struct PreviewPicture {
  std::string title, before, after;  // what is compared with what
  std::vector<Level> levels;         // gravest first
  struct Week {
    std::string label;
    std::vector<int> before, after;  // by index into levels
  };
  std::vector<Week> weeks;
  struct Curve {
    std::string title, axis;
    std::vector<std::pair<double, double>> points;  // threshold, alarms in 30 days; thresholds rise
    std::vector<std::pair<double, std::string>> marks;
  };
  std::vector<Curve> curves;  // up to two
};

inline constexpr int preview_width = 960, preview_height = 620;  // as shown; the picture has twice as many pixels

// A PNG. Fails with io when cairo cannot draw.
Result<std::string> draw_preview(const PreviewPicture& picture);

}  // namespace tingchao::alerting
