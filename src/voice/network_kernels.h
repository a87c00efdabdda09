#pragma once
// The loops of the pitch network that take the time, written once in network_kernels_body.h and compiled for
// several instruction sets. Sums of 16-bit products are exact in 32 bits; everything in single precision is
// carried out lane by lane in one order: all variants give the same bits.
#include <cstddef>
#include <cstdint>

#include "voice/kernels.h"
#include "voice/network_weights.h"

namespace orakgarak::voice {

inline constexpr int network_bands = 128;
/// A row of packed activations: two channels' 16-bit values in each 32-bit element, zeros around the bands.
inline constexpr int network_margin = 64, network_stride = network_bands + 2 * network_margin + 16;
/// Greatest magnitude of an activation, so that the sum of two still fits 16 bits.
inline constexpr int network_limit = 16383;

struct NetworkTap {
  int source;  ///< which of the job's inputs
  int shift;   ///< bands from the output to the input: taps that see zeros alone are skipped
};

/// One layer at one frame.
struct NetworkJob {
  /// Packed rows, one a channel pair, at band 0: of this frame, and of the sum of its neighbours in time.
  const std::int32_t* inputs[2];
  const std::int32_t* weights;  ///< [tap][pair][output], packed like the input
  std::span<const NetworkTap> taps;
  int pairs, outputs, bands;  ///< outputs: 4 or 12; bands: a multiple of 16
  const float* scales;        ///< [output]: of the integer sum
  const float* biases;        ///< [output]
  const float* residual;      ///< [output][network_bands], added before the rectifier; may be null
  float* values;              ///< [output][network_bands]; may be null
  float packed_scale;
  std::int32_t* packed;  ///< rows for the next layer, one an output pair; may be null
};

struct NetworkKernels {
  void (*convolve)(const NetworkJob&);
  /// out = a + b, both halves of each element.
  void (*add_pairs)(const std::int32_t* a, const std::int32_t* b, std::size_t count, std::int32_t* out);
  /// power[bin][16] becomes its root; values[band][16] = log(Σ weight · root + 1e-8). entries: sorted by
  /// band, band b at [starts[b], starts[b + 1]).
  void (*log_bands)(float* power, int bins, const FilterWeight* entries, const int* starts, float* values);
  /// steps[i] = values[i] · scale, rounded, within ±network_limit; sums[l] += values of lane l.
  void (*quantise)(const float* values, std::size_t rows, float scale, std::int32_t* steps, float* sums);
  /// out[b] = biases[o] + Σ weights[o][c][k] · in[c][b + k − taps/2] for 96 bands; in: [4][stride], zeros
  /// around.
  void (*head)(const float* in, std::ptrdiff_t stride, const float* weights, int taps, float bias,
               float* out);
};

const NetworkKernels& network_kernels(InstructionSet);
/// All variants that this machine can run, baseline first: more than there are instruction sets to choose
/// from where AVX-512 has dot products.
std::span<const NetworkKernels* const> available_network_kernels();

}  // namespace orakgarak::voice
