#pragma once
// The network in plain loops over single precision: what the fast pass is held against, and itself held
// against ONNX Runtime (tests/accuracy).
#include <vector>

#include "voice/network.h"

namespace orakgarak::voice {

/// signal: a whole take at network_rate. About the take's own length on one core.
std::vector<NetworkFrame> run_network_plainly(std::span<const float> signal);

}  // namespace orakgarak::voice
