#include "devices/allocations.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace orakgarak::devices {
namespace {

constexpr std::uint64_t mebibyte = 1 << 20;

TEST(Allocations, CountWhatWasThereAtOnce) {
  const Allocations counted;
  for (int i = 0; i < 10; ++i) std::vector<char>(3 * mebibyte);
  {
    const std::vector<char> two(2 * mebibyte), three(3 * mebibyte);
  }
  EXPECT_GE(counted.peak_bytes(), 5 * mebibyte);
  EXPECT_LT(counted.peak_bytes(), 6 * mebibyte);
}

TEST(Allocations, CountNeitherWhatWasThereBeforeNorOtherThreads) {
  auto before = std::make_unique<std::vector<char>>(4 * mebibyte);
  const Allocations counted;
  std::jthread([] { std::vector<char>(8 * mebibyte); }).join();
  before.reset();
  const std::vector<char> less(3 * mebibyte);
  EXPECT_LT(counted.peak_bytes(), mebibyte);
}

struct alignas(64) Line {
  char bytes[64];
};

TEST(Allocations, CountAlignedOnesAsWell) {
  const Allocations counted;
  {
    const std::vector<Line> lines(mebibyte / 64);
  }
  EXPECT_GE(counted.peak_bytes(), mebibyte);
  EXPECT_LT(counted.peak_bytes(), mebibyte + mebibyte / 16);
}

}  // namespace
}  // namespace orakgarak::devices
