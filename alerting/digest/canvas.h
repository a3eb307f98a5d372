#pragma once
// A white sheet that is drawn upon and turned into a PNG of twice the size, for sharp screens and paper: what
// the pictures of reports and of `measure preview` have in common. Lengths are as shown, colours "#RRGGBB".
// The same strokes give the same bytes, with the same fonts installed.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace tingchao::alerting {

struct Box {
  double x = 0, y = 0, wide = 0, high = 0;
};

class Canvas {
 public:
  static constexpr std::string_view ink = "#1C2430", soft = "#596273", grid = "#E0E3E8";

  Canvas(int wide, int high);
  ~Canvas();

  void fill(std::string_view colour, const Box& box);
  void hatch(const Box& box);  // light diagonals, so that a part shows in black and white too
  void outline(std::string_view colour, const Box& box);
  void line(std::string_view colour, double x0, double y0, double x1, double y1);
  void curve(std::string_view colour, const std::vector<std::pair<double, double>>& points);
  struct Writing {
    double share = 0;  // of the width lies left of x: 0 begins there, 0.5 is centred, 1 ends there
    std::string_view colour = ink;
    int size = 14;
  };
  double write(const std::string& text, double x, double y, const Writing& writing);  // gives the width
  double width(const std::string& text, int size = 14);
  // Lines across the box at 0, step, 2·step … as far as `steps`, each with its number at the left.
  void scale_lines(const Box& box, int step, int steps);

  // Fails with io, naming `what`, when cairo cannot draw.
  Result<std::string> png(const std::string& what);

 private:
  struct Tools;
  std::unique_ptr<Tools> tools_;
};

// Ends of a scale from 0 that holds `most` in at most five round steps: the step.
int scale_step(int most);

}  // namespace tingchao::alerting
