#include "app/stages/samples.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace orakgarak::app {
namespace {

constexpr std::uint64_t magic = 0x314B41524F504D53;  // "SMPORAK1"
constexpr std::size_t block_samples = std::size_t{64} << 10;

struct Trailer {
  std::uint64_t magic, samples, damaged_packets, filled_samples;
  double rate, source_rate;
  std::uint64_t truncated;
};

Result<std::size_t> read_at(int fd, std::uint64_t offset, std::span<std::byte> to) {
  std::size_t done = 0;
  while (done < to.size()) {
    const ssize_t got = ::pread(fd, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return fail(ErrorKind::retry, "objects_unavailable",
                  fmt::format("the samples of a take could not be read: {}", std::strerror(errno)));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::unexpected<Error> none() { return rejected("no_samples_file", "these are not the samples of a take"); }

Result<Trailer> read_trailer(int fd) {
  struct stat file{};
  if (::fstat(fd, &file) != 0 || file.st_size < static_cast<off_t>(sizeof(Trailer))) return none();
  const auto before = static_cast<std::uint64_t>(file.st_size) - sizeof(Trailer);
  std::array<std::byte, sizeof(Trailer)> bytes{};
  const auto got = read_at(fd, before, bytes);
  if (!got) return std::unexpected(got.error());
  Trailer trailer;
  std::memcpy(&trailer, bytes.data(), sizeof trailer);
  const bool sound = *got == sizeof trailer && trailer.magic == magic &&
                     before == trailer.samples * sizeof(float) && trailer.rate >= 1 &&
                     trailer.source_rate >= trailer.rate;
  if (!sound) return none();
  return trailer;
}

}  // namespace

std::vector<std::byte> samples_trailer(const media::DecodeSummary& summary) {
  const Trailer trailer{magic,
                        summary.samples,
                        summary.damaged_packets,
                        summary.filled_samples,
                        summary.format.rate.value,
                        summary.format.source_rate.value,
                        summary.truncated ? 1U : 0U};
  std::vector<std::byte> bytes(sizeof trailer);
  std::memcpy(bytes.data(), &trailer, sizeof trailer);
  return bytes;
}

Result<media::DecodeSummary> read_samples(int fd, const media::DecodeSink& sink) {
  const auto trailer = read_trailer(fd);
  if (!trailer) return std::unexpected(trailer.error());
  media::DecodeSummary summary;
  summary.format.rate = Hertz(trailer->rate);
  summary.format.source_rate = Hertz(trailer->source_rate);
  summary.damaged_packets = trailer->damaged_packets;
  summary.filled_samples = trailer->filled_samples;
  summary.truncated = trailer->truncated != 0;
  summary.stopped = sink.format && !sink.format(summary.format);
  std::vector<float> block(std::min<std::uint64_t>(block_samples, trailer->samples));
  while (!summary.stopped && summary.samples < trailer->samples) {
    const auto part = std::span(block).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), trailer->samples - summary.samples)));
    const auto got = read_at(fd, summary.samples * sizeof(float), std::as_writable_bytes(part));
    if (!got) return std::unexpected(got.error());
    if (*got < part.size_bytes())
      return fail(ErrorKind::retry, "objects_unavailable", "the samples of a take ended early");
    summary.samples += part.size();
    summary.stopped = !sink.samples(part);
  }
  return summary;
}

}  // namespace orakgarak::app
