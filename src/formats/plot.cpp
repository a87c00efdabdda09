#include "formats/plot.h"

#include <cairo-svg.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "formats/plot_canvas.h"
#include "formats/report_words.h"

namespace orakgarak::formats {
namespace {

constexpr double width = 1200, height = 640;
constexpr std::size_t most_points = 6000;  // of the curve; more than two a point of width show nothing new
constexpr double least_sung = 0.05;        // s at a semitone that the axis must show

constexpr Ink paper{1, 1, 1}, ink{0.13, 0.15, 0.19}, faint{0.45, 0.48, 0.54}, grid{0.87, 0.89, 0.91},
    octave_line{0.72, 0.75, 0.80}, comfortable{0.16, 0.62, 0.42, 0.10}, comfortable_bar{0.16, 0.62, 0.42},
    outside_bar{0.93, 0.62, 0.20}, held{0.23, 0.42, 0.85, 0.20}, curve{0.16, 0.34, 0.80},
    end_mark{0.82, 0.17, 0.25};

/// Which pitches and times are drawn where.
class Scene {
 public:
  Scene(const voice::VoiceReport& report, const PlotText& text, PlotCanvas& canvas)
      : report_(report), canvas_(canvas), title_(text.title), notation_(text.notation) {
    if (!canvas.can_write(note_name(Midi(67), notation_))) notation_ = Notation::scientific;
    find_pitches();
    const double label = canvas_.text_width(note_name(Midi(66), notation_), 11);
    chart_ = {28 + label, 84, width - 28 - label - 250, height - 84 - 52};
    side_ = {chart_.right() + 86, chart_.top, width - chart_.right() - 86 - 24, chart_.height};
  }

  void draw() {
    canvas_.fill({0, 0, width, height}, paper);
    draw_heading();
    draw_grid();
    canvas_.clip(chart_);
    draw_notes();
    draw_curve();
    canvas_.unclip();
    draw_times();
    draw_tessitura();
    draw_ends();
  }

 private:
  void find_pitches() {
    int low = 127, high = 0;
    for (int midi = 0; midi < 128; ++midi)
      if (report_.tessitura.seconds[static_cast<std::size_t>(midi)] >= least_sung)
        low = std::min(low, midi), high = std::max(high, midi);
    for (const auto* end : {&report_.range.lowest, &report_.range.highest})
      if (*end) {
        low = std::min(low, static_cast<int>(std::floor((*end)->pitch.value)));
        high = std::max(high, static_cast<int>(std::ceil((*end)->pitch.value)));
      }
    if (low > high) low = 53, high = 67;  // nothing sung: an empty grid around C4
    const int missing = std::max(0, 12 - (high - low));
    low_ = low - 2 - missing / 2;
    high_ = high + 2 + (missing + 1) / 2;
  }

  double y(Midi pitch) const {
    return chart_.bottom() - (pitch.value - low_ + 0.5) / (high_ - low_ + 1) * chart_.height;
  }
  double x(Seconds time) const {
    return chart_.left + time.value / std::max(report_.duration.value, 0.1) * chart_.width;
  }
  double row() const { return chart_.height / (high_ - low_ + 1); }

  void draw_heading();
  void draw_grid();
  void draw_notes();
  void draw_curve();
  void draw_times();
  void draw_tessitura();
  void draw_ends();
  void draw_end(const voice::RangeEnd& end, std::string_view word, bool above);

  const voice::VoiceReport& report_;
  PlotCanvas& canvas_;
  std::string title_;
  Notation notation_;
  int low_ = 0, high_ = 0;  ///< MIDI numbers of the outermost rows
  Box chart_{}, side_{};
};

void Scene::draw_heading() {
  canvas_.text(canvas_.cut(title_, width - 56, 20, true), 28, 38, 20, ink, Align::left, true);
  std::string line = fmt::format("{} · {:.1f} s sung", clock_time(report_.duration), report_.voiced.value);
  const auto& [lowest, highest, low, high] = report_.range;
  if (lowest && highest)
    line +=
        fmt::format(" · range {} to {}, {} semitones", note_name(lowest->pitch, notation_),
                    note_name(highest->pitch, notation_), semitones_between(lowest->pitch, highest->pitch));
  if (const auto why_not = nothing_to_measure(report_)) line += " · no answer: " + *why_not;
  if (low && high)
    line += fmt::format(" · comfortable {} to {}", note_name(low->pitch, notation_),
                        note_name(high->pitch, notation_));
  canvas_.text(canvas_.cut(line, width - 56, 13), 28, 62, 13, faint);
}

void Scene::draw_grid() {
  const auto& low = report_.range.comfortable_low;
  const auto& high = report_.range.comfortable_high;
  if (low && high) {
    const double top = y(high->pitch) - row() / 2, bottom = y(low->pitch) + row() / 2;
    canvas_.fill({chart_.left, top, chart_.width, bottom - top}, comfortable);
  }
  constexpr std::array<bool, 12> natural{true,  false, true,  false, true,  true,
                                         false, true,  false, true,  false, true};
  for (int midi = low_; midi <= high_; ++midi) {
    const auto step = static_cast<std::size_t>((midi % 12 + 12) % 12);
    const double level = y(Midi(midi));
    canvas_.line(chart_.left, level, chart_.right(), level, step == 0 ? octave_line : grid,
                 step == 0 ? 1.2 : 0.8);
    if (natural[step] && (row() > 8 || step == 0))
      canvas_.text(note_name(Midi(midi), notation_), chart_.left - 8, level + 4, 11, step == 0 ? ink : faint,
                   Align::right, step == 0);
  }
}

void Scene::draw_notes() {
  for (const auto& note : report_.notes.notes) {
    const double left = x(note.span.start), right = std::max(x(note.span.end), left + 1);
    const double corner = std::min({3.0, (right - left) / 2, row() / 2});
    canvas_.fill({left, y(note.pitch) - row() * 0.45, right - left, row() * 0.9}, held, corner);
  }
}

void Scene::draw_curve() {
  cairo_t* cairo = canvas_.context();
  cairo_set_source_rgba(cairo, curve.red, curve.green, curve.blue, curve.alpha);
  cairo_set_line_width(cairo, 1.8);
  const auto& frames = report_.frames;
  const std::size_t stride = 1 + frames.size() / most_points;
  const double jump = std::min(3.0, 1.0 * static_cast<double>(stride));  // semitones that break the line
  std::optional<Midi> before;
  for (std::size_t i = 0; i < frames.size(); i += stride) {
    if (!frames[i].voiced()) {
      before.reset();
      continue;
    }
    const Midi pitch = to_midi(frames[i].f0);
    const double at = x(voice::frame_hop * static_cast<double>(i));
    if (before && std::abs((pitch - *before).value) < jump) {
      cairo_line_to(cairo, at, y(pitch));
    } else {
      cairo_move_to(cairo, at, y(pitch));
      cairo_line_to(cairo, at + 0.01, y(pitch));  // a lone frame is a dot
    }
    before = pitch;
  }
  cairo_stroke(cairo);
}

void Scene::draw_times() {
  constexpr std::array<double, 9> steps{1, 2, 5, 10, 20, 30, 60, 120, 300};
  double step = steps.back();
  for (const double candidate : steps)
    if (report_.duration.value / candidate <= 12) {
      step = candidate;
      break;
    }
  canvas_.line(chart_.left, chart_.bottom(), chart_.right(), chart_.bottom(), octave_line, 1.2);
  for (int mark = 0; mark * step <= report_.duration.value; ++mark) {
    const double time = mark * step, at = x(Seconds(time));
    canvas_.line(at, chart_.bottom(), at, chart_.bottom() + 5, octave_line, 1.2);
    const auto whole = std::llround(time);
    canvas_.text(fmt::format("{}:{:02}", whole / 60, whole % 60), at, chart_.bottom() + 20, 11, faint,
                 Align::centre);
  }
}

void Scene::draw_tessitura() {
  canvas_.text("seconds at each note", side_.left, side_.top - 8, 11, faint);
  double most = 0;
  for (const float seconds : report_.tessitura.seconds) most = std::max<double>(most, seconds);
  if (most <= 0) return;
  const auto& low = report_.range.comfortable_low;
  const auto& high = report_.range.comfortable_high;
  for (int midi = std::max(low_, 0); midi <= std::min(high_, 127); ++midi) {
    const double seconds = report_.tessitura.seconds[static_cast<std::size_t>(midi)];
    if (seconds < least_sung) continue;
    const bool inside =
        low && high && std::lround(low->pitch.value) <= midi && midi <= std::lround(high->pitch.value);
    const double length = std::max(1.5, seconds / most * (side_.width - 34));
    canvas_.fill({side_.left, y(Midi(midi)) - row() * 0.38, length, row() * 0.76},
                 inside ? comfortable_bar : outside_bar, std::min({2.0, row() * 0.3, length / 2}));
    if (row() > 9)
      canvas_.text(fmt::format("{:.1f}", seconds), side_.left + length + 5, y(Midi(midi)) + 3.5, 10, faint);
  }
}

void Scene::draw_end(const voice::RangeEnd& end, std::string_view word, bool above) {
  const double level = y(end.pitch);
  canvas_.line(chart_.left, level, chart_.right(), level, end_mark, 1.1, true);
  const double left = x(end.longest.start), right = std::max(x(end.longest.end), left + 2);
  canvas_.line(left, level, right, level, end_mark, 4.5);
  const auto name = note_name(end.pitch, notation_);
  canvas_.text(name, chart_.right() + 8, level + 4, 13, end_mark, Align::left, true);
  canvas_.text(word, chart_.right() + 8, level + (above ? -12 : 20), 10.5, end_mark);
  const double middle = std::clamp((left + right) / 2, chart_.left + 24, chart_.right() - 24);
  canvas_.text(clock_time(end.longest.start), middle, level + (above ? -8 : 17), 10.5, end_mark,
               Align::centre);
}

void Scene::draw_ends() {
  if (report_.range.highest) draw_end(*report_.range.highest, "highest", true);
  if (report_.range.lowest) draw_end(*report_.range.lowest, "lowest", false);
}

cairo_status_t append(void* to, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;

}  // namespace

std::optional<PlotFormat> plot_format(std::string_view path) {
  std::string end(path.substr(path.size() - std::min<std::size_t>(path.size(), 4)));
  std::ranges::transform(end, end.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  if (end == ".svg") return PlotFormat::svg;
  if (end == ".png") return PlotFormat::png;
  return std::nullopt;
}

Result<std::string> draw_plot(const voice::VoiceReport& report, const PlotText& text, PlotFormat format) {
  constexpr double pixels = 2;  // a point, in PNG
  std::string bytes;
  Surface surface(format == PlotFormat::svg
                      ? cairo_svg_surface_create_for_stream(append, &bytes, width, height)
                      : cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width * pixels),
                                                   static_cast<int>(height * pixels)),
                  cairo_surface_destroy);
  if (format == PlotFormat::png) cairo_surface_set_device_scale(surface.get(), pixels, pixels);
  auto status = CAIRO_STATUS_SUCCESS;
  {
    PlotCanvas canvas(surface.get());
    Scene(report, text, canvas).draw();
    status = canvas.status();
  }
  if (status == CAIRO_STATUS_SUCCESS && format == PlotFormat::png)
    status = cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
  cairo_surface_finish(surface.get());
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS)
    return rejected("plot_failed",
                    fmt::format("the plot cannot be drawn: {}", cairo_status_to_string(status)));
  return bytes;
}

}  // namespace orakgarak::formats
