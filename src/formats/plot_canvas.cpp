#include "formats/plot_canvas.h"

#include <array>
#include <numbers>

#ifdef __SANITIZE_ADDRESS__
/// Fontconfig loses sight of a few patterns that it allocates once.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig.so"; }
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
#endif

namespace orakgarak::formats {
namespace {

/// The default first; then fonts with Hangul, kana and Han that distributions package, since Cairo's plain
/// text takes all letters of a string from one font.
constexpr std::array<const char*, 8> faces{"sans-serif", "Noto Sans CJK KR",   "NanumGothic",
                                           "UnDotum",    "Baekmuk Gulim",      "Noto Sans CJK JP",
                                           "IPAGothic",  "WenQuanYi Micro Hei"};

void select(cairo_t* cairo, const char* face, double size, bool bold) {
  cairo_select_font_face(cairo, face, CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cairo, size);
}

bool has_letters(cairo_t* cairo, std::string_view text) {
  cairo_glyph_t* glyphs = nullptr;
  int count = 0;
  const auto status = cairo_scaled_font_text_to_glyphs(cairo_get_scaled_font(cairo), 0, 0, text.data(),
                                                       static_cast<int>(text.size()), &glyphs, &count,
                                                       nullptr, nullptr, nullptr);
  bool all = status == CAIRO_STATUS_SUCCESS;
  for (int i = 0; all && i < count; ++i) all = glyphs[i].index != 0;
  cairo_glyph_free(glyphs);
  return all;
}

}  // namespace

PlotCanvas::PlotCanvas(cairo_surface_t* surface) : cairo_(cairo_create(surface)) {
  cairo_set_line_cap(cairo_, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
}

PlotCanvas::~PlotCanvas() { cairo_destroy(cairo_); }

void PlotCanvas::fill(const Box& box, Ink ink, double corner) {
  cairo_set_source_rgba(cairo_, ink.red, ink.green, ink.blue, ink.alpha);
  if (corner <= 0) {
    cairo_rectangle(cairo_, box.left, box.top, box.width, box.height);
  } else {
    const double quarter = std::numbers::pi / 2;
    cairo_new_sub_path(cairo_);
    cairo_arc(cairo_, box.right() - corner, box.top + corner, corner, -quarter, 0);
    cairo_arc(cairo_, box.right() - corner, box.bottom() - corner, corner, 0, quarter);
    cairo_arc(cairo_, box.left + corner, box.bottom() - corner, corner, quarter, 2 * quarter);
    cairo_arc(cairo_, box.left + corner, box.top + corner, corner, 2 * quarter, 3 * quarter);
    cairo_close_path(cairo_);
  }
  cairo_fill(cairo_);
}

void PlotCanvas::line(double x1, double y1, double x2, double y2, Ink ink, double width, bool dashed) {
  constexpr std::array<double, 2> dash{5, 5};
  cairo_set_source_rgba(cairo_, ink.red, ink.green, ink.blue, ink.alpha);
  cairo_set_line_width(cairo_, width);
  cairo_set_dash(cairo_, dash.data(), dashed ? 2 : 0, 0);
  cairo_move_to(cairo_, x1, y1);
  cairo_line_to(cairo_, x2, y2);
  cairo_stroke(cairo_);
  cairo_set_dash(cairo_, nullptr, 0, 0);
}

void PlotCanvas::choose_font(std::string_view text, double size, bool bold) {
  for (const char* face : faces) {
    select(cairo_, face, size, bold);
    if (has_letters(cairo_, text)) return;
  }
  select(cairo_, faces.front(), size, bold);
}

bool PlotCanvas::can_write(std::string_view text) {
  choose_font(text, 12, false);
  return has_letters(cairo_, text);
}

double PlotCanvas::text_width(std::string_view text, double size, bool bold) {
  choose_font(text, size, bold);
  cairo_text_extents_t extents;
  cairo_text_extents(cairo_, std::string(text).c_str(), &extents);
  return extents.x_advance;
}

void PlotCanvas::text(std::string_view text, double x, double y, double size, Ink ink, Align align,
                      bool bold) {
  const double width = text_width(text, size, bold);
  const double shift = align == Align::left ? 0 : align == Align::centre ? width / 2 : width;
  cairo_set_source_rgba(cairo_, ink.red, ink.green, ink.blue, ink.alpha);
  cairo_move_to(cairo_, x - shift, y);
  cairo_show_text(cairo_, std::string(text).c_str());
}

std::string PlotCanvas::cut(std::string_view text, double width, double size, bool bold) {
  if (text_width(text, size, bold) <= width) return std::string(text);
  std::string result(text);
  while (!result.empty() && text_width(result + "…", size, bold) > width) {
    do result.pop_back();
    while (!result.empty() && (static_cast<unsigned char>(text[result.size()]) & 0xC0) == 0x80);
  }
  return result + "…";
}

void PlotCanvas::clip(const Box& box) {
  cairo_save(cairo_);
  cairo_rectangle(cairo_, box.left, box.top, box.width, box.height);
  cairo_clip(cairo_);
}

void PlotCanvas::unclip() { cairo_restore(cairo_); }

}  // namespace orakgarak::formats
