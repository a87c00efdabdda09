#pragma once
#include <vector>

struct AVFrame;

namespace orakgarak::media {

/// The mean of a frame's channels, full scale ±1, into `mono` (frame.nb_samples values). Floating-point
/// values pass through as they are. false: a sample format that no audio decoder gives.
bool mix_to_mono(const AVFrame& frame, std::vector<float>& mono);

}  // namespace orakgarak::media
