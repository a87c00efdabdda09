#include "voice/backing.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"
#include "voice/backing_filter.h"
#include "voice/backing_path.h"

namespace orakgarak::voice {
namespace {

constexpr int ahead = 256;        // taps before the strongest arrival, which need not be the first
constexpr int short_path = 2048;  // enough to see by which delay an echo lies
constexpr int most_refinements = 6;
constexpr double settled = 0.1e-6;  // of drift: 0.1 ms in 20 minutes
constexpr double least_removed_db = 1;
constexpr float loudest_sample = 1e6F;

std::unexpected<Error> not_heard() {
  return rejected(
      "backing_not_heard",
      "this backing is not heard in the take; name the file that was played, and where it started if "
      "that was more than 12 s from the beginning of the take");
}

/// A short take cannot tell of as many taps.
int path_taps(std::size_t samples) {
  return static_cast<int>(std::clamp<std::size_t>(samples / 16, 1024, echo_path));
}

double mean_square(std::span<const float> signal) {
  double power = 0;
  for (const float s : signal) power += static_cast<double>(s) * s;
  return signal.empty() ? 0 : power / static_cast<double>(signal.size());
}

/// Scales to a mean square of 1; returns what it was, as an amplitude.
float normalise(std::vector<float>& signal) {
  const auto rms = static_cast<float>(math::sqrt(mean_square(signal)));
  if (rms > 0)
    for (float& s : signal) s /= rms;
  return rms;
}

/// Over the tenth of blocks of 64 ms in which most goes; a block 20 dB under the take is not looked at.
Decibels removed(std::span<const float> take, std::span<const float> echo) {
  constexpr std::size_t block = 1024;
  struct Energy {
    double before = 0, after = 0;
  };
  std::vector<Energy> blocks;
  const double floor = 0.01 * mean_square(take) * block;
  for (std::size_t at = 0; at + block <= take.size(); at += block) {
    Energy e;
    for (std::size_t n = at; n < at + block; ++n) {
      const double y = take[n], rest = y - echo[n];
      e.before += y * y;
      e.after += rest * rest;
    }
    if (e.before > floor) blocks.push_back(e);
  }
  std::ranges::sort(blocks,
                    [](const Energy& a, const Energy& b) { return a.after * b.before < b.after * a.before; });
  Energy sum;
  for (std::size_t i = 0; i < (blocks.size() + 9) / 10; ++i) {
    sum.before += blocks[i].before;
    sum.after += blocks[i].after;
  }
  return Decibels(sum.before > 0 ? -math::power_to_db(sum.after / sum.before) : 0);
}

}  // namespace

Result<BackingEcho> find_backing_echo(std::vector<float> take, std::vector<float> backing, Seconds started,
                                      const std::function<bool()>& go_on) {
  bool wanted = true;
  const auto still_wanted = [&] { return wanted = wanted && (!go_on || go_on()); };
  auto alignment = align_backing(take, backing, started);
  if (!alignment) return not_heard();
  DcBlocker(backing_rate).run(take);
  const float loudness = normalise(take);
  std::vector<float> played;
  const auto play = [&] {
    played = {};
    played = aligned_backing(backing, *alignment, ahead, take.size());
    normalise(played);
  };
  for (int i = 0; i < most_refinements && still_wanted(); ++i) {
    play();
    const double drift = alignment->drift;
    alignment = refine_alignment(*alignment, take,
                                 through_path(played, least_squares_path(take, played, short_path)));
    if (std::abs(alignment->drift - drift) < settled) break;
  }
  play();
  backing = {};
  auto path = least_squares_path(take, played, path_taps(take.size()));
  path.resize(echo_path);
  BackingEcho echo;
  echo.samples = follow_echo(take, played, path, still_wanted);
  if (!wanted) return fail(ErrorKind::conflict, "stopped", "nobody wants to know any more");
  echo.removed = removed(take, echo.samples);
  if (echo.removed.value < least_removed_db) return not_heard();
  for (float& e : echo.samples) e *= loudness;
  echo.started = Seconds(-alignment->lag / backing_rate);
  echo.drift_ppm = alignment->drift * 1e6;
  return echo;
}

EchoSubtractor::EchoSubtractor(Hertz rate, std::span<const float> echo)
    : to_rate_(backing_rate, static_cast<int>(rate.value)), echo_(echo) {}

void EchoSubtractor::run(std::span<float> samples) {
  constexpr std::size_t block = 4096;
  while (ready_.size() < samples.size() && !echo_.empty()) {
    to_rate_.push(echo_.first(std::min(block, echo_.size())), ready_);
    echo_ = echo_.subspan(std::min(block, echo_.size()));
    if (echo_.empty()) to_rate_.finish(ready_);
  }
  const std::size_t count = std::min(samples.size(), ready_.size());
  for (std::size_t i = 0; i < count; ++i) samples[i] -= ready_[i];
  ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(count));
}

BackingRateReader::BackingRateReader(Hertz rate, std::size_t skip, std::size_t most)
    : resampler_(static_cast<int>(rate.value), backing_rate), skip_(skip), most_(most) {}

bool BackingRateReader::push(std::span<const float> samples) {
  clean_.assign(samples.begin(), samples.end());
  for (float& s : clean_)
    if (!(std::fabs(s) <= loudest_sample)) s = 0;
  resampler_.push(clean_, samples_);
  cut();
  return samples_.size() < most_;
}

std::vector<float> BackingRateReader::finish() {
  resampler_.finish(samples_);
  cut();
  return std::move(samples_);
}

void BackingRateReader::cut() {
  const std::size_t left_out = std::min(skip_, samples_.size());
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(left_out));
  skip_ -= left_out;
  samples_.resize(std::min(samples_.size(), most_));
}

}  // namespace orakgarak::voice
