#include "media/decoder/container_peek.h"

#include <gtest/gtest.h>

#include "media/testing/recordings.h"

namespace orakgarak::media {
namespace {

using testing::Bytes;

Bytes id3_tag(std::uint8_t flags, std::size_t content) {
  Bytes bytes = testing::text_bytes("ID3");
  for (const std::size_t value : {std::size_t{4}, std::size_t{0}, std::size_t{flags}, content >> 21,
                                  content >> 14 & 127, content >> 7 & 127, content & 127})
    bytes.push_back(static_cast<std::byte>(value));
  bytes.resize(bytes.size() + content);
  return bytes;
}

std::uint64_t id3_bytes_of(const Bytes& bytes) {
  MemorySource source(bytes);
  return id3_bytes(source);
}

std::optional<WavHeader> wav_header_of(const Bytes& bytes) {
  MemorySource source(bytes);
  return wav_header(source);
}

TEST(Id3, CountsTagsInARow) {
  EXPECT_EQ(id3_bytes_of(testing::text_bytes("no tag here")), 0U);
  Bytes two = id3_tag(0, 300);
  EXPECT_EQ(id3_bytes_of(two), 310U);
  const Bytes second = id3_tag(0x10, 5);  // with a footer
  two.insert(two.end(), second.begin(), second.end());
  two.resize(two.size() + 10);
  EXPECT_EQ(id3_bytes_of(two), 310U + 25U);
}

TEST(Id3, StopsAtASizeThatIsNone) {
  Bytes bytes = id3_tag(0, 1);
  bytes[8] = std::byte{0x80};
  EXPECT_EQ(id3_bytes_of(bytes), 0U);
}

TEST(WavHeader, GivesRateAndChannelsHoweverAbsurd) {
  const Bytes data(100);
  const auto header = wav_header_of(testing::wav({.channels = 64, .rate = 0, .data_bytes = {}}, data));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->rate, 0U);
  EXPECT_EQ(header->channels, 64);
  EXPECT_FALSE(header->cut);
}

TEST(WavHeader, KnowsWhenSamplesAreMissing) {
  const Bytes data(100);
  EXPECT_TRUE(wav_header_of(testing::wav({.data_bytes = 101}, data))->cut);
  EXPECT_FALSE(wav_header_of(testing::wav({.data_bytes = 100}, data))->cut);
  // Programs that write to a pipe cannot go back to fill the size in.
  EXPECT_FALSE(wav_header_of(testing::wav({.data_bytes = 0}, data))->cut);
  EXPECT_FALSE(wav_header_of(testing::wav({.data_bytes = 0xFFFFFFFF}, data))->cut);
}

TEST(WavHeader, SurvivesEveryLength) {
  const Bytes whole = testing::wav({.data_bytes = {}}, Bytes(10));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto header =
        wav_header_of(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_EQ(header.has_value(), length >= 28) << length;  // 16 bytes of the format chunk are needed
  }
}

TEST(ContainerMagic, KnowsOurContainersOnly) {
  const auto known = [](std::string_view start) {
    const Bytes bytes = testing::text_bytes(start);
    MemorySource source(bytes);
    return has_container_magic(source);
  };
  for (const char* start : {"RIFF....WAVEfmt ", "RF64....WAVE", "FORM....AIFC", "caff", "fLaC", "OggS",
                            "\x1A\x45\xDF\xA3", "....ftypM4A ", "RIFF"})
    EXPECT_TRUE(known(start)) << start;
  for (const char* start : {"RIFF....AVI LIST", "FORM....ILBM", "\x89PNG", "hello", "Ogg", ""})
    EXPECT_FALSE(known(start)) << start;
}

}  // namespace
}  // namespace orakgarak::media
