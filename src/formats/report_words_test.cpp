#include "formats/report_words.h"

#include <gmock/gmock.h>

namespace orakgarak::formats {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Nothing was heard in it.
voice::VoiceReport unheard(Seconds duration) {
  voice::VoiceReport report;
  report.duration = duration;
  report.source_rate = Hertz(16000);
  report.range.lowest = report.range.highest = std::unexpected(voice::RangeDecline::too_little_singing);
  report.capture.peak = report.capture.active_level = Decibels(-200);
  report.capture.snr = Decibels(-20);
  report.capture.advice.push_back({voice::CaptureFault::silence, -200, true});
  return report;
}

TEST(ReportWords, SilenceIsBlamedOnTheMicrophone) {
  EXPECT_THAT(nothing_to_measure(unheard(Seconds(4))).value(), HasSubstr("microphone"));
}

TEST(ReportWords, SamplesThatAreNoNumbersAreNotBlamedOnTheMicrophone) {
  auto report = unheard(Seconds(4));
  report.capture.advice.push_back({voice::CaptureFault::invalid_samples, 64000, false});
  EXPECT_THAT(nothing_to_measure(report).value(), HasSubstr("not numbers"));
  report.capture.advice.back().value = 3;
  EXPECT_THAT(nothing_to_measure(report).value(), HasSubstr("microphone"))
      << "three stray ones explain nothing";
}

TEST(ReportWords, ATakeOfAFractionOfASecondIsSaidToBeShort) {
  EXPECT_THAT(nothing_to_measure(unheard(Seconds(0.2))).value(), HasSubstr("shorter than a second"));
  EXPECT_THAT(nothing_to_measure(unheard(Seconds(1))).value(), HasSubstr("microphone"));
}

TEST(ReportWords, LevelsThatWereNotMeasuredAreNotShown) {
  auto report = unheard(Seconds(4));
  EXPECT_THAT(describe(report.capture), Not(HasSubstr("200")));
  report.capture.peak = Decibels(-12);
  EXPECT_THAT(describe(report.capture), HasSubstr("peak -12 dBFS"));
  EXPECT_THAT(describe(report.capture), Not(HasSubstr("background"))) << "nobody sang over it";
}

}  // namespace
}  // namespace orakgarak::formats
