// Pairs of stacked bars above, curves below. The second bar of a pair is outlined, and levels are told apart by colour,
// order and the legend's words, so that the picture reads without colour too.
#include "alerting/preview_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "alerting/digest/canvas.h"
#include "alerting/wording.h"

namespace tingchao::alerting {
namespace {

constexpr double margin = 56, gap = 70;
constexpr int small = 12, plain = 13;
constexpr const char* what = "preview picture";

// Lines of a scale from 0 that holds `most`; gives its end.
double draw_scale(Canvas& canvas, const Box& box, double most) {
  const int step = scale_step(std::max(1, static_cast<int>(std::ceil(most))));
  const int steps = std::max(1, static_cast<int>(std::ceil(most / step)));
  canvas.scale_lines(box, step, steps);
  return step * steps;
}

void draw_stack(Canvas& canvas, const PreviewPicture& picture, const std::vector<int>& counts, Box foot, double unit) {
  double y = foot.y;
  for (std::size_t i = 0; i < counts.size() && i < picture.levels.size(); ++i) {
    const double high = unit * counts[i];
    y -= high;
    canvas.fill(paint_of(picture.levels[i]).fill, {foot.x, y, foot.wide, high});
  }
  if (foot.high > 0 && y < foot.y) canvas.outline(Canvas::ink, {foot.x, y, foot.wide, foot.y - y});
}

void draw_weeks(Canvas& canvas, const PreviewPicture& picture, Box box) {
  int most = 1;
  for (const auto& week : picture.weeks)
    for (const auto* counts : {&week.before, &week.after}) {
      int sum = 0;
      for (const int count : *counts) sum += count;
      most = std::max(most, sum);
    }
  const double end = draw_scale(canvas, box, most), unit = box.high / end;
  const double slot = box.wide / static_cast<double>(std::max<std::size_t>(1, picture.weeks.size()));
  const double wide = std::min(26.0, slot * 0.36), foot = box.y + box.high;
  const auto every = static_cast<std::size_t>(std::ceil(48 / slot));
  for (std::size_t i = 0; i < picture.weeks.size(); ++i) {
    const double middle = box.x + slot * (static_cast<double>(i) + 0.5);
    draw_stack(canvas, picture, picture.weeks[i].before, {middle - wide - 1, foot, wide, 0}, unit);
    draw_stack(canvas, picture, picture.weeks[i].after, {middle + 1, foot, wide, 1}, unit);
    if (i % every == 0) canvas.write(picture.weeks[i].label, middle, foot + 5, {0.5, Canvas::ink, plain});
  }
}

void draw_legend(Canvas& canvas, const PreviewPicture& picture, double y) {
  constexpr Canvas::Writing text{0, Canvas::ink, plain};
  double x = margin;
  for (const Level& level : picture.levels) {
    canvas.fill(paint_of(level).fill, {x, y + 4, 13, 13});
    x += 19 + canvas.write(level_words(level), x + 19, y, text) + 18;
  }
  x += 8;
  x += canvas.write("左柱：" + picture.before, x, y, text) + 18;
  canvas.outline(Canvas::ink, {x, y + 4, 13, 13});
  canvas.write("右柱（描边）：" + picture.after, x + 19, y, text);
}

void draw_curve(Canvas& canvas, const PreviewPicture::Curve& curve, Box box) {
  canvas.write(curve.title, box.x, box.y - 46, {});
  if (curve.points.size() < 2) return;
  double most = 1;
  for (const auto& [threshold, alarms] : curve.points) most = std::max(most, alarms);
  const double end = draw_scale(canvas, box, most);
  const double from = curve.points.front().first, to = curve.points.back().first;
  const auto x_of = [&](double threshold) { return box.x + box.wide * (threshold - from) / (to - from); };
  for (const auto& [threshold, name] : curve.marks) {
    if (threshold < from || threshold > to) continue;
    canvas.line("#98A2B3", x_of(threshold), box.y, x_of(threshold), box.y + box.high);
    canvas.write(name, x_of(threshold), box.y - 20, {0.5, Canvas::ink, small});
  }
  std::vector<std::pair<double, double>> points;
  for (const auto& [threshold, alarms] : curve.points)
    points.emplace_back(x_of(threshold), box.y + box.high - box.high * alarms / end);
  canvas.curve("#1D5FBF", points);
  constexpr int labels = 5;
  for (int i = 0; i <= labels; ++i) {
    const double threshold = from + (to - from) * i / labels;
    canvas.write(fmt::format("{:.3g}", threshold), x_of(threshold), box.y + box.high + 5,
                 {0.5, Canvas::ink, plain});
  }
  canvas.write(curve.axis, box.x + box.wide / 2, box.y + box.high + 26, {0.5, Canvas::ink, small});
}

}  // namespace

Result<std::string> draw_preview(const PreviewPicture& picture) {
  Canvas canvas(preview_width, preview_height);
  canvas.write(picture.title, margin, 12, {0, Canvas::ink, 17});
  draw_legend(canvas, picture, 44);
  draw_weeks(canvas, picture, {margin, 82, preview_width - margin - 24, 200});
  const double half = (preview_width - margin - 24 - gap) / 2;
  for (std::size_t i = 0; i < picture.curves.size() && i < 2; ++i)
    draw_curve(canvas, picture.curves[i], {margin + static_cast<double>(i) * (half + gap), 386, half, 170});
  return canvas.png(what);
}

}  // namespace tingchao::alerting
