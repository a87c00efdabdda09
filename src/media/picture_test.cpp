// Pictures through the child that ships, made at test time by the ffmpeg command.
#include "media/picture.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "media/input_file.h"
#include "media/picture_header.h"
#include "media/picture_wire.h"
#include "media/testing/recordings.h"

namespace orakgarak::media {
namespace {

using testing::Bytes;
using testing::made_by_ffmpeg;

/// A red, a green, a blue and a white quarter, in the order of reading.
Bytes quarters(const std::string& name, int width, int height, std::vector<std::string> words = {}) {
  const auto w = std::to_string(width / 2), h = std::to_string(height / 2);
  const auto colour = [&](const char* of) {
    return "color=" + std::string(of) + ":s=" + w + "x" + h + ":d=1[" + of + "]";
  };
  std::vector<std::string> all{"-filter_complex",
                               colour("red") + ";" + colour("lime") + ";" + colour("blue") + ";" +
                                   colour("white") +
                                   ";[red][lime]hstack[top];[blue][white]hstack[low];[top][low]vstack",
                               "-frames:v", "1"};
  all.insert(all.end(), words.begin(), words.end());
  return made_by_ffmpeg(all, name);
}

Result<Picture> make(std::span<const std::byte> file, int side = 320, PictureOptions options = {}) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "picture", file);
  const OwnedFd fd(::open((folder / "picture").c_str(), O_RDONLY | O_CLOEXEC));
  if (options.child.empty()) options.child = ORAK_PICTURE;
  return make_picture(fd.get(), "the picture", side, options);
}

std::string code_of(const Result<Picture>& made) { return made ? "made" : made.error().code; }

/// The pixels of a JPEG as rgb24, by the ffmpeg command.
Bytes pixels(const Picture& picture) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "in.jpg", picture.jpeg);
  return made_by_ffmpeg({"-i", (folder / "in.jpg").string(), "-f", "rawvideo", "-pix_fmt", "rgb24"},
                        "out.rgb");
}

/// 'r', 'g', 'b', 'w', 'k' at the middle of each quarter, in the order of reading.
std::string colours(const Picture& picture) {
  const Bytes rgb = pixels(picture);
  std::string text;
  for (const auto& [x, y] : {std::pair(1, 1), {3, 1}, {1, 3}, {3, 3}}) {
    const auto at =
        static_cast<std::size_t>((picture.height * y / 4 * picture.width + picture.width * x / 4) * 3);
    const auto high = [&](std::size_t c) { return std::to_integer<int>(rgb.at(at + c)) > 128; };
    text += high(0) && high(1) && high(2) ? 'w' : high(0) ? 'r' : high(1) ? 'g' : high(2) ? 'b' : 'k';
  }
  return text;
}

bool contains(std::span<const std::byte> bytes, std::string_view text) {
  return !std::ranges::search(bytes, text, {}, [](std::byte b) { return static_cast<char>(b); }).empty();
}

void append(Bytes& to, std::string_view text) {
  for (const char c : text) to.push_back(static_cast<std::byte>(c));
}

/// A JPEG with an EXIF block that says how it lies, and where it was taken.
Bytes with_orientation(const Bytes& jpeg, int orientation) {
  std::string tiff("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 20);
  tiff[19] = static_cast<char>(orientation);
  tiff += std::string("\0\0\0\0\0\0", 6) + "at home, 37.5N";
  Bytes all(jpeg.begin(), jpeg.begin() + 2);
  append(all, "\xFF\xE1");
  all.push_back(std::byte{0});
  all.push_back(static_cast<std::byte>(2 + 6 + tiff.size()));
  append(all, std::string("Exif\0\0", 6) + tiff);
  all.insert(all.end(), jpeg.begin() + 2, jpeg.end());
  return all;
}

class PictureOf : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(, PictureOf, ::testing::Values("a.png", "a.jpg", "a.webp"),
                         [](const auto& info) { return std::string(info.param).substr(2); });

TEST_P(PictureOf, IsScaledToItsLongestSide) {
  const auto made = make(quarters(GetParam(), 640, 480));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->width, 320);
  EXPECT_EQ(made->height, 240);
  EXPECT_EQ(colours(*made), "rgbw");
}

TEST_P(PictureOf, ASmallOneKeepsItsSize) {
  const auto made = make(quarters(GetParam(), 64, 40));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->width, 64);
  EXPECT_EQ(made->height, 40);
}

TEST_P(PictureOf, CutShortItIsDamagedOrShownButNeverWorse) {
  const Bytes whole = quarters(GetParam(), 640, 480);
  for (const std::size_t keep : {whole.size() - 1, whole.size() / 2, whole.size() / 4, std::size_t{30},
                                 std::size_t{12}, std::size_t{9}}) {
    const auto made = make(std::span(whole).first(keep));
    EXPECT_TRUE(code_of(made) == "made" || code_of(made) == "damaged" || code_of(made) == "not_image")
        << keep << " " << code_of(made);
  }
}

TEST(Picture, NothingButItsPixelsComesThrough) {
  const auto made = make(with_orientation(quarters("a.jpg", 64, 64, {"-metadata", "comment=secret"}), 1));
  ASSERT_TRUE(made);
  for (const char* word : {"Exif", "37.5N", "secret", "Lavc"})
    EXPECT_FALSE(contains(made->jpeg, word)) << word;
}

TEST(Picture, LiesAsItsOrientationSays) {
  const Bytes stored = quarters("a.jpg", 64, 32);
  // EXIF 2.32: which corner of what was seen is the first pixel.
  const std::array<const char*, 9> seen{"", "rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto made = make(with_orientation(stored, orientation));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->width, orientation < 5 ? 64 : 32) << orientation;
    EXPECT_EQ(colours(*made), seen[static_cast<std::size_t>(orientation)]) << orientation;
  }
  EXPECT_EQ(colours(*make(with_orientation(stored, 9))), "rgbw") << "no such orientation";
}

TEST(Picture, WhatIsTransparentIsWhite) {
  const auto made = make(made_by_ffmpeg(
      {"-f", "lavfi", "-i", "color=black@0.0:s=64x64,format=rgba", "-frames:v", "1"}, "a.png"));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(colours(*made), "wwww");
}

TEST(Picture, OfAMovingOneTheFirstFrameIsShown) {
  for (const char* name : {"a.webp", "a.apng"}) {
    const auto moving = made_by_ffmpeg(
        {"-f", "lavfi", "-i", "color=red:s=64x64:r=2:d=1[a];color=blue:s=64x64:r=2:d=1[b];[a][b]concat",
         "-loop", "0"},
        name);
    const auto made = make(moving);
    ASSERT_TRUE(made) << name << made.error().detail;
    EXPECT_EQ(colours(*made), "rrrr") << name;
  }
}

TEST(Picture, EveryDepthOfPngIsRead) {
  for (const char* format : {"monob", "gray", "gray16be", "ya8", "pal8", "rgb48be", "rgba64be"}) {
    const auto made = make(quarters("a.png", 64, 64, {"-pix_fmt", format}));
    EXPECT_EQ(code_of(made), "made") << format;
  }
}

TEST(Picture, AThinOneKeepsAtLeastAPixel) {
  const auto made = make(quarters("a.png", 4000, 2));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->width, 320);
  EXPECT_EQ(made->height, 1);
}

TEST(Picture, FortyMegapixelsAreTakenAndOneMoreIsNot) {
  const Bytes most =
      made_by_ffmpeg({"-f", "lavfi", "-i", "color=red:s=8000x5000", "-frames:v", "1"}, "a.png");
  EXPECT_LT(most.size(), 1U << 20);  // a bomb of 1 to 1000
  EXPECT_EQ(code_of(make(most, 1600)), "made");
  Bytes more = most;
  more[23] = static_cast<std::byte>(std::to_integer<int>(more[23]) + 1);  // 8000 × 5001, by its header
  const auto refused = make(more, 1600);
  EXPECT_EQ(code_of(refused), "image_too_large");
  EXPECT_NE(refused.error().detail.find("make it smaller"), std::string::npos);
}

TEST(Picture, AHeaderThatClaimsFourBillionSquaredCostsNothing) {
  Bytes lie = quarters("a.png", 64, 64);
  for (std::size_t i = 16; i < 24; ++i) lie[i] = std::byte{0x7F};
  EXPECT_EQ(code_of(make(lie)), "image_too_large");
}

TEST(Picture, OneWhosePixelsAreMoreThanItsCanvasSaysIsNotDecoded) {
  // VP8X with a canvas of 1 × 1 before a still of 8000 × 6000.
  const Bytes still = made_by_ffmpeg(
      {"-f", "lavfi", "-i", "color=red:s=8000x6000", "-frames:v", "1", "-lossless", "1"}, "a.webp");
  Bytes lie;
  append(lie, std::string("RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\0\0\0\0\0\0", 30));
  lie.insert(lie.end(), still.begin() + 12, still.end());
  EXPECT_EQ(code_of(make(lie)), "damaged");
}

TEST(Picture, WhatIsNoPictureIsRefusedByName) {
  EXPECT_EQ(code_of(make(testing::text_bytes("just words"))), "not_image");
  EXPECT_EQ(code_of(make(testing::text_bytes("GIF89a and more"))), "not_image");
  EXPECT_EQ(code_of(make({})), "empty_file");
  EXPECT_EQ(code_of(make(testing::wav(testing::rising_tone(0.1, 8000), 8000))), "not_image");
}

TEST(Picture, TenMebibytesAreReadAndOneByteMoreIsNot) {
  Bytes file = quarters("a.png", 64, 64);
  file.resize(10U << 20);  // what follows its end is nothing
  EXPECT_EQ(code_of(make(file)), "made");
  file.push_back(std::byte{0});
  EXPECT_EQ(code_of(make(file)), "file_too_large");
}

TEST(Picture, AChildThatHasTooLittleMemorySaysSo) {
  PictureOptions options;
  options.limits.memory_bytes = 160U << 20;
  const Bytes large =
      made_by_ffmpeg({"-f", "lavfi", "-i", "color=red:s=8000x5000", "-frames:v", "1"}, "a.png");
  EXPECT_EQ(code_of(make(large, 1600, options)), "decoder_memory");
}

TEST(Picture, AMissingChildIsTold) {
  PictureOptions options;
  options.child = "/nowhere/orakgarak-picture";
  EXPECT_EQ(code_of(make(quarters("a.png", 64, 64), 320, options)), "decoder_missing");
}

TEST(PictureAnswer, WhatAChildThatWasTakenOverSaysIsNotBelieved) {
  const Picture picture{quarters("a.jpg", 64, 64), 64, 64};
  EXPECT_TRUE(decode_picture_answer(encode_picture(picture), 64));
  EXPECT_FALSE(decode_picture_answer(encode_picture(picture), 63)) << "larger than asked for";
  EXPECT_FALSE(decode_picture_answer(encode_picture({picture.jpeg, 32, 64}), 64)) << "another size";
  EXPECT_FALSE(decode_picture_answer(encode_picture({testing::text_bytes("<html>"), 64, 64}), 64));
  EXPECT_FALSE(decode_picture_answer(encode_picture({quarters("a.png", 64, 64), 64, 64}), 64)) << "no JPEG";
  Bytes longer = encode_picture(picture);
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode_picture_answer(longer, 64));
  EXPECT_FALSE(decode_picture_answer(encode_picture_failure({static_cast<PictureFailureCode>(99)}), 64));
  EXPECT_FALSE(decode_picture_answer({}, 64));
}

TEST(PictureArguments, ComeBackAsTheyWere) {
  const PictureTask task{.parent = 7, .longest_side = 1600, .limits = {}};
  const auto words = picture_arguments(task);
  std::vector<const char*> argv;
  for (const auto& word : words) argv.push_back(word.c_str());
  const auto back = parse_picture_arguments(argv);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->longest_side, 1600);
  EXPECT_EQ(back->limits.pixels, task.limits.pixels);
  argv[1] = "4097";
  EXPECT_FALSE(parse_picture_arguments(argv));
  argv.pop_back();
  EXPECT_FALSE(parse_picture_arguments(argv));
}

}  // namespace
}  // namespace orakgarak::media
