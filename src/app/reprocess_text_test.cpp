#include "app/reprocess_text.h"

#include <gmock/gmock.h>

namespace orakgarak::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ReprocessText, ADryRunSaysHowManyOfHowManyPeopleAndThatNothingWasQueued) {
  const auto text =
      outdated_text({.takes = 1'234'567, .queued = 12, .given_up = 3, .owners = 321, .bytes = 5ULL << 40}, 7);
  EXPECT_THAT(text, HasSubstr("1,234,567 takes of 321 people (5120 GiB)"));
  EXPECT_THAT(text, HasSubstr("before 7"));
  EXPECT_THAT(text, HasSubstr("12 of them are queued"));
  EXPECT_THAT(text, HasSubstr("dlq list"));
  EXPECT_THAT(text, HasSubstr("Nothing was queued"));
  EXPECT_THAT(outdated_text({}, 7), HasSubstr("All takes"));
}

TEST(ReprocessText, TheEndSaysWhatIsLeftAndWhatCouldNotBeMeasured) {
  uploads::Reprocessing run{.outdated = {.takes = 10, .queued = 0, .given_up = 2}, .all_queued = true};
  EXPECT_THAT(reprocessed_text(run, 5, 2), HasSubstr("5 takes measured anew"));
  EXPECT_THAT(reprocessed_text(run, 5, 2), HasSubstr("2 takes could not be"));
  EXPECT_THAT(reprocessed_text(run, 5, 2), HasSubstr("8 takes are left"));
  run.outdated.takes = 2;
  EXPECT_THAT(reprocessed_text(run, 1, 0), HasSubstr("1 take measured"));
  EXPECT_THAT(reprocessed_text(run, 1, 0), Not(HasSubstr("left")));
}

TEST(ReprocessText, ProgressEstimatesByWhatWasDone) {
  EXPECT_EQ(progress_note(0, 5'000, 1min), "0 of 5,000");
  EXPECT_EQ(progress_note(100, 5'000, 10min), "100 of 5,000, 10 a minute, about 8 h left");
  EXPECT_EQ(progress_note(4'990, 5'000, 10min), "4,990 of 5,000, 499 a minute, about a minute left");
  EXPECT_EQ(progress_note(100, 1'000'000, 10min), "100 of 1,000,000, 10 a minute, about 69 days left");
}

}  // namespace
}  // namespace orakgarak::app
