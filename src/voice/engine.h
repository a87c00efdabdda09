#pragma once
#include <memory>
#include <span>

#include "base/result.h"
#include "voice/kernels.h"
#include "voice/network.h"
#include "voice/report.h"

namespace orakgarak::voice {

struct EngineOptions {
  bool live = false;        ///< also make provisional frames
  bool pitch_only = false;  ///< finish() fills frames, range and tessitura only
  bool network = true;      ///< false: autocorrelation alone; three times as fast, deaf in loud surroundings
  NetworkMaker network_maker = {};  ///< another way through the network; empty: over the processor
  InstructionSet instruction_set = best_instruction_set();  ///< for tests and benchmarks
};

/// One take. Samples in at any cut; the report does not depend on the cut. Not thread-safe; one take each.
class Engine {
 public:
  /// source_rate: 8,000 to 384,000 Hz. Errors: rejected "sample_rate".
  static Result<Engine> create(Hertz source_rate, const EngineOptions& options = {});
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  /// Mono, full scale ±1. NaN, infinite and senseless samples (beyond ±1e6) count as 0 and are reported in
  /// capture quality. Returns provisional frames that became known, each at most 80 ms after its sound; empty
  /// unless `live`.
  std::span<const PitchFrame> push(std::span<const float> samples);

  /// The report. The engine is spent afterwards.
  VoiceReport finish();

 private:
  struct State;
  explicit Engine(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace orakgarak::voice
