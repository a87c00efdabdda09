#pragma once
// What is heard of an aligned backing while somebody sings over it.
#include <functional>
#include <span>
#include <vector>

namespace orakgarak::voice {

inline constexpr int echo_path = 6144;  ///< taps: 384 ms at backing_rate

/// The echo in a take: the backing through loudspeaker, room and microphone, and through what the loudspeaker
/// bends. As long as the take.
///
/// A partitioned-block frequency-domain Kalman filter (Enzner & Vary 2006; Kuech, Mabande & Enzner 2014) that
/// starts from `path` and runs over the take `passes` times. It follows what changes, and trusts a bin less
/// where the singer is in it: how loud that is, each pass learns from what the one before left over. Beside
/// the path of the backing it has one for the cube of the echo as it was known so far.
///
/// take, backing: of one length, each with a mean square of 1. path: echo_path taps (least_squares_path).
/// go_on: asked before each pass; where it says no, the echo is what was known so far.
std::vector<float> follow_echo(std::span<const float> take, std::span<const float> backing,
                               std::span<const float> path, const std::function<bool()>& go_on,
                               int passes = 3);

}  // namespace orakgarak::voice
