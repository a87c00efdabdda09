#include "media/decoder/stream_decoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "media/testing/recordings.h"
#include "media/wire.h"

namespace orakgarak::media {
namespace {

using testing::Bytes;

struct Decoded {
  std::vector<float> samples;
  DecodeSummary summary;
};

std::expected<Decoded, DecodeFailure> decode_all(const Bytes& bytes, const DecodeLimits& limits = {}) {
  MemorySource source(bytes);
  Decoded decoded;
  const DecodeSink sink{.format = {}, .samples = [&](std::span<const float> samples) {
                          EXPECT_LE(samples.size(), max_block_samples);
                          decoded.samples.insert(decoded.samples.end(), samples.begin(), samples.end());
                          return true;
                        }};
  const auto summary = decode_stream(source, limits, sink);
  if (!summary) return std::unexpected(summary.error());
  decoded.summary = *summary;
  EXPECT_EQ(decoded.samples.size(), summary->samples);
  return decoded;
}

DecodeFailure failure_of(const Bytes& bytes, const DecodeLimits& limits = {}) {
  const auto decoded = decode_all(bytes, limits);
  EXPECT_FALSE(decoded);
  return decoded ? DecodeFailure{} : decoded.error();
}

template <class Sample>
Bytes raw(std::initializer_list<Sample> samples) {
  Bytes bytes(samples.size() * sizeof(Sample));
  std::memcpy(bytes.data(), samples.begin(), bytes.size());
  return bytes;
}

TEST(StreamDecoder, ScalesEverySampleFormatToOne) {
  const auto samples = [](std::uint16_t format, std::uint16_t bits, const Bytes& data) {
    const auto decoded = decode_all(testing::wav({.format = format, .bits = bits, .data_bytes = {}}, data));
    EXPECT_TRUE(decoded);
    return decoded ? decoded->samples : std::vector<float>{};
  };
  const std::vector<float> expected{0.0F, 0.5F, -1.0F};
  EXPECT_EQ(samples(1, 8, raw<std::uint8_t>({128, 192, 0})), expected);
  EXPECT_EQ(samples(1, 16, raw<std::int16_t>({0, 16384, -32768})), expected);
  EXPECT_EQ(samples(1, 24, raw<std::uint8_t>({0, 0, 0, 0, 0, 0x40, 0, 0, 0x80})), expected);
  EXPECT_EQ(samples(1, 32, raw<std::int32_t>({0, 1 << 30, std::numeric_limits<std::int32_t>::min()})),
            expected);
  EXPECT_EQ(samples(3, 32, raw<float>({0, 0.5F, -1})), expected);
  EXPECT_EQ(samples(3, 64, raw<double>({0, 0.5, -1})), expected);
}

TEST(StreamDecoder, GivesTheMeanOfAllChannels) {
  const auto decoded = decode_all(testing::wav({.format = 3, .channels = 4, .bits = 32, .data_bytes = {}},
                                               raw<float>({1, 0, 0, 0, 0.5F, 0.5F, 1, 1})));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->samples, (std::vector<float>{0.25F, 0.75F}));
  EXPECT_EQ(decoded->summary.format.channels, 4);
}

TEST(StreamDecoder, PassesOddFloatsThrough) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN(),
                  infinity = std::numeric_limits<float>::infinity();
  const auto decoded = decode_all(
      testing::wav({.format = 3, .bits = 32, .data_bytes = {}}, raw<float>({nan, infinity, -infinity, 3})));
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->samples.size(), 4U);
  EXPECT_TRUE(std::isnan(decoded->samples[0]));
  EXPECT_EQ(decoded->samples[1], infinity);
  EXPECT_EQ(decoded->samples[2], -infinity);
  EXPECT_EQ(decoded->samples[3], 3.0F);
}

TEST(StreamDecoder, RefusesRatesOutsideTheLimitsByName) {
  const auto with_rate = [](std::uint32_t rate) {
    return testing::wav({.rate = rate, .data_bytes = {}}, Bytes(20000));
  };
  for (const std::uint32_t rate : {0U, 7999U, 384001U, 1000000U, 0xFFFFFFFFU}) {
    const auto failure = failure_of(with_rate(rate));
    EXPECT_EQ(failure.code, FailureCode::sample_rate) << rate;
    EXPECT_EQ(failure.value, rate);
  }
  EXPECT_TRUE(decode_all(with_rate(8000)));
  EXPECT_TRUE(decode_all(with_rate(384000)));
}

TEST(StreamDecoder, RefusesChannelsOutsideTheLimitsByNumber) {
  const auto with_channels = [](std::uint16_t count) {
    return testing::wav({.channels = count, .data_bytes = {}}, Bytes(20000));
  };
  for (const std::uint16_t count : {0, 9, 64, 65535}) {
    const auto failure = failure_of(with_channels(count));
    EXPECT_EQ(failure.code, FailureCode::channels) << count;
    EXPECT_EQ(failure.value, count);
  }
  EXPECT_TRUE(decode_all(with_channels(8)));
}

TEST(StreamDecoder, StopsAtTheLongestTake) {
  DecodeLimits limits;
  limits.take = Seconds(1);
  EXPECT_TRUE(decode_all(testing::wav(testing::rising_tone(1, 8000), 8000), limits));
  const auto failure = failure_of(testing::wav(testing::rising_tone(1.001, 8000), 8000), limits);
  EXPECT_EQ(failure.code, FailureCode::take_too_long);
}

TEST(StreamDecoder, KnowsTextAndNoiseAndPicturesForWhatTheyAre) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "La la la, this is not a song. ";
  EXPECT_EQ(failure_of(testing::text_bytes(text)).code, FailureCode::not_audio);
  EXPECT_EQ(failure_of(testing::text_bytes("x")).code, FailureCode::not_audio);
  EXPECT_EQ(failure_of(Bytes(100000)).code, FailureCode::not_audio);
  const auto picture =
      testing::made_by_ffmpeg({"-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1"}, "p.png");
  EXPECT_EQ(failure_of(picture).code, FailureCode::not_audio);
}

TEST(StreamDecoder, SaysThatAHeaderIsCut) {
  const Bytes whole = testing::wav({.data_bytes = {}}, Bytes(1000));
  for (std::size_t length = 4; length < 44; ++length) {
    const auto failure =
        failure_of(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_EQ(failure.code, FailureCode::damaged) << length;
  }
  EXPECT_EQ(failure_of(Bytes(whole.begin(), whole.begin() + 44)).code, FailureCode::no_samples);
}

TEST(StreamDecoder, DeliversWhatACutFileHolds) {
  Bytes cut = testing::wav(testing::rising_tone(1, 8000), 8000);
  cut.resize(44 + 4 * 3000);
  const auto decoded = decode_all(cut);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->samples.size(), 3000U);
  EXPECT_TRUE(decoded->summary.truncated);
}

TEST(StreamDecoder, ReadsAWavThatCountsNoSamples) {
  const Bytes data(2000);
  for (const std::uint32_t counted : {0U, 0xFFFFFFFFU}) {
    const auto decoded = decode_all(testing::wav({.data_bytes = counted}, data));
    ASSERT_TRUE(decoded) << counted;
    EXPECT_EQ(decoded->samples.size(), 1000U);
    EXPECT_FALSE(decoded->summary.truncated);
  }
}

TEST(StreamDecoder, ResamplesWhatIsFasterThanDelivered) {
  for (const std::uint32_t rate : {96000U, 192000U}) {
    const auto decoded = decode_all(testing::wav(testing::rising_tone(2, rate), rate));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->summary.format.rate, Hertz(48000));
    EXPECT_EQ(decoded->summary.format.source_rate, Hertz(rate));
    EXPECT_EQ(decoded->samples.size(), 96000U);
    const auto likeness = testing::compare(decoded->samples, testing::rising_tone(2, 48000));
    EXPECT_EQ(likeness.lag, 0);
    EXPECT_GT(likeness.snr_db, 80);  // the filter's own ripple
  }
}

TEST(StreamDecoder, AsksTheSinkBeforeEachBlock) {
  const Bytes bytes = testing::wav(testing::rising_tone(4, 48000), 48000);
  MemorySource source(bytes);
  int blocks = 0;
  const auto refused = decode_stream(source, {},
                                     {.format = [](const DecodeFormat&) { return false; },
                                      .samples = [&](std::span<const float>) { return ++blocks > 0; }});
  ASSERT_TRUE(refused);
  EXPECT_TRUE(refused->stopped);
  EXPECT_EQ(blocks, 0);
}

class BrokenSource final : public ByteSource {
 public:
  explicit BrokenSource(const Bytes& bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::expected<std::size_t, int> read_at(std::uint64_t offset, std::span<std::byte> to) override {
    if (offset + to.size() > 100000) return std::unexpected(EIO);
    return MemorySource(bytes_).read_at(offset, to);
  }

 private:
  const Bytes& bytes_;
};

TEST(StreamDecoder, TreatsADiskThatFailsLikeAFileThatEnds) {
  const Bytes bytes = testing::wav(testing::rising_tone(2, 48000), 48000);
  BrokenSource source(bytes);
  const auto summary =
      decode_stream(source, {}, {.format = {}, .samples = [](std::span<const float>) { return true; }});
  ASSERT_TRUE(summary);
  EXPECT_GT(summary->samples, 0U);
  EXPECT_TRUE(summary->truncated);
}

}  // namespace
}  // namespace orakgarak::media
