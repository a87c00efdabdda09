#include "events/kafka/partition_load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace orakgarak::events {
namespace {

double two_decimals(double value) { return std::round(value * 100) / 100; }

std::int64_t sum(const PartitionLoads& loads) {
  return std::accumulate(loads.messages.begin(), loads.messages.end(), std::int64_t{0});
}

// The hashes are those of org.apache.kafka.common.utils.UtilsTest.testMurmur2; a Java producer then takes
// (hash & 0x7fffffff) % partitions.
TEST(PartitionOf, IsWhatAJavaProducerChooses) {
  const std::pair<std::string_view, std::int32_t> hashes[] = {
      {"21", -973932308},
      {"foobar", -790332482},
      {"a-little-bit-long-string", -985981536},
      {"a-little-bit-longer-string", -1486304829},
      {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
      {"abc", 479470107},
  };
  for (const auto& [key, hash] : hashes)
    for (const int partitions : {1, 3, 12, 1'000'000'007})
      EXPECT_EQ(partition_of(key, partitions), (hash & 0x7FFFFFFF) % partitions) << key;
}

TEST(PartitionLoads, SequentialIdsOverThreePartitions) {
  const auto rows = partition_loads(
      {.partitions = {3}, .messages = {300, 1'000}, .upload_keys = UploadKeys::sequential, .users = 10});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(two_decimals(rows[0].by_upload.ratio()), 1.36);
  EXPECT_EQ(two_decimals(rows[1].by_upload.ratio()), 1.10);
}

TEST(PartitionLoads, ARowCountsEachMessageOnceForEachKey) {
  const auto rows = partition_loads({.partitions = {3, 12}, .messages = {1'000, 10}, .users = 100});
  ASSERT_EQ(rows.size(), 4U);
  for (const auto& row : rows) {
    EXPECT_EQ(row.by_upload.messages.size(), static_cast<std::size_t>(row.partitions));
    EXPECT_EQ(sum(row.by_upload), row.messages);
    EXPECT_EQ(sum(row.by_user), row.messages);
  }
  EXPECT_EQ(rows[0].messages, 1'000);
  EXPECT_EQ(rows[3].messages, 10);
  EXPECT_EQ(rows[3].partitions, 12);
}

TEST(PartitionLoads, UploadIdsComeOutEvenAndUsersOfAHeavyTailDoNot) {
  const auto rows = partition_loads({.partitions = {12}, .messages = {100'000}});
  EXPECT_LT(rows[0].by_upload.ratio(), 1.1);  // 12 cells of 8333: four deviations are 4 %
  EXPECT_GT(rows[0].by_user.ratio(), 2);
}

TEST(PartitionLoads, MoreMessagesEvenOutUploadsAndNotUsers) {
  const auto rows = partition_loads({.partitions = {3}, .messages = {300, 100'000}});
  EXPECT_LT(rows[1].by_upload.ratio(), rows[0].by_upload.ratio());
  EXPECT_GT(rows[1].by_user.ratio(), 1.2);
}

TEST(PartitionLoads, WithoutATailUsersComeOutEvenToo) {
  const auto rows = partition_loads({.partitions = {3}, .messages = {100'000}, .exponent = 0});
  EXPECT_LT(rows[0].by_user.ratio(), 1.3);  // a thousand users of equal weight
}

TEST(PartitionLoads, AnEmptyPartitionHasNoFiniteRatio) {
  const auto rows = partition_loads({.partitions = {3}, .messages = {1}, .users = 1});
  EXPECT_TRUE(std::isinf(rows[0].by_upload.ratio()));
  EXPECT_EQ(rows[0].by_user.least(), 0);
  EXPECT_EQ(rows[0].by_user.most(), 1);
}

TEST(PartitionLoads, TheSameSeedGivesTheSameRowsAndAnotherGivesOthers) {
  const PartitionLoadOptions one{.messages = {1'000}};
  PartitionLoadOptions other = one;
  other.seed = 2;
  const auto first = partition_loads(one), again = partition_loads(one), different = partition_loads(other);
  EXPECT_EQ(first[0].by_user.messages, again[0].by_user.messages);
  EXPECT_EQ(first[0].by_upload.messages, again[0].by_upload.messages);
  EXPECT_NE(first[0].by_user.messages, different[0].by_user.messages);
}

}  // namespace
}  // namespace orakgarak::events
