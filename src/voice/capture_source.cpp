#include "voice/capture_source.h"

#include <algorithm>
#include <cmath>

#include "voice/timbre_lanes.h"

namespace orakgarak::voice {
namespace {

constexpr double least_flat_seconds = 1e-4;
constexpr float flat_tolerance = 0x1p-15f;  // relative
constexpr float near_peak = 0.98f;
constexpr float least_clipped_peak = 0.05f;
constexpr double spectrum_seconds = 0.1;
constexpr double least_change_db = 6;
constexpr double deepest_band_db = 65;

}  // namespace

SourceMeter::SourceMeter(Hertz rate, InstructionSet set)
    : rate_(rate.value),
      least_run_(
          std::max<std::uint64_t>(3, static_cast<std::uint64_t>(least_flat_seconds * rate.value + 0.5))),
      fft_(window_samples, set),
      hop_(
          std::max<std::uint64_t>(window_samples, static_cast<std::uint64_t>(spectrum_seconds * rate.value))),
      frames_(static_cast<std::size_t>(window_samples) * lanes),
      power_(static_cast<std::size_t>(fft_.bins()) * lanes) {
  for (int t = 0; t < window_samples; ++t)
    window_.push_back(static_cast<float>(0.5 - 0.5 * math::cos(2 * math::pi * (t + 0.5) / window_samples)));
  partial_.reserve(block);
  segments_.reserve(static_cast<std::size_t>(window_samples) * lanes);
}

void SourceMeter::push(std::span<const float> samples) {
  while (!samples.empty()) {
    if (partial_.empty() && samples.size() >= block) {
      add_block(samples.first(block));
      samples = samples.subspan(block);
      continue;
    }
    const auto part = samples.first(std::min(block - partial_.size(), samples.size()));
    partial_.insert(partial_.end(), part.begin(), part.end());
    samples = samples.subspan(part.size());
    if (partial_.size() == block) {
      add_block(partial_);
      partial_.clear();
    }
  }
}

void SourceMeter::finish() {
  add_block(partial_);
  partial_.clear();
  for (Rail& rail : rails_) end_run(rail);
  add_spectra();
}

void SourceMeter::add_block(std::span<const float> samples) {
  float high = 0, low = 0;
  for (float x : samples) {
    high = x > high ? x : high;
    low = x < low ? x : low;
  }
  const float top[] = {high, -low};
  for (std::size_t side = 0; side < 2; ++side) {
    Rail& rail = rails_[side];
    rail.peak = std::max(rail.peak, top[side]);
    if (top[side] >= near_peak * rail.peak)
      scan_for_flat(samples, side == 0 ? 1.0f : -1.0f, rail);
    else
      end_run(rail);
  }
  collect(samples);
  taken_ += samples.size();
}

void SourceMeter::scan_for_flat(std::span<const float> samples, float sign, Rail& rail) {
  for (float sample : samples) {
    const float x = sign * sample;
    if (rail.run > 0 && std::fabs(x - rail.run_start) <= flat_tolerance * rail.run_start) {
      ++rail.run;
      continue;
    }
    end_run(rail);
    if (x < near_peak * rail.peak || x <= 0) continue;
    rail.run_start = x;
    rail.run = 1;
  }
}

void SourceMeter::end_run(Rail& rail) {
  if (rail.run >= least_run_) {
    if (rail.run_start * near_peak > rail.flat_level) {  // louder than all before
      rail.flat_level = rail.run_start;
      rail.flat_samples = 0;
    }
    if (rail.run_start >= near_peak * rail.flat_level) rail.flat_samples += rail.run;
  }
  rail.run = 0;
}

double SourceMeter::clipped_share() const {
  if (taken_ == 0 || peak() < least_clipped_peak) return 0;
  std::uint64_t clipped = 0;
  for (const Rail& rail : rails_)
    if (rail.flat_level >= near_peak * rail.peak) clipped += rail.flat_samples;
  return static_cast<double>(clipped) / static_cast<double>(taken_);
}

void SourceMeter::collect(std::span<const float> samples) {
  for (std::size_t i = 0; i < samples.size();) {
    const std::uint64_t phase = (taken_ + i) % hop_;
    const std::uint64_t left = phase < window_samples ? window_samples - phase : hop_ - phase;
    const auto part = samples.subspan(i, std::min<std::size_t>(samples.size() - i, left));
    if (phase < window_samples) {
      segments_.insert(segments_.end(), part.begin(), part.end());
      if (segments_.size() == static_cast<std::size_t>(window_samples) * lanes) add_spectra();
    }
    i += part.size();
  }
}

void SourceMeter::add_spectra() {
  const std::size_t count = segments_.size() / window_samples;  // an unfinished window at the end is left out
  if (count == 0) return;
  std::ptrdiff_t starts[lanes];
  for (int l = 0; l < lanes; ++l) starts[l] = static_cast<std::ptrdiff_t>(l) * window_samples;
  fft_.gather(segments_, starts, window_, frames_.data());
  fft_.power(frames_.data(), power_.data());
  constexpr int bins = window_samples / 2 / band_count;
  float bands[band_count * lanes] = {};
  for (int k = 0; k < band_count * bins; ++k) {
    const float* row = power_.data() + k * lanes;
    float* band = bands + k / bins * lanes;
    for (int l = 0; l < lanes; ++l) band[l] += row[l];
  }
  to_decibels(bands, band_count);
  for (std::size_t l = 0; l < count; ++l)
    for (std::size_t b = 0; b < band_count; ++b)
      bands_.push_back(static_cast<std::int16_t>(std::floor(bands[b * lanes + l] * 64 + 0.5f)));
  segments_.clear();
}

Bandwidth SourceMeter::bandwidth() const {
  std::array<double, band_count> loud{}, quiet{};
  const std::size_t count = bands_.size() / band_count;
  if (count == 0) return {};
  std::vector<std::int16_t> column(count);
  auto percentile = [&](std::size_t percent) {
    auto at = column.begin() + static_cast<std::ptrdiff_t>((count - 1) * percent / 100);
    std::nth_element(column.begin(), at, column.end());
    return *at / 64.0;
  };
  for (std::size_t b = 0; b < band_count; ++b) {
    for (std::size_t i = 0; i < count; ++i) column[i] = bands_[i * band_count + b];
    loud[b] = percentile(95);
    quiet[b] = percentile(10);
  }
  const double loudest = *std::max_element(loud.begin(), loud.end());
  std::size_t bands = band_count;
  while (bands > 0 && (loud[bands - 1] < quiet[bands - 1] + least_change_db ||
                       loud[bands - 1] < loudest - deepest_band_db))
    --bands;
  Bandwidth out{Hertz(static_cast<double>(bands) * rate_ / 2 / band_count)};
  if (bands < band_count)
    out.floor =
        Decibels(*std::max_element(loud.begin() + static_cast<std::ptrdiff_t>(bands), loud.end()) - loudest);
  return out;
}

}  // namespace orakgarak::voice
