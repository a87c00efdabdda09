#include "app/stages/samples.h"

#include <gtest/gtest.h>

#include "uploads/temp_file.h"

namespace orakgarak::app {
namespace {

using uploads::UploadId;

Samples samples_of(const std::vector<float>& all) {
  auto file = uploads::TempFile::make().value();
  file.write(std::as_bytes(std::span(all))).value();
  media::DecodeSummary summary;
  summary.format.rate = Hertz(48000);
  summary.format.source_rate = Hertz(96000);
  summary.samples = all.size();
  summary.damaged_packets = 3;
  summary.truncated = true;
  return {std::move(file).open().value(), summary};
}

TEST(Samples, ComeBackAsTheyWere) {
  std::vector<float> all(200'001), heard;  // more than a block, and no whole number of them
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>(i);
  const Samples samples = samples_of(all);
  const auto back = hear(samples, {.format = {}, .samples = [&](std::span<const float> part) {
                                     heard.insert(heard.end(), part.begin(), part.end());
                                     return true;
                                   }});
  ASSERT_TRUE(back);
  EXPECT_EQ(heard, all);
  EXPECT_EQ(back->samples, all.size());
  EXPECT_EQ(back->format.rate, Hertz(48000));
  EXPECT_EQ(back->format.source_rate, Hertz(96000));
  EXPECT_EQ(back->damaged_packets, 3U);
  EXPECT_TRUE(back->truncated);
  EXPECT_FALSE(back->stopped);
}

TEST(Samples, OfAFileThatEndsEarlyAreAskedForAgain) {
  Samples samples = samples_of(std::vector<float>(100, 0.5F));
  samples.summary.samples = 101;
  const auto heard = hear(samples, {.format = {}, .samples = [](std::span<const float>) { return true; }});
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().kind, ErrorKind::retry);
  EXPECT_EQ(heard.error().code, "objects_unavailable");
}

TEST(Samples, TheSinkMayStop) {
  const Samples samples = samples_of(std::vector<float>(200'000));
  int calls = 0;
  const auto stopped = hear(samples, {.format = {}, .samples = [&](std::span<const float>) {
                                        ++calls;
                                        return false;
                                      }});
  ASSERT_TRUE(stopped);
  EXPECT_TRUE(stopped->stopped);
  EXPECT_EQ(calls, 1);
}

TEST(SamplesAtHand, AreTakenOnceAndTheOldestMakeRoom) {
  const auto id = [] { return UploadId::make(system_now()); };
  const UploadId first = id(), second = id(), third = id();
  SamplesAtHand hand(250 * sizeof(float));
  const std::vector<float> hundred(100);
  hand.keep(first, samples_of(hundred));
  hand.keep(second, samples_of(hundred));
  EXPECT_TRUE(hand.take(first));
  EXPECT_FALSE(hand.take(first));
  hand.keep(first, samples_of(hundred));
  hand.keep(third, samples_of(hundred));  // 300: second is the oldest
  EXPECT_FALSE(hand.take(second));
  EXPECT_TRUE(hand.take(first));
  hand.keep(second, samples_of(std::vector<float>(1000)));
  EXPECT_FALSE(hand.take(third));
  EXPECT_TRUE(hand.take(second)) << "the last stays, however many";
}

TEST(SamplesAtHand, ThoseConvertedAgainTakeThePlaceOfTheOlder) {
  const UploadId take = UploadId::make(system_now());
  SamplesAtHand hand;
  hand.keep(take, samples_of(std::vector<float>(100)));
  hand.keep(take, samples_of(std::vector<float>(50)));
  EXPECT_EQ(hand.take(take)->summary.samples, 50U);
  EXPECT_FALSE(hand.take(take));
}

}  // namespace
}  // namespace orakgarak::app
