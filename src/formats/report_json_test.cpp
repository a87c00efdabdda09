#include "formats/report_json.h"

#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "formats/report_csv.h"
#include "formats/report_words.h"

namespace orakgarak::formats {
namespace {

using nlohmann::json;
using voice::RangeDecline;

/// A take whose top was sung against an instrument.
voice::VoiceReport report() {
  voice::VoiceReport report;
  report.duration = Seconds(12.3456);
  report.voiced = Seconds(8);
  report.range.lowest =
      voice::RangeEnd{Midi(45.01234), Seconds(1.5), {Seconds(2), Seconds(3)}, Semitones(0.2)};
  report.range.comfortable_low =
      voice::RangeEnd{Midi(48), Seconds(3), {Seconds(4), Seconds(5)}, Semitones(0.2)};
  report.range.highest = std::unexpected(RangeDecline::second_voice);
  report.range.comfortable_high = std::unexpected(RangeDecline::second_voice);
  report.tessitura.seconds[50] = 2.5f;
  return report;
}

json written(const voice::VoiceReport& report, const std::string& file = "a.wav") {
  return json::parse(report_json({file, false}, report, Notation::scientific));
}

TEST(ReportJson, AnEndThatIsToldHasItsEvidence) {
  const auto end = written(report())["range"]["lowest"];
  EXPECT_EQ(end["midi"], 45.012) << "a thousandth of a semitone is finer than any measurement";
  EXPECT_EQ(end["note"], "A2");
  EXPECT_EQ(end["listen"]["start_s"], 2.0);
}

TEST(ReportJson, AnEndThatIsDeclinedIsNullAndSaysWhy) {
  const auto range = written(report())["range"];
  EXPECT_TRUE(range["highest"]["midi"].is_null());
  EXPECT_EQ(range["declined"]["highest"]["code"], "second_voice");
  EXPECT_FALSE(range["declined"].contains("lowest"));
}

TEST(ReportJson, OneEndIsAnAnswerAndNoneIsNot) {
  auto one = report();
  EXPECT_TRUE(written(one)["answered"]);
  one.range.lowest = std::unexpected(RangeDecline::noise);
  EXPECT_FALSE(written(one)["answered"]);
  EXPECT_TRUE(written(one)["why_not"].is_string());
}

TEST(ReportJson, AFileNameThatIsNoUtf8StillGivesJson) {
  EXPECT_EQ(written(report(), "a\xff.wav")["file"], "a\xEF\xBF\xBD.wav");
}

TEST(ReportJson, WhatIsNoNumberIsNull) {
  auto broken = report();
  broken.capture.snr = Decibels(std::numeric_limits<double>::infinity());
  EXPECT_TRUE(written(broken)["capture"]["snr_db"].is_null());
}

TEST(ReportCsv, IsOneRowAFrame) {
  std::vector<voice::PitchFrame> frames(2);
  frames[1].f0 = Hertz(220.12345);
  frames[1].confidence = 0.987f;
  frames[1].judge = voice::Judge::both;
  EXPECT_EQ(pitch_csv(frames),
            "time,f0_hz,confidence,heard_by\n0.00,0.000,0.000,\n0.01,220.123,0.987,both\n");
}

TEST(ReportWords, ATimeIsMinutesSecondsAndTenths) {
  EXPECT_EQ(clock_time(Seconds(0)), "0:00.0");
  EXPECT_EQ(clock_time(Seconds(59.96)), "1:00.0");
  EXPECT_EQ(clock_time(Seconds(62.54)), "1:02.5");
  EXPECT_EQ(clock_time(Seconds(1200)), "20:00.0");
}

}  // namespace
}  // namespace orakgarak::formats
