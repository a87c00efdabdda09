#include "media/decode.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "media/child_arguments.h"
#include "media/child_errors.h"
#include "media/child_process.h"
#include "media/failure.h"
#include "media/input_file.h"
#include "media/wire.h"

namespace orakgarak::media {
namespace {

constexpr std::uint64_t look_at_memory_every = 64;  // frames

std::filesystem::path child_program(const DecodeOptions& options) {
  if (!options.child.empty()) return options.child;
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "orakgarak-decode";
}

/// One decoding: the child, what it says, and where that goes.
class Decoding {
 public:
  Decoding(ChildProcess child, const std::string& name, const DecodeSink& sink, const DecodeLimits& limits)
      : child_(std::move(child)),
        name_(name),
        sink_(sink),
        limits_(limits),
        reader_(limits),
        patience_(limits.wait) {}

  Result<DecodeSummary> run() {
    std::array<std::byte, 65536> bytes;
    for (;;) {
      const auto got = child_.read(bytes, patience_);
      if (!got && got.error() == ChildProcess::ReadError::timed_out)
        return std::unexpected(too_slow(name_, "waiting", limits_.wait));
      if (!got || *got == 0) return ended();
      reader_.append(std::span(bytes).first(*got));
      if (auto done = take_frames(); !done || *done) {
        if (!done) return std::unexpected(std::move(done.error()));
        return summary_;
      }
    }
  }

 private:
  /// Whether that was all.
  Result<bool> take_frames() {
    for (;;) {
      auto read = reader_.next();
      if (!read) return std::unexpected(crashed(name_, fmt::format("answered with {}", read.error().what)));
      auto& frame = *read;
      if (!frame) return complete_;
      if (const auto* failure = std::get_if<DecodeFailure>(&*frame))
        return std::unexpected(to_error(*failure, name_, limits_));
      if (!take(*frame)) {
        summary_.stopped = true;
        return true;
      }
    }
  }

  /// false: the sink wants no more.
  bool take(const WireReader::Frame& frame) {
    if (++frames_ % look_at_memory_every == 1)
      summary_.peak_bytes = std::max(summary_.peak_bytes, child_.peak_bytes());
    if (const auto* format = std::get_if<DecodeFormat>(&frame)) {
      summary_.format = *format;
      return !sink_.format || sink_.format(*format);
    }
    if (const auto* block = std::get_if<std::span<const float>>(&frame)) {
      summary_.samples += block->size();
      return sink_.samples(*block);
    }
    const auto& end = std::get<WireReader::End>(frame);
    summary_.peak_bytes = std::max(summary_.peak_bytes, child_.peak_bytes());
    summary_.damaged_packets = end.damaged_packets;
    summary_.filled_samples = end.filled_samples;
    summary_.truncated = end.truncated;
    complete_ = true;
    return true;
  }

  /// The pipe closed before the last frame: the child is dead or dying.
  Result<DecodeSummary> ended() {
    return std::unexpected(ended_early(name_, child_.finish(to_be_gone), limits_.cpu));
  }

  ChildProcess child_;
  const std::string& name_;
  const DecodeSink& sink_;
  const DecodeLimits& limits_;
  WireReader reader_;
  Seconds patience_;
  DecodeSummary summary_;
  std::uint64_t frames_ = 0;
  bool complete_ = false;
};

Result<DecodeSummary> decode_checked(int fd, const std::string& name, const DecodeSink& sink,
                                     const DecodeOptions& options) {
  const auto program = child_program(options);
  auto child = ChildProcess::start(program, child_arguments(options.limits, ::getpid()), fd);
  if (!child) return std::unexpected(cannot_start(program, child.error()));
  return Decoding(std::move(*child), name, sink, options.limits).run();
}

}  // namespace

Result<DecodeSummary> decode(const std::filesystem::path& file, const DecodeSink& sink,
                             const DecodeOptions& options) {
  auto fd = open_input(file, options.limits.file_bytes);
  if (!fd) return std::unexpected(std::move(fd.error()));
  return decode_checked(fd->get(), file.string(), sink, options);
}

Result<DecodeSummary> decode(int fd, const std::string& name, const DecodeSink& sink,
                             const DecodeOptions& options) {
  if (auto checked = check_input(fd, name, options.limits.file_bytes); !checked)
    return std::unexpected(std::move(checked.error()));
  return decode_checked(fd, name, sink, options);
}

}  // namespace orakgarak::media
