#pragma once
#include <vector>

#include "base/units.h"

namespace orakgarak {

/// Mono samples, full scale = ±1.
struct AudioBuffer {
  std::vector<float> samples;
  Hertz rate;

  Seconds duration() const { return Seconds(static_cast<double>(samples.size()) / rate.value); }
};

}  // namespace orakgarak
