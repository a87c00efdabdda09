#pragma once
// A small neural network that hears a voice's pitch through noise, rooms and backings.
//
// Method: SwiftF0 (Nieradzik, "SwiftF0: fast and accurate monophonic pitch detection", 2025), version 0.3.0,
// weights from its package (MIT). Three spectra of different length become 128 log-spaced bands each; 13
// small convolutions over time and frequency make of them the likelihood of 95 pitches and of a voice.
// Our own pass: convolutions in 16-bit integers with exact 32-bit sums, everything else in single precision
// without contraction, so that every instruction set and WebAssembly give the same bits (decision 001).
#include <array>
#include <functional>
#include <memory>
#include <span>

#include "base/units.h"
#include "voice/kernels.h"

namespace orakgarak::voice {

inline constexpr Hertz network_rate{16000};
/// Frame t is centred at sample t · network_hop.
inline constexpr int network_hop = 256;
inline constexpr int network_bins = 95;
/// log2 of the lowest pitch in Hz (46.875) and of the step to the next; the highest is 2,093.75 Hz.
inline constexpr double network_lowest_octave = 5.550746785383243, network_bin_octaves = 0.05830985840145336;

struct NetworkFrame {
  std::array<float, network_bins> likelihood;  ///< logits: pitch by softmax
  float voicing;                               ///< logit: a voice by the logistic function
};

/// One take's way through the network: samples in at any cut; the frames do not depend on the cut. The level
/// is not normalised.
class NetworkRun {
 public:
  using Sink = std::function<void(const NetworkFrame&)>;

  virtual ~NetworkRun() = default;
  /// samples: at network_rate, finite. Frames go to `sink` in order.
  virtual void push(std::span<const float> samples, const Sink& sink) = 0;
  /// The rest, as if silence followed: max(1, samples / network_hop) frames in all. Spent afterwards.
  virtual void finish(const Sink& sink) = 0;
};
/// Gives each take a way of its own. All give the same bits, so that no report depends on which it was.
using NetworkMaker = std::function<std::unique_ptr<NetworkRun>()>;

/// The way over the processor. A frame is known 6,656 samples after its centre at the latest.
class Network final : public NetworkRun {
 public:
  explicit Network(InstructionSet set = best_instruction_set());
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network() override;

  void push(std::span<const float> samples, const Sink& sink) override;
  void finish(const Sink& sink) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace orakgarak::voice
