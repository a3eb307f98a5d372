// Pairs of stacked bars above, curves below. The second bar of a pair is outlined, and levels are told apart by colour,
// order and the legend's words, so that the picture reads without colour too.
#include "alerting/preview_chart.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>
#include <pango/pangocairo.h>

#include "alerting/digest/charts.h"
#include "alerting/wording.h"

namespace tingchao::alerting {
namespace {

constexpr double scale = 2, margin = 56, gap = 70;
constexpr const char* font = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif";

struct Free {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription* description) const { pango_font_description_free(description); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

struct Box {
  double x, y, wide, high;
};

unsigned hex(std::string_view digits) { return static_cast<unsigned>(std::stoul(std::string(digits), nullptr, 16)); }

class Canvas {
 public:
  explicit Canvas(cairo_t* context) : c(context), layout_(pango_cairo_create_layout(context)) {
    cairo_scale(c, scale, scale);
    fill("#FFFFFF", {0, 0, preview_width, preview_height});
  }

  void ink(std::string_view colour) {  // "#RRGGBB"
    cairo_set_source_rgb(c, hex(colour.substr(1, 2)) / 255.0, hex(colour.substr(3, 2)) / 255.0,
                         hex(colour.substr(5, 2)) / 255.0);
  }
  void fill(std::string_view colour, Box box) {
    ink(colour);
    cairo_rectangle(c, box.x, box.y, box.wide, box.high);
    cairo_fill(c);
  }
  void outline(std::string_view colour, Box box) {
    ink(colour);
    cairo_set_line_width(c, 1.2);
    cairo_rectangle(c, box.x, box.y, box.wide, box.high);
    cairo_stroke(c);
  }
  void line(std::string_view colour, double x0, double y0, double x1, double y1) {
    ink(colour);
    cairo_set_line_width(c, 1);
    cairo_move_to(c, x0, y0);
    cairo_line_to(c, x1, y1);
    cairo_stroke(c);
  }
  // `share` of the width lies left of x. Gives the width.
  double text(const std::string& words, double x, double y, double share, int size = 13) {
    const Owned<PangoFontDescription> description{pango_font_description_from_string(font)};
    pango_font_description_set_absolute_size(description.get(), size * PANGO_SCALE);
    pango_layout_set_font_description(layout_.get(), description.get());
    pango_layout_set_text(layout_.get(), words.c_str(), static_cast<int>(words.size()));
    int wide = 0;
    pango_layout_get_pixel_size(layout_.get(), &wide, nullptr);
    ink("#1C2430");
    cairo_move_to(c, x - wide * share, y);
    pango_cairo_show_layout(c, layout_.get());
    return wide;
  }

  cairo_t* c;

 private:
  Owned<PangoLayout> layout_;
};

// Lines of a scale from 0 that holds `most`; gives its end.
double draw_scale(Canvas& canvas, Box box, double most) {
  const int step = scale_step(std::max(1, static_cast<int>(std::ceil(most))));
  const int steps = std::max(1, static_cast<int>(std::ceil(most / step)));
  for (int i = 0; i <= steps; ++i) {
    const double y = box.y + box.high - box.high * i / steps;
    canvas.line(i ? "#E0E3E8" : "#596273", box.x, y, box.x + box.wide, y);
    canvas.text(std::to_string(step * i), box.x - 6, y - 10, 1);
  }
  return step * steps;
}

void draw_stack(Canvas& canvas, const PreviewPicture& picture, const std::vector<int>& counts, Box foot, double unit) {
  double y = foot.y;
  for (std::size_t i = 0; i < counts.size() && i < picture.levels.size(); ++i) {
    const double high = unit * counts[i];
    y -= high;
    canvas.fill(paint_of(picture.levels[i]).fill, {foot.x, y, foot.wide, high});
  }
  if (foot.high > 0 && y < foot.y) canvas.outline("#1C2430", {foot.x, y, foot.wide, foot.y - y});
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
    if (i % every == 0) canvas.text(picture.weeks[i].label, middle, foot + 5, 0.5);
  }
}

void draw_legend(Canvas& canvas, const PreviewPicture& picture, double y) {
  double x = margin;
  for (const Level& level : picture.levels) {
    canvas.fill(paint_of(level).fill, {x, y + 4, 13, 13});
    x += 19 + canvas.text(level_words(level), x + 19, y, 0) + 18;
  }
  x += 8;
  x += canvas.text("左柱：" + picture.before, x, y, 0) + 18;
  canvas.outline("#1C2430", {x, y + 4, 13, 13});
  canvas.text("右柱（描边）：" + picture.after, x + 19, y, 0);
}

void draw_curve(Canvas& canvas, const PreviewPicture::Curve& curve, Box box) {
  canvas.text(curve.title, box.x, box.y - 46, 0, 14);
  if (curve.points.size() < 2) return;
  double most = 1;
  for (const auto& [threshold, alarms] : curve.points) most = std::max(most, alarms);
  const double end = draw_scale(canvas, box, most);
  const double from = curve.points.front().first, to = curve.points.back().first;
  const auto x_of = [&](double threshold) { return box.x + box.wide * (threshold - from) / (to - from); };
  for (const auto& [threshold, name] : curve.marks) {
    if (threshold < from || threshold > to) continue;
    canvas.line("#98A2B3", x_of(threshold), box.y, x_of(threshold), box.y + box.high);
    canvas.text(name, x_of(threshold), box.y - 20, 0.5, 12);
  }
  canvas.ink("#1D5FBF");
  cairo_set_line_width(canvas.c, 2);
  cairo_new_path(canvas.c);  // text leaves a point behind
  for (const auto& [threshold, alarms] : curve.points)
    cairo_line_to(canvas.c, x_of(threshold), box.y + box.high - box.high * alarms / end);
  cairo_stroke(canvas.c);
  constexpr int labels = 5;
  for (int i = 0; i <= labels; ++i) {
    const double threshold = from + (to - from) * i / labels;
    canvas.text(fmt::format("{:.3g}", threshold), x_of(threshold), box.y + box.high + 5, 0.5);
  }
  canvas.text(curve.axis, box.x + box.wide / 2, box.y + box.high + 26, 0.5, 12);
}

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int length) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Result<std::string> draw_preview(const PreviewPicture& picture) {
  const Owned<cairo_surface_t> surface{cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(preview_width * scale), static_cast<int>(preview_height * scale))};
  {
    const Owned<cairo_t> context{cairo_create(surface.get())};
    Canvas canvas(context.get());
    canvas.text(picture.title, margin, 12, 0, 17);
    draw_legend(canvas, picture, 44);
    draw_weeks(canvas, picture, {margin, 82, preview_width - margin - 24, 200});
    const double half = (preview_width - margin - 24 - gap) / 2;
    for (std::size_t i = 0; i < picture.curves.size() && i < 2; ++i)
      draw_curve(canvas, picture.curves[i], {margin + static_cast<double>(i) * (half + gap), 386, half, 170});
  }
  cairo_surface_flush(surface.get());
  std::string png;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), append, &png);
  if (status != CAIRO_STATUS_SUCCESS)
    return Error{Errc::io, std::string("preview picture: ") + cairo_status_to_string(status), ""};
  return png;
}

}  // namespace tingchao::alerting
