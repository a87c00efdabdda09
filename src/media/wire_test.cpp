#include "media/wire.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <limits>

namespace orakgarak::media {
namespace {

using Bytes = std::vector<std::byte>;

DecodeFormat opus_format() {
  return {.rate = Hertz(48000),
          .source_rate = Hertz(48000),
          .channels = 2,
          .container = "matroska",
          .codec = "opus",
          .declared = Seconds(12.5)};
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes end_after(std::uint64_t samples) {
  DecodeSummary summary;
  summary.samples = samples;
  return encode_end(summary);
}

template <class Payload>
Bytes frame(std::uint32_t type, const Payload& payload) {
  const WireHeader header{type, sizeof payload};
  Bytes bytes(sizeof header + sizeof payload);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, &payload, sizeof payload);
  return bytes;
}

/// How many frames come out before the bytes run out, or nothing where a rule is broken.
std::optional<int> frames_in(const Bytes& bytes, const DecodeLimits& limits = {}) {
  WireReader reader(limits);
  reader.append(bytes);
  for (int count = 0;; ++count) {
    const auto next = reader.next();
    if (!next) return std::nullopt;
    if (!*next) return count;
  }
}

const std::vector<float> three{0.25F, -1.5F, std::numeric_limits<float>::infinity()};

TEST(Wire, GivesBackWhatWasSaidAtAnyCut) {
  DecodeSummary summary;
  summary.samples = 3;
  summary.damaged_packets = 2;
  summary.filled_samples = 1;
  summary.truncated = true;
  const Bytes all = joined({encode_format(opus_format()), encode_samples(three), encode_end(summary)});
  for (std::size_t step : {1U, 7U, 4096U}) {
    WireReader reader({});
    std::vector<float> heard;
    std::optional<DecodeFormat> format;
    std::optional<WireReader::End> end;
    for (std::size_t at = 0; at < all.size(); at += step) {
      reader.append(std::span(all).subspan(at, std::min(step, all.size() - at)));
      for (;;) {
        const auto next = reader.next();
        ASSERT_TRUE(next);
        if (!*next) break;
        if (const auto* f = std::get_if<DecodeFormat>(&**next)) format = *f;
        if (const auto* s = std::get_if<std::span<const float>>(&**next)) heard.assign(s->begin(), s->end());
        if (const auto* e = std::get_if<WireReader::End>(&**next)) end = *e;
      }
    }
    ASSERT_TRUE(format && end);
    EXPECT_EQ(format->container, "matroska");
    EXPECT_EQ(format->codec, "opus");
    EXPECT_EQ(format->channels, 2);
    EXPECT_EQ(format->declared, Seconds(12.5));
    EXPECT_EQ(heard, three);
    EXPECT_EQ(end->damaged_packets, 2U);
    EXPECT_EQ(end->filled_samples, 1U);
    EXPECT_TRUE(end->truncated);
  }
}

TEST(Wire, RefusesFramesOutOfOrder) {
  const Bytes format = encode_format(opus_format());
  EXPECT_FALSE(frames_in(encode_samples(three)));
  EXPECT_FALSE(frames_in(end_after(0)));
  EXPECT_FALSE(frames_in(joined({format, format})));
  EXPECT_FALSE(frames_in(joined({format, end_after(0), format})));
  EXPECT_FALSE(frames_in(joined({encode_failure({FailureCode::damaged}), format})));
}

TEST(Wire, RefusesATotalThatIsNotTheSum) {
  const Bytes begin = joined({encode_format(opus_format()), encode_samples(three)});
  EXPECT_EQ(frames_in(joined({begin, end_after(3)})), 3);
  EXPECT_FALSE(frames_in(joined({begin, end_after(4)})));
}

TEST(Wire, RefusesMoreSamplesThanTheLongestTake) {
  DecodeLimits limits;
  limits.take = Seconds(3.0 / 48000);
  const Bytes begin = joined({encode_format(opus_format()), encode_samples(three)});
  EXPECT_EQ(frames_in(begin, limits), 2);
  EXPECT_FALSE(frames_in(joined({begin, encode_samples(std::span(three).first(1))}), limits));
}

TEST(Wire, RefusesSizesBeforeTheBytesAreThere) {
  const WireHeader huge{static_cast<std::uint32_t>(WireType::samples), 0xFFFFFFFF};
  const WireHeader unknown{77, 0};
  for (const auto& header : {huge, unknown}) {
    Bytes bytes(sizeof header);
    std::memcpy(bytes.data(), &header, sizeof header);
    if (header.type == huge.type) {
      EXPECT_FALSE(frames_in(joined({encode_format(opus_format()), bytes})));
    } else {
      EXPECT_FALSE(frames_in(bytes));
    }
  }
  EXPECT_EQ(frames_in(joined(
                {encode_format(opus_format()), encode_samples(std::vector<float>(max_block_samples))})),
            2);
  EXPECT_FALSE(frames_in(
      joined({encode_format(opus_format()), encode_samples(std::vector<float>(max_block_samples + 1))})));
}

TEST(Wire, RefusesFormatsOutsideTheLimits) {
  const auto refused = [](auto change) {
    DecodeFormat format = opus_format();
    change(format);
    return !frames_in(encode_format(format));
  };
  EXPECT_FALSE(refused([](DecodeFormat&) {}));
  EXPECT_TRUE(refused([](DecodeFormat& f) { f.channels = 9; }));
  EXPECT_TRUE(refused([](DecodeFormat& f) { f.channels = 0; }));
  EXPECT_TRUE(refused([](DecodeFormat& f) { f.rate = Hertz(0); }));
  EXPECT_TRUE(refused([](DecodeFormat& f) { f.source_rate = Hertz(384001); }));
  EXPECT_TRUE(refused([](DecodeFormat& f) { f.rate = f.source_rate = Hertz(96000); }));
}

TEST(Wire, RefusesNamesThatCouldHarmATerminal) {
  DecodeFormat format = opus_format();
  format.codec = "\x1b[2J";
  EXPECT_FALSE(frames_in(encode_format(format)));
  WireFormat endless{};
  std::memset(&endless, 'a', sizeof endless);
  EXPECT_FALSE(frames_in(frame(1, endless)));
}

TEST(Wire, RefusesFailuresThatDoNotExist) {
  EXPECT_EQ(frames_in(frame(4, WireFailure{.code = last_failure_code, .value = 1})), 1);
  EXPECT_FALSE(frames_in(frame(4, WireFailure{.code = last_failure_code + 1, .value = 1})));
  EXPECT_FALSE(frames_in(frame(4, WireFailure{.code = 0, .value = 1})));
}

TEST(Failure, HasAStableCodeAndASentenceThatNamesTheFile) {
  for (std::uint32_t code = 1; code <= last_failure_code; ++code) {
    for (const double value : {0.0, 1e10}) {
      const Error error = to_error({static_cast<FailureCode>(code), value}, "my take.webm", {});
      EXPECT_NE(error.code, "decoder_crashed") << code;
      EXPECT_NE(error.detail.find("my take.webm"), std::string::npos) << code;
      EXPECT_EQ(error.detail.back(), '.') << error.detail;
    }
  }
}

}  // namespace
}  // namespace orakgarak::media
