#include "songs/uncertainty.h"

#include <algorithm>
#include <cmath>

namespace orakgarak::songs {
namespace {

constexpr double least_octave_doubt = 30, least_doubt = 1;

/// Moving the song up is the same as moving the singer down.
std::array<SingerCost, 2> song_moved(const Reach& reach, const TopShapes& shapes, Evidence evidence) {
  const Semitones by = position_sigma(evidence);
  return {SingerCost(reach.moved(-by, -by), shapes), SingerCost(reach.moved(by, by), shapes)};
}

std::array<SingerCost, 2> ends_moved(const Reach& reach, const TopShapes& shapes, Semitones low_by,
                                     Semitones high_by) {
  return {SingerCost(reach.moved(low_by, high_by), shapes),
          SingerCost(reach.moved(-low_by, -high_by), shapes)};
}

}  // namespace

FitUncertainty::FitUncertainty(const Reach& reach, const TopShapes& shapes)
    : told_(reach, shapes),
      low_(ends_moved(reach, shapes, reach.low.uncertainty, Semitones(0))),
      high_(ends_moved(reach, shapes, Semitones(0), reach.high.uncertainty)),
      transcribed_(song_moved(reach, shapes, Evidence::transcribed)),
      collected_(song_moved(reach, shapes, Evidence::ends)) {}

double FitUncertainty::of(const IndexedSong& song, bool octave_uncertain, int shift,
                          std::uint32_t price) const {
  const double fit = fit_of(told_.of(song, shift) + price);
  const auto change = [&](const SingerCost& singer, int moved_shift) {
    return std::abs(fit_of(singer.of(song, moved_shift) + price) - fit);
  };
  const auto larger = [&](const Pair& pair) {
    return std::max(change(pair[0], shift), change(pair[1], shift));
  };

  const bool falsetto = song.kind == EndsKind::top_only_falsetto;
  double position = 0;
  if (falsetto || song.kind == EndsKind::top_only) {
    position = told_.of_top(song.highest + shift, falsetto).deviation;
  } else {
    const bool known = song.kind == EndsKind::transcribed || song.kind == EndsKind::transcribed_falsetto;
    position = larger(known ? transcribed_ : collected_);
  }
  const double low = larger(low_);
  const double high = larger(high_);
  double octave = 0;
  if (octave_uncertain) {
    octave = std::max({change(told_, shift - 12), change(told_, shift + 12), least_octave_doubt});
  }
  const double all = math::sqrt(low * low + high * high + position * position + octave * octave);
  return std::clamp(all, least_doubt, 100.0);
}

}  // namespace orakgarak::songs
