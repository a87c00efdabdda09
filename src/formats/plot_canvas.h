#pragma once
// The few strokes that the plot is made of, over Cairo. Coordinates in points, y downwards.
#include <cairo.h>

#include <string>
#include <string_view>

namespace orakgarak::formats {

struct Ink {
  double red, green, blue, alpha = 1;
};

struct Box {
  double left, top, width, height;
  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

enum class Align { left, centre, right };

class PlotCanvas {
 public:
  /// Draws on `surface`, which stays the caller's.
  explicit PlotCanvas(cairo_surface_t* surface);
  ~PlotCanvas();
  PlotCanvas(const PlotCanvas&) = delete;
  PlotCanvas& operator=(const PlotCanvas&) = delete;

  void fill(const Box&, Ink, double corner = 0);
  void line(double x1, double y1, double x2, double y2, Ink, double width, bool dashed = false);
  /// y: of the base line.
  void text(std::string_view, double x, double y, double size, Ink, Align = Align::left, bool bold = false);
  double text_width(std::string_view, double size, bool bold = false);
  /// Cut with "…" to at most `width`.
  std::string cut(std::string_view, double width, double size, bool bold = false);

  /// Does some installed font have every letter of it?
  bool can_write(std::string_view);

  void clip(const Box&);
  void unclip();
  /// Not CAIRO_STATUS_SUCCESS once anything could not be drawn.
  cairo_status_t status() const { return cairo_status(cairo_); }
  /// For strokes of many points.
  cairo_t* context() { return cairo_; }

 private:
  void choose_font(std::string_view text, double size, bool bold);
  cairo_t* cairo_;
};

}  // namespace orakgarak::formats
