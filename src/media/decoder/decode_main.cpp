// The decoder child: locks itself in, then decodes descriptor 0 into frames on descriptor 1. Started by
// decode(), never by hand.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <new>

#include "media/child_arguments.h"
#include "media/decoder/resident.h"
#include "media/decoder/sandbox.h"
#include "media/decoder/stream_decoder.h"
#include "media/wire.h"

namespace orakgarak::media {
namespace {

class FileSource final : public ByteSource {
 public:
  explicit FileSource(std::uint64_t size) : size_(size) {}
  std::uint64_t size() const override { return size_; }
  std::expected<std::size_t, int> read_at(std::uint64_t offset, std::span<std::byte> to) override {
    for (;;) {
      const ssize_t got = ::pread(STDIN_FILENO, to.data(), to.size(), static_cast<off_t>(offset));
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return std::unexpected(errno);
    }
  }

 private:
  std::uint64_t size_;
};

/// false: nobody listens.
bool say(std::span<const std::byte> frame) {
  while (!frame.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, frame.data(), frame.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    frame = frame.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

int decode_input(const ChildArguments& arguments) {
  struct stat info{};
  if (::fstat(STDIN_FILENO, &info) != 0) return 2;
  release_loaded_code();
  FileSource source(static_cast<std::uint64_t>(info.st_size));
  const SandboxLimits limits{arguments.limits.memory_bytes,
                             static_cast<unsigned>(arguments.limits.cpu.value)};
  if (const auto entered = enter_sandbox(limits, arguments.parent); !entered) {
    say(encode_failure({FailureCode::sandbox, static_cast<double>(entered.error())}));
    return 1;
  }
  const DecodeSink sink{
      .format = [](const DecodeFormat& format) { return say(encode_format(format)); },
      .samples = [](std::span<const float> samples) { return say(encode_samples(samples)); }};
  const auto summary = decode_stream(source, arguments.limits, sink);
  if (!summary) {
    say(encode_failure(summary.error()));
    return 1;
  }
  return say(encode_end(*summary)) ? 0 : 1;
}

}  // namespace
}  // namespace orakgarak::media

int main(int argc, char** argv) {
  using namespace orakgarak::media;
  const auto arguments = parse_child_arguments(std::span<const char* const>(argv + 1, argv + argc));
  if (!arguments) {
    std::fputs("orakgarak-decode is started by orakgarak.\n", stderr);
    return 2;
  }
  int status = 1;
  try {
    status = decode_input(*arguments);
  } catch (const std::bad_alloc&) {
    say(encode_failure({FailureCode::memory}));
  }
  // Nothing to tidy up, and what exit handlers of libraries would do is forbidden here.
  ::_exit(status);
}
