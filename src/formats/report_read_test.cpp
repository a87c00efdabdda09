#include "formats/report_read.h"

#include <gtest/gtest.h>

#include "formats/report_json.h"

namespace orakgarak::formats {
namespace {

const Time noon{std::chrono::days(20'000)};

voice::RangeEnd end_at(double midi) {
  return {Midi(midi), Seconds(1), {Seconds(0), Seconds(1)}, Semitones(0.25)};
}

voice::VoiceReport a_report() {
  voice::VoiceReport report;
  report.range = {end_at(45.125), end_at(67), end_at(48), end_at(62.5)};
  report.tessitura.seconds[48] = 2.5;
  report.tessitura.seconds[60] = 12;
  report.notes.notes.resize(3);
  return report;
}

std::string code(std::string_view report) {
  const auto read = read_sung_take(report, noon);
  return read ? "" : read.error().code;
}

TEST(ReportRead, WhatWasWrittenIsReadBack) {
  for (const Notation notation : {Notation::scientific, Notation::korean, Notation::japanese}) {
    const auto report = a_report();
    const auto read = read_sung_take(report_json({}, report, notation), noon);
    ASSERT_TRUE(read) << read.error().detail;
    const songs::SungTake take = songs::sung_take(report, noon);
    EXPECT_EQ(read->lowest->pitch, take.lowest->pitch);
    EXPECT_EQ(read->lowest->uncertainty, take.lowest->uncertainty);
    EXPECT_EQ(read->highest->pitch, take.highest->pitch);
    EXPECT_EQ(read->comfortable_low->pitch, take.comfortable_low->pitch);
    EXPECT_EQ(read->comfortable_high->pitch, take.comfortable_high->pitch);
    EXPECT_EQ(read->seconds, take.seconds);
    EXPECT_EQ(read->when, noon);
  }
}

TEST(ReportRead, ADeclinedEndIsAbsentAndATakeThatWasNoSingingIsNotUsable) {
  auto report = a_report();
  report.range.highest = std::unexpected(voice::RangeDecline::second_voice);
  const auto read = read_sung_take(report_json({}, report, Notation::scientific), noon);
  EXPECT_FALSE(read->highest);
  EXPECT_TRUE(read->lowest && is_usable(*read));
  for (auto* end : {&report.range.lowest, &report.range.highest, &report.range.comfortable_low,
                    &report.range.comfortable_high})
    *end = std::unexpected(voice::RangeDecline::not_singing);
  EXPECT_FALSE(is_usable(*read_sung_take(report_json({}, report, Notation::scientific), noon)));
}

TEST(ReportRead, WhatElseAReportHoldsDoesNotMatter) {
  std::string text = report_json({}, a_report(), Notation::scientific);
  text.insert(1, R"("curve":{"hop_seconds":0.05,"midi":[null,60.1]},"range2":7,)");
  EXPECT_EQ(code(text), "");
}

TEST(ReportRead, WhatIsNoReportIsRefused) {
  const std::string good = report_json({}, a_report(), Notation::scientific);
  EXPECT_EQ(code(good.substr(0, good.size() / 2)), "report_unreadable");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return code(text);
  };
  EXPECT_EQ(with("\"midi\":45.125", "\"midi\":45.25"), "");
  for (const char* midi : {"-1", "127.5", "1e999", "\"45\"", "[]", "true"})
    EXPECT_EQ(with("\"midi\":45.125", std::string("\"midi\":") + midi), "report_unreadable") << midi;
  EXPECT_EQ(with("\"uncertainty_semitones\":0.25", "\"uncertainty_semitones\":null"), "report_unreadable");
  EXPECT_EQ(with("\"lowest\"", "\"deepest\""), "report_unreadable");
  EXPECT_EQ(with("\"tessitura\"", "\"other\""), "report_unreadable");
  EXPECT_EQ(with("\"seconds\":2.5", "\"seconds\":-2.5"), "report_unreadable");
  EXPECT_EQ(with("\"seconds\":2.5", "\"seconds\":86401"), "report_unreadable");
  EXPECT_EQ(with("{\"midi\":48,", "{\"midi\":48.5,"), "report_unreadable");
  for (const char* text : {"", "null", "[]", "{}", "{\"range\":{}}", "{\"range\":[],\"tessitura\":[]}"})
    EXPECT_EQ(code(text), "report_unreadable") << text;
}

TEST(ReportRead, DepthAndLengthHaveAnEnd) {
  EXPECT_EQ(code(std::string(1'000'000, '[')), "report_unreadable");
  std::string deep = report_json({}, a_report(), Notation::scientific);
  deep.insert(1, "\"notes2\":" + std::string(100'000, '[') + std::string(100'000, ']') + ",");
  EXPECT_EQ(code(deep), "");
  std::string text = report_json({}, a_report(), Notation::scientific);
  text.append(most_report_bytes - text.size(), ' ');
  EXPECT_EQ(code(text), "");
  EXPECT_EQ(code(text + " "), "report_unreadable");
}

}  // namespace
}  // namespace orakgarak::formats
