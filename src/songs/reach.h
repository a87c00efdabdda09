#pragma once
// The four pitches that matching needs, also for a singer of whom less is known.
//
// A declined end is never made up: the rules below stay at what was heard, say that they assumed, and carry
// an uncertainty that makes no fit confident which depends on that end.
//
//   known                        full end                    comfortable end         uncertainty
//   full and comfortable         as measured                 as measured             of the full end
//   full only                    as measured                 3 semitones inside      of the full end + 1
//   comfortable only             the comfortable end         as measured             at least 3, assumed
//   neither, ≥ 3 s of tessitura  1/10 of the seconds beyond  the same                4, assumed
//   neither, and none            an octave from the other comfortable end  the same  5, assumed
//
// A range narrower than its two assumptions (full only, 3 inside at both ends) has its comfortable ends meet
// in the middle.
#include "base/result.h"
#include "songs/profile.h"

namespace orakgarak::songs {

struct ReachEnd {
  Midi full, comfortable;
  Semitones uncertainty;
  bool assumed = false;  ///< no take told the full end
  Semitones moved = {};  ///< of the comfortable end: how far what the singer said of songs moved it
};

/// low.full ≤ low.comfortable ≤ high.comfortable ≤ high.full.
struct Reach {
  ReachEnd low, high;

  /// The same reach as if every end lay so much higher, or only one end.
  Reach moved(Semitones low_by, Semitones high_by) const;
};

/// Errors (`rejected`): `profile_empty` where no end and no singing is known; `profile_broken` where the ends
/// cross or are no numbers from 0 to 127.
Result<Reach> reach_of(const SingerProfile& singer);

}  // namespace orakgarak::songs
