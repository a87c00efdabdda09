// Every container and codec on the list, as encoders write them: the right length, the right time, the right
// sound.
#include "media/decoder/codecs.h"

#include <gtest/gtest.h>

#include <ostream>

#include "media/decoder/stream_decoder.h"
#include "media/testing/recordings.h"

namespace orakgarak::media {
namespace {

using testing::Bytes;

constexpr std::uint32_t rate = 48000;
const std::vector<float>& tone() {
  static const auto samples = testing::rising_tone(3, rate);
  return samples;
}
Bytes source() { return testing::wav(tone(), rate); }

struct Decoded {
  std::vector<float> samples;
  DecodeSummary summary;
};

Decoded decode_all(const Bytes& bytes) {
  MemorySource memory(bytes);
  Decoded decoded;
  const auto summary = decode_stream(
      memory, {}, {.format = {}, .samples = [&](std::span<const float> samples) {
                     decoded.samples.insert(decoded.samples.end(), samples.begin(), samples.end());
                     return true;
                   }});
  EXPECT_TRUE(summary) << (summary ? 0 : static_cast<int>(summary.error().code));
  if (summary) decoded.summary = *summary;
  return decoded;
}

FailureCode failure_of(const Bytes& bytes) {
  MemorySource memory(bytes);
  const auto summary =
      decode_stream(memory, {}, {.format = {}, .samples = [](std::span<const float>) { return true; }});
  EXPECT_FALSE(summary);
  return summary ? FailureCode{} : summary.error().code;
}

struct Encoding {
  std::string file;
  std::vector<std::string> words;
  std::string container, codec;
  double least_snr_db;
  int lag;         ///< encoder delay that the file does not tell
  int most_extra;  ///< samples of the last packet that the file does not tell to drop

  friend std::ostream& operator<<(std::ostream& out, const Encoding& encoding) {
    return out << encoding.file;
  }
};

class Codecs : public ::testing::TestWithParam<Encoding> {};

TEST_P(Codecs, KeepTimeLengthAndSound) {
  const Encoding& encoding = GetParam();
  const Decoded decoded = decode_all(testing::encoded(source(), encoding.words, encoding.file));
  EXPECT_EQ(decoded.summary.format.container, encoding.container);
  EXPECT_EQ(decoded.summary.format.codec, encoding.codec);
  EXPECT_EQ(decoded.summary.format.rate, Hertz(rate));
  EXPECT_EQ(decoded.summary.damaged_packets, 0U);
  EXPECT_FALSE(decoded.summary.truncated);
  EXPECT_GE(decoded.samples.size(), tone().size());
  EXPECT_LE(decoded.samples.size(),
            tone().size() + static_cast<std::size_t>(encoding.lag + encoding.most_extra));
  const auto likeness = testing::compare(decoded.samples, tone());
  EXPECT_EQ(likeness.lag, encoding.lag);
  EXPECT_GT(likeness.snr_db, encoding.least_snr_db);
}

TEST_P(Codecs, SayThatACutFileIsCut) {
  const Encoding& encoding = GetParam();
  Bytes cut = testing::encoded(source(), encoding.words, encoding.file);
  cut.resize(cut.size() * 3 / 5);
  if (encoding.file == "index-last.m4a") {
    EXPECT_EQ(failure_of(cut), FailureCode::damaged);
    return;
  }
  const Decoded decoded = decode_all(cut);
  EXPECT_TRUE(decoded.summary.truncated);
  EXPECT_GT(decoded.samples.size(),
            tone().size() / 4);  // Ogg is cut back to its last whole page, a second long
  EXPECT_LT(decoded.samples.size(), tone().size() * 3 / 4);
}

// Signal-to-noise: 16-bit formats leave 90 dB of this tone, lossy ones by ear-driven choice far less.
INSTANTIATE_TEST_SUITE_P(
    All, Codecs,
    ::testing::Values(
        Encoding{"16.wav", {"-c:a", "pcm_s16le"}, "wav", "pcm_s16le", 80, 0, 0},
        Encoding{"a-law.wav", {"-c:a", "pcm_alaw"}, "wav", "pcm_alaw", 30, 0, 0},
        Encoding{"24.aiff", {"-c:a", "pcm_s24be"}, "aiff", "pcm_s24be", 120, 0, 0},
        Encoding{"16.caf", {"-c:a", "pcm_s16be"}, "caf", "pcm_s16be", 80, 0, 0},
        Encoding{"lossless.flac", {"-c:a", "flac"}, "flac", "flac", 80, 0, 0},
        Encoding{"lossless.oga", {"-c:a", "flac"}, "ogg", "flac", 80, 0, 0},
        Encoding{"lossless.m4a", {"-c:a", "alac", "-movflags", "faststart"}, "mov", "alac", 80, 0, 0},
        Encoding{"lame.mp3", {"-c:a", "libmp3lame", "-b:a", "128k"}, "mp3", "mp3", 20, 0, 0},
        Encoding{"no-lame-tag.mp3", {"-c:a", "libmp3lame", "-write_xing", "0"}, "mp3", "mp3", 20, 1105, 2304},
        Encoding{"index-first.m4a", {"-c:a", "aac", "-movflags", "faststart"}, "mov", "aac", 20, 0, 1024},
        Encoding{"index-last.m4a", {"-c:a", "aac"}, "mov", "aac", 20, 0, 1024},
        Encoding{"raw.aac", {"-c:a", "aac"}, "aac", "aac", 20, 1024, 2048},
        Encoding{"vorbis.ogg", {"-c:a", "libvorbis"}, "ogg", "vorbis", 20, 0, 0},
        Encoding{"opus.ogg", {"-c:a", "libopus"}, "ogg", "opus", 20, 0, 0},
        Encoding{"opus.webm", {"-c:a", "libopus"}, "matroska", "opus", 20, 0, 0},
        // As browsers record: no length, no sizes, no index.
        Encoding{"live.webm", {"-c:a", "libopus", "-f", "webm", "-live", "1"}, "matroska", "opus", 20, 0, 0},
        Encoding{"fragments.mp4",
                 {"-c:a", "aac", "-movflags", "frag_keyframe+empty_moov+default_base_moof"},
                 "mov",
                 "aac",
                 20,
                 1024,
                 2048}));

TEST(Codecs, ContentDecidesNotTheName) {
  // There is no name at all in memory; a FLAC file behind the tag that MP3 files begin with is the harder
  // case.
  Bytes tagged = testing::text_bytes("ID3");
  tagged.resize(10);
  tagged[3] = std::byte{4};
  tagged[9] = std::byte{100};
  tagged.resize(110);
  const Bytes flac = testing::encoded(source(), {"-c:a", "flac"}, "take.flac");
  tagged.insert(tagged.end(), flac.begin(), flac.end());
  EXPECT_EQ(decode_all(tagged).summary.format.codec, "flac");
}

TEST(Codecs, RefuseWhatIsNotOnTheList) {
  EXPECT_EQ(failure_of(testing::encoded(source(), {"-c:a", "ac3"}, "take.mp4")),
            FailureCode::unsupported_codec);
  EXPECT_EQ(failure_of(testing::encoded(source(), {"-c:a", "ac3"}, "take.ac3")), FailureCode::not_audio);
  EXPECT_EQ(failure_of(testing::encoded(source(), {"-c:a", "aac"}, "take.ts")), FailureCode::not_audio);
}

TEST(Codecs, TakeTheSoundOfAVideo) {
  const std::vector<std::string> picture{"-f", "lavfi", "-i", "testsrc=s=64x64:r=5", "-t", "2"};
  auto words = picture;
  words.insert(words.end(), {"-c:v", "libx264", "-c:a", "aac"});
  const Decoded decoded = decode_all(testing::encoded(source(), words, "video.mp4"));
  EXPECT_EQ(decoded.summary.format.codec, "aac");
  EXPECT_EQ(testing::compare(decoded.samples, std::span(tone()).first(2 * rate)).lag, 0);
  words = picture;
  words.insert(words.end(), {"-map", "1:v", "-c:v", "libx264"});
  EXPECT_EQ(failure_of(testing::encoded(source(), words, "silent.mp4")), FailureCode::no_audio_stream);
}

TEST(Codecs, FindTheSoundBehindATagLargerThanTheProbe) {
  // Cover pictures are megabytes; FFmpeg alone would not look behind one.
  Bytes tagged = testing::text_bytes("ID3");
  for (const int value : {4, 0, 0, 1, 64, 0, 0}) tagged.push_back(static_cast<std::byte>(value));  // 3 MiB
  tagged.resize(10 + (3 << 20));
  const Bytes mp3 = testing::encoded(source(), {"-c:a", "libmp3lame"}, "take.mp3");
  tagged.insert(tagged.end(), mp3.begin(), mp3.end());
  EXPECT_EQ(decode_all(tagged).samples.size(), tone().size());
}

TEST(Codecs, ReadOnThroughTwoRecordingsInOneFile) {
  for (const auto& [words, file] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"-c:a", "libopus", "-f", "webm", "-live", "1"}, "live.webm"},
           {{"-c:a", "libopus"}, "chain.opus"}}) {
    const Bytes one = testing::encoded(source(), words, file);
    Bytes two = one;
    two.insert(two.end(), one.begin(), one.end());
    const auto samples = decode_all(two).samples.size();
    EXPECT_GE(samples, 2 * tone().size()) << file;
    EXPECT_LE(samples, 2 * tone().size() + 1000) << file;  // the second encoder's delay of 312 stays in
  }
}

TEST(Codecs, FillAPauseThatABrowserLeftOut) {
  // Packets of the middle second are dropped and their times kept, as silence under DTX or a throttled tab
  // is.
  const Bytes whole = testing::encoded(source(), {"-c:a", "libopus"}, "take.webm");
  const Bytes paused = testing::encoded(
      whole, {"-c", "copy", "-bsf:a", "noise=drop=between(pts*tb\\,1\\,2)", "-f", "webm", "-live", "1"},
      "live.webm");
  const Decoded decoded = decode_all(paused);
  constexpr double millisecond = rate / 1000.0;  // to which WebM rounds
  EXPECT_NEAR(static_cast<double>(decoded.samples.size()), 3.0 * rate, millisecond);
  EXPECT_NEAR(static_cast<double>(decoded.summary.filled_samples), rate,
              rate / 20.0);  // whole packets of 20 ms
  const auto last = [](std::span<const float> all) { return all.subspan(5 * rate / 2); };
  EXPECT_NEAR(testing::compare(last(decoded.samples), last(tone())).lag, 0, millisecond);
}

TEST(Codecs, SkipDamagedPacketsAndCountThem) {
  Bytes damaged = testing::encoded(source(), {"-c:a", "flac"}, "take.flac");
  for (std::size_t i = damaged.size() / 2; i < damaged.size() / 2 + 3000; ++i) damaged[i] = std::byte{0};
  const Decoded decoded = decode_all(damaged);
  EXPECT_GT(decoded.summary.damaged_packets, 0U);
  EXPECT_GT(decoded.samples.size(), tone().size() / 2);
}

}  // namespace
}  // namespace orakgarak::media
