#include "voice/network_weights.h"

namespace orakgarak::voice {
namespace {
#include "voice/network_weights.inc"
}  // namespace

const std::array<std::span<const FilterWeight>, 3> network_filters{filter_1024, filter_2048, filter_512};
const std::span<const ConvWeights, 18> network_convolutions{convolutions};

}  // namespace orakgarak::voice
