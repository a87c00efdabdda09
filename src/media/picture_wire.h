#pragma once
// Between make_picture() and its child: the task on its command line, and the answer in its pipe: a header of
// fixed size, then the JPEG file. The child is not trusted.
#include <sys/types.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/picture.h"

namespace orakgarak::media {

enum class PictureFailureCode : std::uint32_t {
  none,
  not_image,
  too_large,  ///< value: millions of pixels, or of a side
  damaged,
  memory,
  unreadable,  ///< value: errno
  sandbox,     ///< the child could not lock itself in; value: errno
};
inline constexpr auto last_picture_failure = PictureFailureCode::sandbox;

struct PictureFailure {
  PictureFailureCode code = PictureFailureCode::none;
  double value = 0;
};

struct PictureAnswerHeader {
  std::uint32_t failure, width, height, jpeg_bytes;
  double value;
};

inline constexpr std::uint32_t most_jpeg_bytes = 32U << 20;  ///< 4,096 pixels square of noise are less

struct PictureTask {
  pid_t parent = 0;
  int longest_side = 0;
  PictureLimits limits;  ///< but for `wait`, which is the parent's own business
};

std::vector<std::string> picture_arguments(const PictureTask&);
/// arguments: without the program's name. Nothing where they are not what picture_arguments makes.
std::optional<PictureTask> parse_picture_arguments(std::span<const char* const> arguments);

std::vector<std::byte> encode_picture(const Picture&);
std::vector<std::byte> encode_picture_failure(const PictureFailure&);

/// What the child wrote, whole. Nothing where it is not an answer to the task.
std::optional<std::expected<Picture, PictureFailure>> decode_picture_answer(std::span<const std::byte> answer,
                                                                            int longest_side);

}  // namespace orakgarak::media
