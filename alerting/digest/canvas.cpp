// cairo for the strokes, pango for the words; whatever either allocates goes with the canvas.
#include "alerting/digest/canvas.h"

#include <pango/pangocairo.h>

namespace tingchao::alerting {
namespace {

constexpr double scale = 2;
constexpr const char* font =
    "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif";

double part(std::string_view colour, std::size_t at) {
  return static_cast<double>(std::stoul(std::string(colour.substr(at, 2)), nullptr, 16)) / 255;
}

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int length) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

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

}  // namespace

struct Canvas::Tools {
  Owned<cairo_surface_t> surface;
  Owned<cairo_t> context;
  Owned<PangoFontMap> fonts;  // our own: the default one lives as long as its thread
  Owned<PangoContext> text;
  Owned<PangoLayout> layout;

  Tools(int wide, int high)
      : surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, wide, high)),
        context(cairo_create(surface.get())),
        fonts(pango_cairo_font_map_new()),
        text(pango_font_map_create_context(fonts.get())),
        layout(pango_layout_new(text.get())) {}

  cairo_t* use(std::string_view colour) {
    cairo_set_source_rgb(context.get(), part(colour, 1), part(colour, 3), part(colour, 5));
    return context.get();
  }
};

Canvas::Canvas(int wide, int high)
    : tools_(std::make_unique<Tools>(static_cast<int>(wide * scale), static_cast<int>(high * scale))) {
  cairo_scale(tools_->context.get(), scale, scale);
  pango_cairo_update_context(tools_->context.get(), tools_->text.get());
  fill("#FFFFFF", {0, 0, static_cast<double>(wide), static_cast<double>(high)});
}

Canvas::~Canvas() = default;

void Canvas::fill(std::string_view colour, const Box& box) {
  cairo_t* c = tools_->use(colour);
  cairo_rectangle(c, box.x, box.y, box.wide, box.high);
  cairo_fill(c);
}

void Canvas::hatch(const Box& box) {
  cairo_t* c = tools_->context.get();
  cairo_save(c);
  cairo_rectangle(c, box.x, box.y, box.wide, box.high);
  cairo_clip(c);
  cairo_set_source_rgba(c, 1, 1, 1, 0.35);
  cairo_set_line_width(c, 1);
  for (double offset = -box.high; offset < box.wide; offset += 4) {
    cairo_move_to(c, box.x + offset, box.y + box.high);
    cairo_line_to(c, box.x + offset + box.high, box.y);
  }
  cairo_stroke(c);
  cairo_restore(c);
}

void Canvas::outline(std::string_view colour, const Box& box) {
  cairo_t* c = tools_->use(colour);
  cairo_set_line_width(c, 1.2);
  cairo_rectangle(c, box.x, box.y, box.wide, box.high);
  cairo_stroke(c);
}

void Canvas::line(std::string_view colour, double x0, double y0, double x1, double y1) {
  cairo_t* c = tools_->use(colour);
  cairo_set_line_width(c, 1);
  cairo_move_to(c, x0, y0);
  cairo_line_to(c, x1, y1);
  cairo_stroke(c);
}

void Canvas::curve(std::string_view colour, const std::vector<std::pair<double, double>>& points) {
  cairo_t* c = tools_->use(colour);
  cairo_set_line_width(c, 2);
  cairo_new_path(c);  // text leaves a point behind
  for (const auto& [x, y] : points) cairo_line_to(c, x, y);
  cairo_stroke(c);
}

double Canvas::width(const std::string& text, int size) {
  const Owned<PangoFontDescription> description{pango_font_description_from_string(font)};
  pango_font_description_set_absolute_size(description.get(), size * PANGO_SCALE);
  PangoLayout* layout = tools_->layout.get();
  pango_layout_set_font_description(layout, description.get());
  pango_layout_set_text(layout, text.c_str(), static_cast<int>(text.size()));
  int wide = 0;
  pango_layout_get_pixel_size(layout, &wide, nullptr);
  return wide;
}

double Canvas::write(const std::string& text, double x, double y, const Writing& writing) {
  const double wide = width(text, writing.size);
  cairo_t* c = tools_->use(writing.colour);
  cairo_move_to(c, x - wide * writing.share, y);
  pango_cairo_show_layout(c, tools_->layout.get());
  return wide;
}

void Canvas::scale_lines(const Box& box, int step, int steps) {
  for (int at = 0; at <= steps; ++at) {
    const double y = box.y + box.high - box.high * at / steps;
    line(at ? grid : soft, box.x, y + 0.5, box.x + box.wide, y + 0.5);
    write(std::to_string(step * at), box.x - 6, y - 11, {1, soft});
  }
}

Result<std::string> Canvas::png(const std::string& what) {
  cairo_surface_flush(tools_->surface.get());
  std::string bytes;
  const cairo_status_t status = cairo_surface_write_to_png_stream(tools_->surface.get(), append, &bytes);
  if (status != CAIRO_STATUS_SUCCESS)
    return Error{Errc::io, what + ": " + cairo_status_to_string(status), ""};
  return bytes;
}

int scale_step(int most) {
  int unit = 1;
  while (true) {
    for (const int factor : {1, 2, 5})
      if (unit * factor * 4 >= most) return unit * factor;
    if (unit >= 100'000'000) return most / 4 + 1;
    unit *= 10;
  }
}

}  // namespace tingchao::alerting
