#include "media/decoder/cut_detection.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "media/testing/recordings.h"

namespace orakgarak::media {
namespace {

using testing::Bytes;

Bytes bytes_of(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

template <class Check>
bool is_cut(Check check, std::span<const std::byte> bytes) {
  MemorySource source(bytes);
  return check(source);
}

/// One page with one segment of `payload` bytes.
Bytes ogg_page(int payload) {
  return testing::text_bytes("OggS") + Bytes(22) + bytes_of({1, payload}) +
         Bytes(static_cast<std::size_t>(payload));
}

/// A live recording: segment and cluster of unknown size, then two blocks.
Bytes live_webm() {
  const Bytes header = bytes_of({0x1A, 0x45, 0xDF, 0xA3, 0x82, 0, 0});
  const Bytes segment = bytes_of({0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF});
  const Bytes cluster = bytes_of({0x1F, 0x43, 0xB6, 0x75, 0xFF});
  const Bytes block = bytes_of({0xA3, 0x85, 1, 2, 3, 4, 5});
  return header + segment + cluster + block + cluster + block;
}

TEST(OggPageCut, SeesTheLastPageStopEarly) {
  const Bytes whole = ogg_page(200) + ogg_page(100);
  EXPECT_FALSE(is_cut(ogg_page_cut, whole));
  EXPECT_FALSE(is_cut(ogg_page_cut, std::span(whole).first(228)));  // between the two: cannot be told
  for (std::size_t length = 229 + 3; length < whole.size(); ++length)
    EXPECT_TRUE(is_cut(ogg_page_cut, std::span(whole).first(length))) << length;
  EXPECT_FALSE(is_cut(ogg_page_cut, testing::text_bytes("RIFF")));
}

TEST(MatroskaElementCut, SeesALiveRecordingStopInsideABlock) {
  const Bytes whole = live_webm();
  EXPECT_FALSE(is_cut(matroska_element_cut, whole));
  for (std::size_t missing = 1; missing <= 6; ++missing)
    EXPECT_TRUE(is_cut(matroska_element_cut, std::span(whole).first(whole.size() - missing))) << missing;
  EXPECT_FALSE(is_cut(matroska_element_cut,
                      std::span(whole).first(whole.size() - 7)));  // just after the cluster's size
  EXPECT_FALSE(is_cut(matroska_element_cut, testing::text_bytes("RIFF")));
}

TEST(MatroskaElementCut, EndsOnNonsense) {
  EXPECT_FALSE(is_cut(matroska_element_cut, live_webm() + bytes_of({0, 0, 0, 0})));  // no such ID
  EXPECT_FALSE(
      is_cut(matroska_element_cut, live_webm() + bytes_of({0xA3, 0xFF, 1, 2})));  // a block of unknown size
  EXPECT_TRUE(is_cut(matroska_element_cut, live_webm() + bytes_of({0xA3, 0x01, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF,
                                                                   0xFF, 0xFF})));  // larger than all
}

TEST(Mp3FrameCut, KnowsTheLengthOfAFrame) {
  // MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes; MPEG 2, 64 kbit/s, 22.05 kHz, padded: 209 bytes.
  const Bytes first = bytes_of({0xFF, 0xFB, 0x90, 0x00}) + Bytes(413);
  const Bytes second = bytes_of({0xFF, 0xF3, 0x82, 0x00}) + Bytes(205);
  for (const Bytes& whole : {first, second}) {
    EXPECT_FALSE(mp3_frame_cut(whole));
    EXPECT_TRUE(mp3_frame_cut(std::span(whole).first(whole.size() - 1)));
    EXPECT_TRUE(mp3_frame_cut(std::span(whole).first(3)));
  }
}

TEST(Mp3FrameCut, SaysNothingAboutFramesOfFreeOrReservedRates) {
  EXPECT_FALSE(mp3_frame_cut(bytes_of({0xFF, 0xFB, 0x00, 0x00})));
  EXPECT_FALSE(mp3_frame_cut(bytes_of({0xFF, 0xFB, 0xF0, 0x00})));
  EXPECT_FALSE(mp3_frame_cut(bytes_of({0xFF, 0xFB, 0x9C, 0x00})));
  EXPECT_FALSE(mp3_frame_cut(bytes_of({'R', 'I', 'F', 'F'})));
}

}  // namespace
}  // namespace orakgarak::media
