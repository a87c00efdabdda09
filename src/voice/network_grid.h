#pragma once
// The network as threads of a grid: what each thread of each step computes, written once. The GPU's kernels
// (devices/gpu) call it, and so do loops on the host (testing/host_grid.h), which hold it to voice/network.h
// bit for bit: sums of integers have no order, and what is single precision is done in the same order here as
// there, without contraction (nvcc -fmad=false). Plain data and C++20, because nvcc compiles it too.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "voice/network.h"
#include "voice/network_kernels.h"

#ifdef __CUDACC__
#define ORAK_ON_GRID __host__ __device__
#else
#define ORAK_ON_GRID
#endif

namespace orakgarak::voice::grid {

inline constexpr int most_fft = 2048, channels = 12, pairs = channels / 2, spectra = 3, evidences = 5;
inline constexpr int layers = 14;  ///< the last makes the head

struct Spectrum {
  int size;
  const float *window, *twiddles, *turns;
  const int* order;
  const FilterWeight* entries;
  const int* starts;
};

/// A NetworkLayer (network_layers.h).
struct Layer {
  int pairs, outputs, bands, input_bands, tap_count;
  const NetworkTap* taps;
  const std::int32_t* weights;
  const float *scales, *biases;
  float packed_scale;
  bool adds_residual, keeps_values;
};

/// All that the network knows, where the grid can read it.
struct Tables {
  Spectrum spectra[grid::spectra];
  Layer layers[grid::layers];
  ConvWeights shown, pitch, voicing[2];
};

/// A tile of takes laid end to end (network_tiles.h) and the room to work on it. Before the first frame,
/// after the last and between two takes is one frame that belongs to none and is zeros in every layer.
struct Work {
  std::int64_t frames;
  float* samples;
  std::int32_t* centres;    ///< [frame]: in `samples`, which reach 1,024 to either side; −1: of no take
  float* rows;              ///< [frame][most_fft]
  float* magnitudes;        ///< [frame][most_fft / 2 + 1]
  float* logs;              ///< [frame][spectrum][band]
  std::int32_t* packed[2];  ///< [frame][pair][band], in turns a layer's input and output
  float* values;            ///< [frame][channel][band]: the residual; at last the head's
  float* evidence;          ///< [frame][evidences]
  float* out;               ///< [frame][network_bins + 1]: a NetworkFrame
};
static_assert(sizeof(NetworkFrame) == (network_bins + 1) * sizeof(float));

/// Takes its arrays out of `room`, which may be null: how many bytes that is.
inline std::size_t lay_out(Work& work, std::byte* room, std::int64_t frames, std::int64_t samples) {
  std::size_t used = 0;
  const auto take = [&](auto*& array, std::int64_t count) {
    array =
        room == nullptr ? nullptr : reinterpret_cast<std::remove_reference_t<decltype(array)>>(room + used);
    used += (static_cast<std::size_t>(count) * sizeof(*array) + 255) / 256 * 256;
  };
  work.frames = frames;
  take(work.samples, samples);
  take(work.centres, frames);
  take(work.rows, frames * most_fft);
  take(work.magnitudes, frames * (most_fft / 2 + 1));
  take(work.logs, frames * spectra * network_bands);
  for (auto*& packed : work.packed) take(packed, frames * pairs * network_bands);
  take(work.values, frames * channels * network_bands);
  take(work.evidence, frames * evidences);
  take(work.out, frames * (network_bins + 1));
  return used;
}

/// What thread of a launch of many blocks this is.
ORAK_ON_GRID inline std::int64_t thread_index(std::int64_t block, std::int64_t block_size,
                                              std::int64_t thread) {
  return block * block_size + thread;
}

ORAK_ON_GRID inline std::int32_t low(std::int32_t packed) {
  return static_cast<std::int16_t>(packed & 0xffff);
}
ORAK_ON_GRID inline std::int32_t high(std::int32_t packed) { return packed >> 16; }
ORAK_ON_GRID inline std::int32_t pack(std::int32_t a, std::int32_t b) {
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(a) & 0xffffU) |
                                   (static_cast<std::uint32_t>(b) << 16));
}
ORAK_ON_GRID inline float least(float a, float b) { return a < b ? a : b; }
ORAK_ON_GRID inline float most(float a, float b) { return a > b ? a : b; }

/// As in network_kernels_body.h.
ORAK_ON_GRID inline float logarithm(float v) {
  std::uint32_t bits;
  memcpy(&bits, &v, sizeof(bits));
  const auto exponent = static_cast<std::int32_t>(bits >> 23) - 126;
  bits = (bits & 0x007fffffU) | 0x3f000000U;
  float m;
  memcpy(&m, &bits, sizeof(m));  // in [½, 1)
  const bool is_low = m < 0.707106781186547524F;
  const auto e = static_cast<float>(exponent - (is_low ? 1 : 0));
  m = m + (is_low ? m : 0.0F) - 1.0F;
  const float z = m * m;
  float y = 7.0376836292e-2F;
  y = y * m - 1.1514610310e-1F;
  y = y * m + 1.1676998740e-1F;
  y = y * m - 1.2420140846e-1F;
  y = y * m + 1.4249322787e-1F;
  y = y * m - 1.6668057665e-1F;
  y = y * m + 2.0000714765e-1F;
  y = y * m - 2.4999993993e-1F;
  y = y * m + 3.3333331174e-1F;
  y = y * m * z;
  y = y + e * -2.12194440e-4F - z * 0.5F;
  return m + y + e * 0.693359375F;
}

/// Windowed samples of each frame. Threads: frames · size.
struct Gather {
  Spectrum spectrum;
  Work work;
  ORAK_ON_GRID void operator()(std::int64_t i) const {
    const std::int64_t frame = i / spectrum.size;
    const int n = static_cast<int>(i % spectrum.size);
    const std::int32_t centre = work.centres[frame];
    work.rows[frame * most_fft + n] =
        centre < 0 ? 0.0F : work.samples[centre - spectrum.size / 2 + n] * spectrum.window[n];
  }
};

/// One butterfly of one radix-4 level of the half-size complex transform. Threads: frames · size / 8.
struct Butterfly {
  int half, block;
  const float* twiddles;  ///< of this level
  Work work;
  ORAK_ON_GRID void operator()(std::int64_t i) const {
    const std::int64_t frame = i / (half / 4);
    const int n = static_cast<int>(i % (half / 4)), quarter = block / 4;
    const int k = n % quarter;
    const float* t = twiddles + k * 6;
    float* a = work.rows + frame * most_fft + (n / quarter * block + k) * 2;
    float *b = a + quarter * 2, *c = b + quarter * 2, *d = c + quarter * 2;
    const float sr = a[0] + c[0], si = a[1] + c[1], tr = a[0] - c[0], ti = a[1] - c[1];
    const float ur = b[0] + d[0], ui = b[1] + d[1], vr = b[1] - d[1], vi = d[0] - b[0];
    a[0] = sr + ur, a[1] = si + ui;
    const float xr = tr + vr, xi = ti + vi, yr = sr - ur, yi = si - ui, zr = tr - vr, zi = ti - vi;
    b[0] = xr * t[0] - xi * t[1], b[1] = xr * t[1] + xi * t[0];
    c[0] = yr * t[2] - yi * t[3], c[1] = yr * t[3] + yi * t[2];
    d[0] = zr * t[4] - zi * t[5], d[1] = zr * t[5] + zi * t[4];
  }
};

/// The level of two, where the size leaves one. Threads: frames · size / 4.
struct LastPair {
  int half;
  Work work;
  ORAK_ON_GRID void operator()(std::int64_t i) const {
    float* a = work.rows + i / (half / 2) * most_fft + i % (half / 2) * 4;
    const float ar = a[0], ai = a[1], br = a[2], bi = a[3];
    a[0] = ar + br, a[1] = ai + bi, a[2] = ar - br, a[3] = ai - bi;
  }
};

/// Magnitudes of bins k and half − k. Threads: frames · (size / 4 + 1).
struct Magnitude {
  Spectrum spectrum;
  Work work;
  ORAK_ON_GRID void operator()(std::int64_t i) const {
    const int half = spectrum.size / 2, each = half / 2 + 1, k = static_cast<int>(i % each);
    const std::int64_t frame = i / each;
    const float* rows = work.rows + frame * most_fft;
    const float *z = rows + spectrum.order[k] * 2, *mirror = rows + spectrum.order[k == 0 ? 0 : half - k] * 2;
    const float* turn = spectrum.turns + 2 * k;
    const float er = (z[0] + mirror[0]) * 0.5F, ei = (z[1] - mirror[1]) * 0.5F;
    const float odd_r = (z[1] + mirror[1]) * 0.5F, odd_i = (mirror[0] - z[0]) * 0.5F;
    const float tr = odd_r * turn[0] - odd_i * turn[1], ti = odd_r * turn[1] + odd_i * turn[0];
    const float low_re = er + tr, low_im = ei + ti, high_re = er - tr, high_im = ti - ei;
    float* out = work.magnitudes + frame * (most_fft / 2 + 1);
    out[half - k] = sqrtf(high_re * high_re + high_im * high_im);
    out[k] = sqrtf(low_re * low_re + low_im * low_im);
  }
};

/// One band's logarithm. Threads: frames · bands.
struct LogBand {
  Spectrum spectrum;
  int which;
  Work work;
  ORAK_ON_GRID void operator()(std::int64_t i) const {
    const std::int64_t frame = i / network_bands;
    const int band = static_cast<int>(i % network_bands);
    const float* magnitudes = work.magnitudes + frame * (most_fft / 2 + 1);
    float sum = 0;
    for (int e = spectrum.starts[band]; e < spectrum.starts[band + 1]; ++e)
      sum = sum + magnitudes[spectrum.entries[e].bin] * spectrum.entries[e].weight;
    work.logs[(frame * spectra + which) * network_bands + band] = logarithm(sum + 1e-8F);
  }
};

/// The first layer's input. Threads: frames · bands.
struct Quantise {
  float scale;
  Work work;
  ORAK_ON_GRID std::int32_t step(float value) const {
    constexpr auto limit = static_cast<float>(network_limit);
    return static_cast<std::int32_t>(most(least(value * scale, limit), -limit) + (limit + 0.5F)) -
           network_limit;
  }
  ORAK_ON_GRID void operator()(std::int64_t i) const {
    const std::int64_t frame = i / network_bands;
    const int band = static_cast<int>(i % network_bands);
    const bool sung = work.centres[frame] >= 0;
    const float* logs = work.logs + frame * spectra * network_bands + band;
    std::int32_t* out = work.packed[0] + frame * pairs * network_bands + band;
    out[0] = sung ? pack(step(logs[0]), step(logs[network_bands])) : 0;
    out[network_bands] = sung ? pack(step(logs[2 * network_bands]), 0) : 0;
  }
};

/// The mean of a frame's logarithms, and nothing yet of what else speaks for a voice. Threads: frames.
struct Mean {
  Work work;
  ORAK_ON_GRID void operator()(std::int64_t frame) const {
    float sum = 0;
    for (int b = 0; b < spectra * network_bands; ++b)
      sum = sum + work.logs[frame * spectra * network_bands + b];
    float* out = work.evidence + frame * evidences;
    for (int c = 0; c < evidences - 1; ++c) out[c] = 0;
    out[evidences - 1] = work.centres[frame] < 0 ? 0.0F : sum / (spectra * network_bands);
  }
};

/// All outputs of one layer at one band. Threads: frames · bands.
template <int Outputs>
struct Convolve {
  Layer layer;
  Work work;  ///< packed[0]: the input

  ORAK_ON_GRID void operator()(std::int64_t i) const {
    const std::int64_t frame = i / network_bands;
    const int band = static_cast<int>(i % network_bands);
    if (band >= layer.bands) return;
    const std::int64_t at = frame * pairs * network_bands + band;
    if (work.centres[frame] < 0) {
      if (layer.packed_scale > 0)
        for (int p = 0; p < Outputs / 2; ++p) work.packed[1][at + p * network_bands] = 0;
      return;
    }
    std::int32_t sums[Outputs];
    for (int o = 0; o < Outputs; ++o) sums[o] = 0;
    add_taps(work.packed[0] + at, band, sums);
    float* values = work.values + frame * channels * network_bands + band;
    for (int o = 0; o < Outputs; o += 2) {
      std::int32_t steps[2];
      for (int n = 0; n < 2; ++n) {
        float* kept = values + (o + n) * network_bands;
        float value = static_cast<float>(sums[o + n]) * layer.scales[o + n] + layer.biases[o + n];
        if (layer.adds_residual) value = value + *kept;
        value = most(value, 0.0F);
        if (layer.keeps_values) *kept = value;
        steps[n] = static_cast<std::int32_t>(
            least(value * layer.packed_scale + 0.5F, static_cast<float>(network_limit)));
      }
      if (layer.packed_scale > 0) work.packed[1][at + o / 2 * network_bands] = pack(steps[0], steps[1]);
    }
  }

  ORAK_ON_GRID void add_taps(const std::int32_t* input, int band, std::int32_t (&sums)[Outputs]) const {
    constexpr std::int64_t next = pairs * network_bands;
    const std::int32_t* weights = layer.weights;
    for (int t = 0; t < layer.tap_count; ++t, weights += layer.pairs * Outputs) {
      const NetworkTap tap = layer.taps[t];
      if (band + tap.shift < 0 || band + tap.shift >= layer.input_bands) continue;
      for (int p = 0; p < layer.pairs; ++p) {
        const std::int32_t* from = input + p * network_bands + tap.shift;
        const std::int32_t a = tap.source == 0 ? low(from[0]) : low(from[-next]) + low(from[next]);
        const std::int32_t b = tap.source == 0 ? high(from[0]) : high(from[-next]) + high(from[next]);
        for (int o = 0; o < Outputs; ++o) {
          const std::int32_t factor = weights[p * Outputs + o];
          sums[o] += a * low(factor) + b * high(factor);
        }
      }
    }
  }
};

/// What the head's four channels say of one bin.
ORAK_ON_GRID inline float head(const float* values, const float* weights, int taps, float bias, int bin) {
  float sum = bias;
  for (int c = 0; c < 4; ++c)
    for (int k = 0; k < taps; ++k) {
      const int b = bin + k - taps / 2;
      const float value = b < 0 || b >= network_bins ? 0.0F : values[c * network_bands + b];
      sum = sum + value * *weights++;
    }
  return sum;
}

/// Threads: frames · network_bins.
struct Pitch {
  ConvWeights weights;
  Work work;
  ORAK_ON_GRID void operator()(std::int64_t i) const {
    const std::int64_t frame = i / network_bins;
    const int bin = static_cast<int>(i % network_bins);
    if (work.centres[frame] < 0) return;
    const float* values = work.values + frame * channels * network_bands;
    work.out[frame * (network_bins + 1) + bin] = head(values, weights.weights, 1, weights.biases[0], bin);
  }
};

/// The most that speaks for a voice in any bin. Threads: frames · 4.
struct Shown {
  ConvWeights weights;
  Work work;
  ORAK_ON_GRID void operator()(std::int64_t i) const {
    const std::int64_t frame = i / 4;
    const int c = static_cast<int>(i % 4), taps = weights.taps_f;
    if (work.centres[frame] < 0) return;
    const float* values = work.values + frame * channels * network_bands;
    const float* own = weights.weights + c * 4 * taps;
    float found = head(values, own, taps, weights.biases[c], 0);
    for (int bin = 1; bin < network_bins; ++bin) {
      const float value = head(values, own, taps, weights.biases[c], bin);
      if (found < value) found = value;
    }
    work.evidence[frame * evidences + c] = found;
  }
};

/// A voice or none, from three frames. Threads: frames.
struct Judged {
  ConvWeights first, second;
  Work work;
  ORAK_ON_GRID void operator()(std::int64_t frame) const {
    if (work.centres[frame] < 0) return;
    float sum = second.biases[0];
    for (int o = 0; o < first.out; ++o) {
      float inner = first.biases[o];
      for (int d = 0; d < 3; ++d)
        for (int c = 0; c < first.in; ++c)
          inner += first.weights[(o * first.in + c) * 3 + d] * work.evidence[(frame + d - 1) * evidences + c];
      sum += second.weights[o] * (inner < 0.0F ? 0.0F : inner);
    }
    work.out[frame * (network_bins + 1) + network_bins] = sum;
  }
};

/// The whole network over a tile. launch(step, threads): carries out step(i) for every i under `threads`, in
/// any order, before the next begins.
template <class Launch>
void run(const Tables& tables, Work work, float input_scale, const Launch& launch) {
  for (int s = 0; s < spectra; ++s) {
    const Spectrum& spectrum = tables.spectra[s];
    const int half = spectrum.size / 2;
    launch(Gather{spectrum, work}, work.frames * spectrum.size);
    const float* twiddles = spectrum.twiddles;
    int block = half;
    for (; block >= 4; twiddles += block / 4 * 6, block /= 4)
      launch(Butterfly{half, block, twiddles, work}, work.frames * (half / 4));
    if (block == 2) launch(LastPair{half, work}, work.frames * (half / 2));
    launch(Magnitude{spectrum, work}, work.frames * (half / 2 + 1));
    launch(LogBand{spectrum, s, work}, work.frames * network_bands);
  }
  launch(Quantise{input_scale, work}, work.frames * network_bands);
  launch(Mean{work}, work.frames);
  for (const Layer& layer : tables.layers) {
    if (layer.outputs == channels)
      launch(Convolve<channels>{layer, work}, work.frames * network_bands);
    else
      launch(Convolve<4>{layer, work}, work.frames * network_bands);
    std::int32_t* const input = work.packed[0];
    work.packed[0] = work.packed[1];
    work.packed[1] = input;
  }
  launch(Pitch{tables.pitch, work}, work.frames * network_bins);
  launch(Shown{tables.shown, work}, work.frames * 4);
  launch(Judged{tables.voicing[0], tables.voicing[1], work}, work.frames);
}

}  // namespace orakgarak::voice::grid
