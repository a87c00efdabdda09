#pragma once
// What the network hears of a whole take, as the engine has it. For tests only.
#include <span>

#include "voice/pitch_salience.h"
#include "voice/take_signal.h"

namespace orakgarak::voice {

/// samples: at network_rate.
inline Salience salience_of(std::span<const float> samples, InstructionSet set = best_instruction_set()) {
  TakeSignal take;
  take.push(samples);
  SalienceListener listener(take.loud_level_db(), take.size(), set);
  std::move(take).to_analysis_rate([&](std::span<const float> part) { listener.push(part); }, set);
  return listener.finish();
}

}  // namespace orakgarak::voice
