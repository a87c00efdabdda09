#include "media/picture.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "media/child_errors.h"
#include "media/child_process.h"
#include "media/input_file.h"
#include "media/picture_wire.h"

namespace orakgarak::media {
namespace {

std::filesystem::path child_program(const PictureOptions& options) {
  if (!options.child.empty()) return options.child;
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "orakgarak-picture";
}

std::string system_reason(double number) { return std::strerror(static_cast<int>(std::min(number, 4095.0))); }

Error explain(const PictureFailure& failure, const std::string& name, const PictureLimits& limits) {
  switch (failure.code) {
    case PictureFailureCode::too_large:
      return rejected(
                 "image_too_large",
                 fmt::format("{}: {:.1f} million pixels, and {} million is the most; make it smaller and "
                             "send it again.",
                             name, failure.value, limits.pixels / 1'000'000))
          .error();
    case PictureFailureCode::damaged:
      return rejected("damaged",
                      fmt::format("{}: it is cut off or damaged; save it anew and send it again.", name))
          .error();
    case PictureFailureCode::memory:
      return rejected(
                 "decoder_memory",
                 fmt::format("{}: decoding it needs more than {} MiB of memory; make it smaller, or save "
                             "it as a plain JPEG.",
                             name, limits.memory_bytes >> 20))
          .error();
    case PictureFailureCode::unreadable:
      return fail(ErrorKind::retry, "decoder_unavailable",
                  fmt::format("{}: reading failed ({}); try again.", name, system_reason(failure.value)))
          .error();
    case PictureFailureCode::sandbox:
      return fail(ErrorKind::retry, "decoder_unavailable",
                  fmt::format("{}: the decoder could not lock itself in ({}), so it read nothing; allow "
                              "seccomp and resource limits on this system.",
                              name, system_reason(failure.value)))
          .error();
    case PictureFailureCode::none:
    case PictureFailureCode::not_image:
      break;
  }
  return rejected("not_image", fmt::format("{}: this is no picture that Orakgarak reads; send PNG, JPEG or "
                                           "WebP.",
                                           name))
      .error();
}

/// All that the child writes.
Result<std::vector<std::byte>> read_answer(ChildProcess& child, const std::string& name,
                                           const PictureLimits& limits) {
  std::vector<std::byte> answer;
  std::array<std::byte, 65536> block;
  for (Seconds patience = limits.wait;;) {
    const auto got = child.read(block, patience);
    if (!got && got.error() == ChildProcess::ReadError::timed_out)
      return std::unexpected(too_slow(name, "waiting", limits.wait));
    if (!got || *got == 0) return answer;
    if (answer.size() + *got > most_jpeg_bytes) return std::unexpected(crashed(name, "answered without end"));
    answer.insert(answer.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(*got));
  }
}

}  // namespace

Result<Picture> make_picture(int fd, const std::string& name, int longest_side,
                             const PictureOptions& options) {
  const PictureLimits& limits = options.limits;
  if (auto checked = check_input(fd, name, limits.file_bytes); !checked)
    return std::unexpected(std::move(checked.error()));
  const auto program = child_program(options);
  auto child = ChildProcess::start(
      program, picture_arguments({.parent = ::getpid(), .longest_side = longest_side, .limits = limits}), fd);
  if (!child) return std::unexpected(cannot_start(program, child.error()));
  const auto answer = read_answer(*child, name, limits);
  if (!answer) return std::unexpected(answer.error());
  if (answer->empty()) return std::unexpected(ended_early(name, child->finish(to_be_gone), limits.cpu));
  auto made = decode_picture_answer(*answer, longest_side);
  if (!made) return std::unexpected(crashed(name, "answered with nonsense"));
  if (!*made) return std::unexpected(explain(made->error(), name, limits));
  return std::move(**made);
}

}  // namespace orakgarak::media
