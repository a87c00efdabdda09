#pragma once
// How far a fit may be off: what is not known of the singer's ends, of where the song lies, and of its
// octave.
//
// Each is one standard deviation. The fit is computed again with the low end moved out and in by its
// uncertainty, with the high end likewise, and with the song moved up and down by position_sigma (shape.h);
// of each pair the larger change counts. For a song of which only the top is known, the deviation of the fit
// over its possible lengths and errors stands in place of the move. The three are added as squares. An
// uncertain octave adds the larger change of an octave up or down, at least 30 points. Never under 1 point:
// the scale itself is no finer.
#include <array>

#include "songs/effort.h"

namespace orakgarak::songs {

class FitUncertainty {
 public:
  explicit FitUncertainty(const Reach& reach, const TopShapes& shapes = starter_top_shapes());

  /// In points of fit, 1 to 100. shift: key and octave; price: what that shift costs.
  double of(const IndexedSong& song, bool octave_uncertain, int shift, std::uint32_t price) const;

 private:
  using Pair = std::array<SingerCost, 2>;

  SingerCost told_;
  Pair low_, high_, transcribed_, collected_;
};

}  // namespace orakgarak::songs
