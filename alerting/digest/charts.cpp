// A plain bar chart. Negative documents are set apart by place, darkness and hatching, not by hue
// alone; the greatest bar carries its number; labels thin out until they do not touch.
#include "alerting/digest/charts.h"

#include <algorithm>

#include "alerting/digest/canvas.h"

namespace tingchao::alerting {
namespace {

constexpr Box plot{50, 50, chart_width - 50 - 8,
                   chart_height - 50 - 30};  // the legend above the highest number
constexpr double label_gap = 10;
constexpr double row_height = 28, row_margin = 8;  // of the topics
constexpr std::string_view all_fill = "#99B3D6", negative_fill = "#B32E21";
constexpr const char* what = "picture of a report";

void draw_legend(Canvas& canvas, const std::vector<Bar>& bars) {
  long documents = 0, negative = 0;
  for (const Bar& bar : bars) {
    documents += bar.documents;
    negative += bar.negative;
  }
  double x = plot.x;
  const auto entry = [&](std::string_view colour, bool hatched, const std::string& text) {
    canvas.fill(colour, {x, 9, 13, 13});
    if (hatched) canvas.hatch({x, 9, 13, 13});
    x += 19 + canvas.write(text, x + 19, 5, {}) + 20;
  };
  entry(all_fill, false, "全部 " + std::to_string(documents) + " 篇");
  entry(negative_fill, true, "其中负面 " + std::to_string(negative) + " 篇");
}

void draw_bars(Canvas& canvas, const std::vector<Bar>& bars, int top_value) {
  const double slot = plot.wide / static_cast<double>(bars.size());
  const double wide = std::clamp(slot * 0.68, 1.0, 40.0);
  double widest = 0;
  for (const Bar& bar : bars) widest = std::max(widest, canvas.width(bar.label));
  const auto every = std::max<std::size_t>(1, static_cast<std::size_t>((widest + label_gap) / slot + 0.999));
  const auto peak = std::max_element(bars.begin(), bars.end(),
                                     [](const Bar& a, const Bar& b) { return a.documents < b.documents; });
  const double base = plot.y + plot.high;
  for (std::size_t at = 0; at < bars.size(); ++at) {
    const Bar& bar = bars[at];
    const double middle = plot.x + slot * (static_cast<double>(at) + 0.5);
    const double high = plot.high * bar.documents / top_value, dark = plot.high * bar.negative / top_value;
    const Box negative{middle - wide / 2, base - dark, wide, dark};
    canvas.fill(all_fill, {middle - wide / 2, base - high, wide, high});
    canvas.fill(negative_fill, negative);
    if (dark > 0) canvas.hatch(negative);
    if (bars.begin() + static_cast<std::ptrdiff_t>(at) == peak && bar.documents > 0)
      canvas.write(std::to_string(bar.documents), middle, base - high - 21, {0.5});
    if (at % every == 0) canvas.write(bar.label, middle, base + 5, {0.5, Canvas::soft});
  }
}

}  // namespace

Result<std::string> draw_trend(const std::vector<Bar>& bars) {
  Canvas canvas(chart_width, chart_height);
  int most = 1;
  for (const Bar& bar : bars) most = std::max(most, bar.documents);
  const int step = scale_step(most), steps = (most + step - 1) / step;
  canvas.scale_lines(plot, step, steps);
  if (!bars.empty()) {
    draw_bars(canvas, bars, step * steps);
    draw_legend(canvas, bars);
  }
  return canvas.png(what);
}

int topics_height(std::size_t topics) {
  return static_cast<int>(2 * row_margin + row_height * static_cast<double>(std::min(topics, topic_bars_max)));
}

Result<std::string> draw_topics(const std::vector<Bar>& topics) {
  Canvas canvas(chart_width, topics_height(topics.size()));
  int most = 1;
  double names = 0;
  const std::size_t rows = std::min(topics.size(), topic_bars_max);
  for (std::size_t at = 0; at < rows; ++at) {
    most = std::max(most, topics[at].documents);
    names = std::max(names, canvas.width(topics[at].label));
  }
  names = std::min(names, chart_width * 0.5);
  const double from = names + 14, room = chart_width - from - canvas.width(std::to_string(most) + " 篇") - 14;
  for (std::size_t at = 0; at < rows; ++at) {
    const double y = row_margin + row_height * static_cast<double>(at);
    const double wide = std::max(1.0, room * topics[at].documents / most);
    canvas.write(topics[at].label, names, y + 2, {1});
    canvas.fill(all_fill, {from, y + 5, wide, row_height - 10});
    canvas.write(std::to_string(topics[at].documents) + " 篇", from + wide + 6, y + 2, {0, Canvas::soft});
  }
  return canvas.png(what);
}

}  // namespace tingchao::alerting
