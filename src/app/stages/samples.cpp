#include "app/stages/samples.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>

namespace orakgarak::app {
namespace {

constexpr std::size_t block_samples = std::size_t{64} << 10;

Result<void> read_at(int fd, std::uint64_t offset, std::span<std::byte> to) {
  while (!to.empty()) {
    const ssize_t got = ::pread(fd, to.data(), to.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      return fail(ErrorKind::retry, "objects_unavailable",
                  fmt::format("the samples of a take could not be read: {}",
                              got == 0 ? "the file ends early" : std::strerror(errno)));
    offset += static_cast<std::uint64_t>(got);
    to = to.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

std::uint64_t bytes_of(const Samples& samples) { return samples.summary.samples * sizeof(float); }

}  // namespace

Result<media::DecodeSummary> hear(const Samples& samples, const media::DecodeSink& sink) {
  media::DecodeSummary heard = samples.summary;
  heard.samples = 0;
  heard.peak_bytes = 0;
  heard.stopped = sink.format && !sink.format(heard.format);
  std::vector<float> block(std::min<std::uint64_t>(block_samples, samples.summary.samples));
  while (!heard.stopped && heard.samples < samples.summary.samples) {
    const auto part = std::span(block).first(static_cast<std::size_t>(
        std::min<std::uint64_t>(block.size(), samples.summary.samples - heard.samples)));
    if (auto got = read_at(samples.file.fd(), heard.samples * sizeof(float), std::as_writable_bytes(part));
        !got)
      return std::unexpected(std::move(got.error()));
    heard.samples += part.size();
    heard.stopped = !sink.samples(part);
  }
  return heard;
}

void SamplesAtHand::keep(const uploads::UploadId& upload, Samples samples) {
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, [&](const Kept& kept) { return kept.upload == upload; });
  kept_.push_back({upload, std::move(samples)});
  const auto add = [](std::uint64_t sum, const Kept& kept) { return sum + bytes_of(kept.samples); };
  auto total = std::accumulate(kept_.begin(), kept_.end(), std::uint64_t{0}, add);
  for (; total > most_bytes_ && kept_.size() > 1; kept_.pop_front()) total -= bytes_of(kept_.front().samples);
}

std::optional<Seconds> SamplesAtHand::length(const uploads::UploadId& upload) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(kept_, upload, &Kept::upload);
  if (found == kept_.end()) return std::nullopt;
  return found->samples.summary.duration();
}

std::optional<Samples> SamplesAtHand::take(const uploads::UploadId& upload) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(kept_, upload, &Kept::upload);
  if (found == kept_.end()) return std::nullopt;
  std::optional<Samples> samples(std::move(found->samples));
  kept_.erase(found);
  return samples;
}

}  // namespace orakgarak::app
