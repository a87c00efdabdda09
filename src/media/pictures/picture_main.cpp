// The picture child: locks itself in, then makes the picture on descriptor 0 into an answer on descriptor 1.
// Started by make_picture(), never by hand.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <new>

#include "media/decoder/resident.h"
#include "media/decoder/sandbox.h"
#include "media/pictures/picture_maker.h"

namespace orakgarak::media {
namespace {

void say(std::span<const std::byte> answer) {
  while (!answer.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, answer.data(), answer.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody listens
    answer = answer.subspan(static_cast<std::size_t>(written));
  }
}

std::expected<std::vector<std::byte>, PictureFailure> read_input(std::uint64_t size) {
  std::vector<std::byte> file(size);
  for (std::size_t done = 0; done < file.size();) {
    const ssize_t got =
        ::pread(STDIN_FILENO, file.data() + done, file.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return std::unexpected(PictureFailure{PictureFailureCode::unreadable, static_cast<double>(errno)});
    if (got == 0) file.resize(done);
    done += static_cast<std::size_t>(got);
  }
  return file;
}

std::expected<Picture, PictureFailure> make(const PictureTask& task) {
  struct stat info{};
  const bool known = ::fstat(STDIN_FILENO, &info) == 0;
  release_loaded_code();
  const SandboxLimits limits{task.limits.memory_bytes, static_cast<unsigned>(task.limits.cpu.value)};
  if (const auto entered = enter_sandbox(limits, task.parent); !entered)
    return std::unexpected(PictureFailure{PictureFailureCode::sandbox, static_cast<double>(entered.error())});
  if (!known || static_cast<std::uint64_t>(info.st_size) > task.limits.file_bytes)
    return std::unexpected(PictureFailure{PictureFailureCode::not_image});
  const auto file = read_input(static_cast<std::uint64_t>(info.st_size));
  if (!file) return std::unexpected(file.error());
  return scale_picture(*file, task);
}

}  // namespace
}  // namespace orakgarak::media

int main(int argc, char** argv) {
  using namespace orakgarak::media;
  const auto task = parse_picture_arguments(std::span<const char* const>(argv + 1, argv + argc));
  if (!task) {
    std::fputs("orakgarak-picture is started by orakgarak.\n", stderr);
    return 2;
  }
  try {
    const auto made = make(*task);
    say(made ? encode_picture(*made) : encode_picture_failure(made.error()));
  } catch (const std::bad_alloc&) {
    say(encode_picture_failure({PictureFailureCode::memory}));
  }
  // Nothing to tidy up, and what exit handlers of libraries would do is forbidden here.
  ::_exit(0);
}
