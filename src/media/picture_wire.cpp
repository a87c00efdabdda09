#include "media/picture_wire.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "media/picture_header.h"

namespace orakgarak::media {
namespace {

std::vector<std::byte> encode(const PictureAnswerHeader& header, std::span<const std::byte> jpeg) {
  std::vector<std::byte> bytes(sizeof header + jpeg.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  if (!jpeg.empty()) std::memcpy(bytes.data() + sizeof header, jpeg.data(), jpeg.size());
  return bytes;
}

}  // namespace

std::vector<std::string> picture_arguments(const PictureTask& task) {
  return {std::to_string(task.parent),
          std::to_string(task.longest_side),
          std::to_string(task.limits.file_bytes),
          std::to_string(task.limits.pixels),
          std::to_string(task.limits.memory_bytes),
          std::to_string(std::llround(std::ceil(task.limits.cpu.value)))};
}

std::optional<PictureTask> parse_picture_arguments(std::span<const char* const> arguments) {
  std::array<std::uint64_t, 6> numbers{};
  if (arguments.size() != numbers.size()) return std::nullopt;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const char* const end = arguments[i] + std::strlen(arguments[i]);
    const auto [stop, error] = std::from_chars(arguments[i], end, numbers[i]);
    if (error != std::errc() || stop != end || stop == arguments[i]) return std::nullopt;
  }
  const auto [parent, side, file, pixels, memory, cpu] = numbers;
  if (parent < 1 || parent > INT32_MAX || side < 16 || side > 4096 || file > INT32_MAX || cpu < 1)
    return std::nullopt;
  PictureTask task{
      .parent = static_cast<pid_t>(parent), .longest_side = static_cast<int>(side), .limits = {}};
  task.limits.file_bytes = file;
  task.limits.pixels = pixels;
  task.limits.memory_bytes = memory;
  task.limits.cpu = Seconds(static_cast<double>(cpu));
  return task;
}

std::vector<std::byte> encode_picture(const Picture& picture) {
  return encode({.failure = 0,
                 .width = static_cast<std::uint32_t>(picture.width),
                 .height = static_cast<std::uint32_t>(picture.height),
                 .jpeg_bytes = static_cast<std::uint32_t>(picture.jpeg.size()),
                 .value = 0},
                picture.jpeg);
}

std::vector<std::byte> encode_picture_failure(const PictureFailure& failure) {
  return encode({.failure = static_cast<std::uint32_t>(failure.code),
                 .width = 0,
                 .height = 0,
                 .jpeg_bytes = 0,
                 .value = failure.value},
                {});
}

std::optional<std::expected<Picture, PictureFailure>> decode_picture_answer(std::span<const std::byte> answer,
                                                                            int longest_side) {
  PictureAnswerHeader header;
  if (answer.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, answer.data(), sizeof header);
  const auto jpeg = answer.subspan(sizeof header);
  if (header.failure > static_cast<std::uint32_t>(last_picture_failure) || jpeg.size() != header.jpeg_bytes)
    return std::nullopt;
  if (header.failure != 0)
    return std::unexpected(PictureFailure{static_cast<PictureFailureCode>(header.failure),
                                          header.value >= 0 && header.value < 1e10 ? header.value : 0});
  const auto seen = read_picture_header(jpeg);
  const auto most = static_cast<std::uint32_t>(longest_side);
  const bool sound = seen && seen->format == PictureFormat::jpeg && seen->width == header.width &&
                     seen->height == header.height && seen->width <= most && seen->height <= most;
  if (!sound) return std::nullopt;
  return Picture{{jpeg.begin(), jpeg.end()}, static_cast<int>(header.width), static_cast<int>(header.height)};
}

}  // namespace orakgarak::media
