#include "voice/timbre_bands.h"

#include <algorithm>
#include <cmath>

#include "voice/timbre_lanes.h"

namespace orakgarak::voice {
namespace {

constexpr int window_samples = 512;
constexpr std::size_t hop_samples = 320;
constexpr double bin_hz = timbre_rate.value / window_samples;
constexpr double lowest_hz = 60, highest_hz = 7600;

double to_mel(double hz) { return 2595 * math::log10(1 + hz / 700); }
double from_mel(double mel) { return 700 * (math::exp(mel / 2595 * math::log(10)) - 1); }

/// Edges of the triangles: band b rises from edge b to b + 1 and falls to b + 2.
double band_edge(int index) {
  double low = to_mel(lowest_hz), high = to_mel(highest_hz);
  return from_mel(low + (high - low) * index / (band_count + 1));
}

std::int16_t to_steps(float db) {
  return static_cast<std::int16_t>(std::clamp(std::floor(db * 64 + 0.5f), -32768.0f, 32767.0f));
}

}  // namespace

Hertz BandSpectra::band_centre(int band) { return Hertz(band_edge(band + 1)); }

BandSpectra::BandSpectra(InstructionSet set)
    : fft_(window_samples, set),
      frames_(static_cast<std::size_t>(window_samples) * lanes),
      power_(static_cast<std::size_t>(fft_.bins()) * lanes) {
  for (int t = 0; t < window_samples; ++t)
    window_.push_back(static_cast<float>(0.5 - 0.5 * math::cos(2 * math::pi * (t + 0.5) / window_samples)));
  for (int b = 0; b < band_count; ++b) {
    const double left = band_edge(b), middle = band_edge(b + 1), right = band_edge(b + 2);
    for (int k = 0; k < fft_.bins(); ++k) {
      double hz = k * bin_hz;
      double height = std::min((hz - left) / (middle - left), (right - hz) / (right - middle));
      if (height > 0)
        teeth_[static_cast<std::size_t>(b)].push_back({k, static_cast<float>(height * 2 / (right - left))});
    }
  }
}

void BandSpectra::push(std::span<const float> samples) {
  pending_.insert(pending_.end(), samples.begin(), samples.end());
  const std::size_t batch_samples = (lanes - 1) * hop_samples + window_samples / 2;  // after the first centre
  while (pending_begin_ + pending_.size() >= size() * hop_samples + batch_samples) add_frames(lanes);
  forget_used();
}

void BandSpectra::finish() {
  const std::size_t samples = pending_begin_ + pending_.size();
  if (samples == 0) return;
  const std::size_t wanted = 1 + (samples - 1) / hop_samples;
  while (size() < wanted) add_frames(static_cast<int>(std::min<std::size_t>(lanes, wanted - size())));
  pending_.clear();
}

void BandSpectra::add_frames(int count) {
  const std::size_t first = size();
  std::ptrdiff_t starts[lanes];
  for (int l = 0; l < lanes; ++l)
    starts[l] = static_cast<std::ptrdiff_t>((first + static_cast<std::size_t>(l)) * hop_samples) -
                window_samples / 2 - static_cast<std::ptrdiff_t>(pending_begin_);
  fft_.gather(pending_, starts, window_, frames_.data());
  fft_.power(frames_.data(), power_.data());

  float moment[lanes] = {}, total[lanes] = {};
  for (int k = static_cast<int>(lowest_hz / bin_hz) + 1; k * bin_hz <= highest_hz; ++k) {
    const float* row = power_.data() + k * lanes;
    for (int l = 0; l < lanes; ++l) {
      total[l] += row[l];
      moment[l] += row[l] * static_cast<float>(k);
    }
  }
  float bands[band_count * lanes] = {};
  for (int b = 0; b < band_count; ++b)
    for (const Tooth& tooth : teeth_[static_cast<std::size_t>(b)]) {
      const float* row = power_.data() + tooth.bin * lanes;
      for (int l = 0; l < lanes; ++l) bands[b * lanes + l] += tooth.weight * row[l];
    }
  to_decibels(bands, band_count);
  for (int l = 0; l < count; ++l) {
    double hz = total[l] > 0 ? bin_hz * static_cast<double>(moment[l] / total[l]) : 0;
    centroid_.push_back(static_cast<std::uint16_t>(hz * 8 + 0.5));
    for (int b = 0; b < band_count; ++b) bands_.push_back(to_steps(bands[b * lanes + l]));
  }
}

void BandSpectra::forget_used() {
  const std::size_t next_start = size() * hop_samples;
  const std::size_t keep = next_start > window_samples / 2 ? next_start - window_samples / 2 : 0;
  const std::size_t used = std::min(keep - pending_begin_, pending_.size());
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(used));
  pending_begin_ += used;
}

}  // namespace orakgarak::voice
