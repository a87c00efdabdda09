#include "formats/recommend_words.h"

#include <gmock/gmock.h>

namespace orakgarak::formats {
namespace {

using songs::Reason;
using songs::ReasonCode;

TEST(RecommendWords, AKeyHasASignUnlessItIsTheOriginal) {
  EXPECT_EQ(key_name(-2), "−2");
  EXPECT_EQ(key_name(0), "0");
  EXPECT_EQ(key_name(3), "+3");
}

TEST(RecommendWords, TimeAboveTheComfortableRangeIsSaidWithItsNumbers) {
  Reason reason{ReasonCode::above_comfortable};
  reason.limit = Midi(64);
  reason.note = Midi(67);
  reason.seconds = Seconds(4.2);
  reason.at_note = Seconds(0.4);
  EXPECT_EQ(describe(reason, Notation::scientific),
            "4.2 s above your comfortable E4, 0.4 s at its highest, G4");
  EXPECT_EQ(describe(reason, Notation::japanese),
            "4.2 s above your comfortable mid2E, 0.4 s at its highest, mid2G");
}

TEST(RecommendWords, OneSemitoneIsNotTwo) {
  Reason reason{ReasonCode::above_full};
  reason.note = Midi(69);
  reason.limit = Midi(68);
  reason.margin = Semitones(1);
  EXPECT_EQ(describe(reason, Notation::scientific), "its highest, A4, is 1 semitone above your highest, G#4");
  reason.margin = Semitones(1.46);
  EXPECT_EQ(describe(reason, Notation::scientific),
            "its highest, A4, is 1.5 semitones above your highest, G#4");
}

TEST(RecommendWords, ATopThatIsTheLimitIsNotZeroSemitonesUnderIt) {
  Reason reason{ReasonCode::top_comfortable};
  reason.note = reason.limit = Midi(55);
  reason.margin = Semitones(0.04);
  EXPECT_EQ(describe(reason, Notation::scientific), "its highest, G3, is the top of your comfortable range");
  reason.code = ReasonCode::top_reachable;
  EXPECT_EQ(describe(reason, Notation::scientific), "its highest, G3, is your highest note");
}

TEST(RecommendWords, AnEndThatWasMovedSaysByHowMuchAndWhy) {
  Reason reason{ReasonCode::high_end_lowered};
  reason.limit = Midi(61);
  reason.margin = Semitones(1.5);
  EXPECT_EQ(describe(reason, Notation::scientific),
            "C#4 counts as your comfortable top, 1.5 semitones lower than sung: songs were too hard");
}

TEST(RecommendWords, EveryCodeHasASentence) {
  for (int code = 0; code <= static_cast<int>(ReasonCode::empty_catalogue); ++code) {
    const Reason reason{static_cast<ReasonCode>(code)};
    const auto words = describe(reason, Notation::scientific);
    EXPECT_THAT(words, testing::HasSubstr(" ")) << to_string(reason.code) << " has no words of its own";
  }
}

}  // namespace
}  // namespace orakgarak::formats
