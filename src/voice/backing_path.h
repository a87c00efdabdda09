#pragma once
// The linear path of a backing by least squares, and what a signal sounds like through a path.
#include <span>
#include <vector>

namespace orakgarak::voice {

/// h of `taps` that makes Σ_n (take[n] − Σ_k h[k] · backing[n − k])² least: the Toeplitz normal equations,
/// with 30 dB of white noise below the backing where it has nothing to say, solved by Levinson's recursion
/// (1947). Both of one length. taps: up to 8,192. O(n log n + taps²); all 0 where the backing is silent.
std::vector<float> least_squares_path(std::span<const float> take, std::span<const float> backing, int taps);

/// out[n] = Σ_k path[k] · signal[n − k], as long as the signal.
std::vector<float> through_path(std::span<const float> signal, std::span<const float> path);

}  // namespace orakgarak::voice
