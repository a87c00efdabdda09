#include "formats/plot.h"

#include <gmock/gmock.h>

#include <cmath>

namespace orakgarak::formats {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

voice::VoiceReport scale(double seconds) {
  voice::VoiceReport report;
  report.duration = report.voiced = Seconds(seconds);
  const auto frames = static_cast<std::size_t>(seconds / voice::frame_hop.value);
  for (std::size_t i = 0; i < frames; ++i) {
    const Midi pitch(48 + 24 * static_cast<double>(i) / static_cast<double>(frames));
    report.frames.push_back({to_hertz(pitch), 1, 1, -20});
    report.tessitura.seconds[static_cast<std::size_t>(std::lround(pitch.value))] += 0.01f;
  }
  report.range.lowest = voice::RangeEnd{Midi(48), Seconds(1), {Seconds(0), Seconds(1)}, Semitones(0.1)};
  report.range.highest = std::unexpected(voice::RangeDecline::noise);
  return report;
}

TEST(Plot, TheKindIsTheEndOfTheName) {
  EXPECT_EQ(plot_format("a.svg"), PlotFormat::svg);
  EXPECT_EQ(plot_format("a.b.PNG"), PlotFormat::png);
  for (const char* other : {"", "svg", "a.svgz", "a.jpg", "a"}) EXPECT_FALSE(plot_format(other)) << other;
}

TEST(Plot, IsAnSvgOrPngFile) {
  const auto svg = draw_plot(scale(10), {"take", Notation::scientific}, PlotFormat::svg);
  ASSERT_TRUE(svg) << svg.error().detail;
  EXPECT_THAT(*svg, StartsWith("<?xml"));
  EXPECT_THAT(*svg, EndsWith("</svg>\n"));
  const auto png = draw_plot(scale(10), {"take", Notation::scientific}, PlotFormat::png);
  ASSERT_TRUE(png);
  EXPECT_THAT(*png, StartsWith("\x89PNG"));
}

TEST(Plot, AnEmptyReportIsAnEmptyGrid) {
  voice::VoiceReport nothing;
  EXPECT_TRUE(draw_plot(nothing, {"", Notation::korean}, PlotFormat::svg));
}

TEST(Plot, DrawsEveryNotationAndTitle) {
  for (const auto notation : {Notation::scientific, Notation::korean, Notation::japanese})
    EXPECT_TRUE(draw_plot(scale(3), {"오락가락 – 夏 – very long " + std::string(300, 'x'), notation},
                          PlotFormat::svg));
}

TEST(Plot, ATitleThatIsNoUtf8IsAnErrorAndNoEmptyPicture) {
  EXPECT_FALSE(draw_plot(scale(3), {"a\xff", Notation::scientific}, PlotFormat::svg));
}

TEST(Plot, TwentyMinutesDrawNoMorePointsThanTwo) {
  const auto two = draw_plot(scale(120), {"", Notation::scientific}, PlotFormat::svg);
  const auto twenty = draw_plot(scale(1200), {"", Notation::scientific}, PlotFormat::svg);
  ASSERT_TRUE(two && twenty);
  EXPECT_LT(twenty->size(), 2 * two->size());
}

}  // namespace
}  // namespace orakgarak::formats
