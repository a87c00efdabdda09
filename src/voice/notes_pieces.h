#pragma once
// Where does one held pitch end and the next begin? The exact optimum of a piecewise-constant fit.
#include <cstddef>
#include <span>
#include <vector>

namespace orakgarak::voice {

struct Piece {
  std::size_t begin, end;  ///< frames [begin, end)
};

/// The pieces that minimise Σ min(|p − n|, 2) + 8 · (pieces − 1) over the frames of one voiced run, n being
/// the piece's pitch on a grid of a quarter semitone (a Potts functional, solved exactly as in Friedrich,
/// Kempe, Liebscher & Winkler, "Complexity penalized M-estimation: fast computation", 2008).
///
/// With these prices a vibrato of up to ±1 semitone stays in one piece, a semitone step makes two pieces once
/// the new pitch lasts 80 ms (160 ms if the old one comes back), a wider step half of that.
///
/// semitones: pitch of each frame, one voiced run without gaps. O(frames × quarter semitones of range);
/// memory O(frames + range).
std::vector<Piece> held_pieces(std::span<const float> semitones);

}  // namespace orakgarak::voice
