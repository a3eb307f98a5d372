// A plain bar chart. Negative documents are set apart by place, darkness and hatching, not by hue
// alone; the greatest bar carries its number; labels thin out until they do not touch.
#include "alerting/digest/charts.h"

#include <algorithm>
#include <memory>

#include <pango/pangocairo.h>

namespace tingchao::alerting {
namespace {

constexpr double scale = 2;
constexpr double left = 50, right = 8, top = 40, bottom = 30;
constexpr double plot_width = chart_width - left - right, plot_height = chart_height - top - bottom;
constexpr const char* font = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif";
constexpr double label_gap = 10;
constexpr double row_height = 28, row_margin = 8;  // of the topics

struct Colour {
  double red, green, blue;
};
constexpr Colour paper{1, 1, 1}, ink{0.11, 0.14, 0.19}, soft{0.35, 0.39, 0.45}, grid{0.88, 0.90, 0.92},
    all_fill{0.60, 0.70, 0.84}, negative_fill{0.70, 0.18, 0.13};

struct Free {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoContext* context) const { g_object_unref(context); }
  void operator()(PangoFontMap* map) const { g_object_unref(map); }
  void operator()(PangoFontDescription* description) const { pango_font_description_free(description); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

void use(cairo_t* c, Colour colour) { cairo_set_source_rgb(c, colour.red, colour.green, colour.blue); }

class Pen {
 public:
  explicit Pen(cairo_t* context)
      : context_(context),
        fonts_(pango_cairo_font_map_new()),
        text_(pango_font_map_create_context(fonts_.get())),
        layout_(pango_layout_new(text_.get())) {
    pango_cairo_update_context(context, text_.get());
    const Owned<PangoFontDescription> description{pango_font_description_from_string(font)};
    pango_font_description_set_absolute_size(description.get(), 14 * PANGO_SCALE);
    pango_layout_set_font_description(layout_.get(), description.get());
  }

  double width(const std::string& text) {
    pango_layout_set_text(layout_.get(), text.c_str(), static_cast<int>(text.size()));
    int wide = 0;
    pango_layout_get_pixel_size(layout_.get(), &wide, nullptr);
    return wide;
  }

  // `share` of the width lies left of x: 0 begins there, 0.5 is centred, 1 ends there.
  void write(const std::string& text, double x, double y, double share, Colour colour) {
    const double wide = width(text);
    use(context_, colour);
    cairo_move_to(context_, x - wide * share, y);
    pango_cairo_show_layout(context_, layout_.get());
  }

 private:
  cairo_t* context_;
  Owned<PangoFontMap> fonts_;  // our own: the default one lives as long as its thread
  Owned<PangoContext> text_;
  Owned<PangoLayout> layout_;
};

void fill_box(cairo_t* c, double x, double y, double wide, double high) {
  cairo_rectangle(c, x, y, wide, high);
  cairo_fill(c);
}

// Light diagonals, so that the negative part shows in black and white too.
void hatch(cairo_t* c, double x, double y, double wide, double high) {
  cairo_save(c);
  cairo_rectangle(c, x, y, wide, high);
  cairo_clip(c);
  cairo_set_source_rgba(c, 1, 1, 1, 0.35);
  cairo_set_line_width(c, 1);
  for (double offset = -high; offset < wide; offset += 4) {
    cairo_move_to(c, x + offset, y + high);
    cairo_line_to(c, x + offset + high, y);
  }
  cairo_stroke(c);
  cairo_restore(c);
}

void draw_grid(cairo_t* c, Pen& pen, int step, int steps) {
  for (int line = 0; line <= steps; ++line) {
    const double y = top + plot_height - plot_height * line / steps;
    use(c, line ? grid : soft);
    cairo_set_line_width(c, 1);
    cairo_move_to(c, left, y + 0.5);
    cairo_line_to(c, chart_width - right, y + 0.5);
    cairo_stroke(c);
    pen.write(std::to_string(step * line), left - 6, y - 11, 1, soft);
  }
}

void draw_legend(cairo_t* c, Pen& pen, const std::vector<Bar>& bars) {
  long documents = 0, negative = 0;
  for (const Bar& bar : bars) {
    documents += bar.documents;
    negative += bar.negative;
  }
  double x = left;
  const auto entry = [&](Colour colour, bool hatched, const std::string& text) {
    use(c, colour);
    fill_box(c, x, 9, 13, 13);
    if (hatched) hatch(c, x, 9, 13, 13);
    pen.write(text, x + 19, 5, 0, ink);
    x += 19 + pen.width(text) + 20;
  };
  entry(all_fill, false, "全部 " + std::to_string(documents) + " 篇");
  entry(negative_fill, true, "其中负面 " + std::to_string(negative) + " 篇");
}

void draw_bars(cairo_t* c, Pen& pen, const std::vector<Bar>& bars, int top_value) {
  const double slot = plot_width / static_cast<double>(bars.size());
  const double wide = std::clamp(slot * 0.68, 1.0, 40.0);
  double widest = 0;
  for (const Bar& bar : bars) widest = std::max(widest, pen.width(bar.label));
  const auto every = std::max<std::size_t>(1, static_cast<std::size_t>((widest + label_gap) / slot + 0.999));
  const auto peak = std::max_element(bars.begin(), bars.end(),
                                     [](const Bar& a, const Bar& b) { return a.documents < b.documents; });
  const double base = top + plot_height;
  for (std::size_t at = 0; at < bars.size(); ++at) {
    const Bar& bar = bars[at];
    const double middle = left + slot * (static_cast<double>(at) + 0.5);
    const double high = plot_height * bar.documents / top_value, dark = plot_height * bar.negative / top_value;
    use(c, all_fill);
    fill_box(c, middle - wide / 2, base - high, wide, high);
    use(c, negative_fill);
    fill_box(c, middle - wide / 2, base - dark, wide, dark);
    if (dark > 0) hatch(c, middle - wide / 2, base - dark, wide, dark);
    if (bars.begin() + static_cast<std::ptrdiff_t>(at) == peak && bar.documents > 0)
      pen.write(std::to_string(bar.documents), middle, base - high - 21, 0.5, ink);
    if (at % every == 0) pen.write(bar.label, middle, base + 5, 0.5, soft);
  }
}

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int length) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

// A white sheet at twice the size, drawn upon and turned into PNG.
template <class Draw>
Result<std::string> sheet(int height, Draw draw) {
  const Owned<cairo_surface_t> surface{cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(chart_width * scale), static_cast<int>(height * scale))};
  const Owned<cairo_t> context{cairo_create(surface.get())};
  cairo_scale(context.get(), scale, scale);
  use(context.get(), paper);
  cairo_paint(context.get());
  {
    Pen pen(context.get());
    draw(context.get(), pen);
  }
  cairo_surface_flush(surface.get());
  std::string png;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), append, &png);
  if (status != CAIRO_STATUS_SUCCESS)
    return Error{Errc::io, std::string("picture of a report: ") + cairo_status_to_string(status), ""};
  return png;
}

}  // namespace

int scale_step(int most) {
  int unit = 1;
  while (true) {
    for (const int factor : {1, 2, 5})
      if (unit * factor * 4 >= most) return unit * factor;
    if (unit >= 100'000'000) return most / 4 + 1;
    unit *= 10;
  }
}

Result<std::string> draw_trend(const std::vector<Bar>& bars) {
  return sheet(chart_height, [&bars](cairo_t* c, Pen& pen) {
    int most = 1;
    for (const Bar& bar : bars) most = std::max(most, bar.documents);
    const int step = scale_step(most), steps = (most + step - 1) / step;
    draw_grid(c, pen, step, steps);
    if (bars.empty()) return;
    draw_bars(c, pen, bars, step * steps);
    draw_legend(c, pen, bars);
  });
}

int topics_height(std::size_t topics) {
  return static_cast<int>(2 * row_margin + row_height * static_cast<double>(std::min(topics, topic_bars_max)));
}

Result<std::string> draw_topics(const std::vector<Bar>& topics) {
  return sheet(topics_height(topics.size()), [&topics](cairo_t* c, Pen& pen) {
    int most = 1;
    double names = 0;
    const std::size_t rows = std::min(topics.size(), topic_bars_max);
    for (std::size_t at = 0; at < rows; ++at) {
      most = std::max(most, topics[at].documents);
      names = std::max(names, pen.width(topics[at].label));
    }
    names = std::min(names, chart_width * 0.5);
    const double from = names + 14, room = chart_width - from - pen.width(std::to_string(most) + " 篇") - 14;
    for (std::size_t at = 0; at < rows; ++at) {
      const double y = row_margin + row_height * static_cast<double>(at);
      const double wide = std::max(1.0, room * topics[at].documents / most);
      pen.write(topics[at].label, names, y + 2, 1, ink);
      use(c, all_fill);
      fill_box(c, from, y + 5, wide, row_height - 10);
      pen.write(std::to_string(topics[at].documents) + " 篇", from + wide + 6, y + 2, 0, soft);
    }
  });
}

}  // namespace tingchao::alerting
