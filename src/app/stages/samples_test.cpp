#include "app/stages/samples.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace orakgarak::app {
namespace {

class Samples : public testing::Test {
 protected:
  ~Samples() override { std::fclose(file_); }

  void write(std::span<const std::byte> bytes) {
    std::fwrite(bytes.data(), 1, bytes.size(), file_);
    std::fflush(file_);
  }
  int fd() const { return ::fileno(file_); }
  Result<media::DecodeSummary> read() {
    heard_.clear();
    return read_samples(fd(), {.format = {}, .samples = [this](std::span<const float> part) {
                                 heard_.insert(heard_.end(), part.begin(), part.end());
                                 return true;
                               }});
  }
  static media::DecodeSummary summary(std::uint64_t samples) {
    media::DecodeSummary all;
    all.format.rate = Hertz(48000);
    all.format.source_rate = Hertz(96000);
    all.samples = samples;
    all.damaged_packets = 3;
    all.truncated = true;
    return all;
  }

  std::FILE* file_ = std::tmpfile();
  std::vector<float> heard_;
};

TEST_F(Samples, ComeBackAsTheyWere) {
  std::vector<float> all(200'001);  // more than a block, and no whole number of them
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>(i);
  write(std::as_bytes(std::span(all)));
  write(samples_trailer(summary(all.size())));
  const auto back = read();
  ASSERT_TRUE(back);
  EXPECT_EQ(heard_, all);
  EXPECT_EQ(back->samples, all.size());
  EXPECT_EQ(back->format.rate, Hertz(48000));
  EXPECT_EQ(back->format.source_rate, Hertz(96000));
  EXPECT_EQ(back->damaged_packets, 3U);
  EXPECT_TRUE(back->truncated);
  EXPECT_FALSE(back->stopped);
}

TEST_F(Samples, AFileThatEndsEarlyOrHoldsSomethingElseIsNone) {
  const std::vector<float> all(100, 0.5F);
  EXPECT_EQ(read().error().code, "no_samples_file") << "empty";
  write(std::as_bytes(std::span(all)));
  EXPECT_EQ(read().error().code, "no_samples_file") << "no trailer";
  write(samples_trailer(summary(all.size() + 1)));
  EXPECT_EQ(read().error().code, "no_samples_file") << "another count";
  EXPECT_TRUE(heard_.empty());
}

TEST_F(Samples, TheSinkMayStop) {
  const std::vector<float> all(200'000);
  write(std::as_bytes(std::span(all)));
  write(samples_trailer(summary(all.size())));
  int calls = 0;
  const auto stopped = read_samples(fd(), {.format = {}, .samples = [&](std::span<const float>) {
                                             ++calls;
                                             return false;
                                           }});
  ASSERT_TRUE(stopped);
  EXPECT_TRUE(stopped->stopped);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace orakgarak::app
