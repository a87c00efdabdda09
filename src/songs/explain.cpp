#include "songs/explain.h"

#include <algorithm>
#include <cmath>

#include "songs/shape.h"

namespace orakgarak::songs {
namespace {

int nearest_semitone(Midi m) { return static_cast<int>(std::floor(m.value + 0.5)); }

/// A song as it sounds in one shift.
class Sung {
 public:
  Sung(const Song& song, int shift)
      : song_(song), shift_(shift), known_(weigh(song).value_or(IndexedSong{})) {}

  bool transcribed() const { return evidence_of(song_) == Evidence::transcribed; }
  Midi highest() const { return Midi(known_.highest + shift_); }
  bool has_lowest() const { return known_.lowest != end_unknown; }
  Midi lowest() const { return Midi(known_.lowest + shift_); }

  bool is_above(Midi end) const { return nearest_semitone(highest()) > nearest_semitone(end); }
  bool is_below(Midi end) const { return has_lowest() && nearest_semitone(lowest()) < nearest_semitone(end); }

  Seconds at(Midi note) const {
    return sum([&](int p) { return p == nearest_semitone(note); });
  }
  Seconds above(Midi end) const {
    return sum([&](int p) { return p > nearest_semitone(end); });
  }
  Seconds below(Midi end) const {
    return sum([&](int p) { return p < nearest_semitone(end); });
  }
  /// Of the singing; of the average shape where the song is not transcribed.
  template <class Counts>
  double share(Counts counts) const {
    if (transcribed()) return sum(counts) / all();
    const TopShapes& shapes = starter_top_shapes();
    const auto shape =
        has_lowest() ? stretched(starter_shape, known_.highest - known_.lowest) : shapes[shapes.size() / 2];
    const int first = known_.highest + shift_ - static_cast<int>(shape.size()) + 1;
    double inside = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (counts(first + static_cast<int>(i))) inside += shape[i];
    }
    return inside;
  }
  Seconds all() const {
    return sum([](int) { return true; });
  }

 private:
  template <class Counts>
  Seconds sum(Counts counts) const {
    double seconds = 0;
    for (const auto& [p, s] : song_.seconds_per_semitone) {
      if (p >= 0 && p < 128 && counts(p + shift_)) seconds += s;
    }
    return Seconds(seconds);
  }

  const Song& song_;
  int shift_;
  IndexedSong known_;
};

class Explanation {
 public:
  Explanation(const Song& song, const Reach& reach, const ChosenKey& chosen)
      : song_(song),
        reach_(reach),
        chosen_(chosen),
        sung_(song, chosen.key_shift + 12 * chosen.octave_shift) {}

  std::vector<Reason> all() {
    if (chosen_.octave_shift != 0) add(ReasonCode::octave_shift).octaves = chosen_.octave_shift;
    if (sung_.transcribed()) {
      seconds_in_this_key();
    } else {
      ends_in_this_key();
    }
    beyond_full_range();
    original_key();
    what_was_said();
    about_the_song();
    return std::move(reasons_);
  }

 private:
  Reason& add(ReasonCode code) { return reasons_.emplace_back(Reason{code, chosen_.key_shift}); }

  void seconds_in_this_key() {
    const Midi low = reach_.low.comfortable;
    const Midi high = reach_.high.comfortable;
    if (!sung_.is_above(high) && !sung_.is_below(low)) {
      Reason& reason = add(ReasonCode::all_comfortable);
      reason.note = sung_.highest();
      reason.low_note = sung_.lowest();
      reason.limit = high;
      reason.low_limit = low;
      return;
    }
    const double share = 1 - (sung_.above(high) + sung_.below(low)) / sung_.all();
    if (share >= 0.5) add(ReasonCode::mostly_comfortable).share = share;
    if (sung_.is_above(high)) {
      Reason& reason = add(ReasonCode::above_comfortable);
      reason.limit = high;
      reason.seconds = sung_.above(high);
      reason.note = sung_.highest();
      reason.at_note = sung_.at(sung_.highest());
      another_key(high);
    }
    if (sung_.is_below(low)) {
      Reason& reason = add(ReasonCode::below_comfortable);
      reason.limit = low;
      reason.seconds = sung_.below(low);
      reason.note = sung_.lowest();
      reason.at_note = sung_.at(sung_.lowest());
    }
  }

  /// The nearest lower key in which nothing is above the comfortable range.
  void another_key(Midi high) {
    const int down = nearest_semitone(sung_.highest()) - nearest_semitone(high);
    const int key = chosen_.key_shift - down;
    if (key < chosen_.lowest_key) return;
    Reason& reason = add(ReasonCode::clear_in_key);
    reason.key = key;
    reason.limit = high;
  }

  void ends_in_this_key() {
    const Midi comfortable = reach_.high.comfortable;
    if (sung_.is_above(reach_.high.full)) return;  // beyond_full_range says so
    const bool over = sung_.is_above(comfortable);
    Reason& reason = add(over ? ReasonCode::top_reachable : ReasonCode::top_comfortable);
    reason.note = sung_.highest();
    reason.limit = over ? reach_.high.full : comfortable;
    reason.margin = std::max(Semitones(0), *reason.limit - sung_.highest());
  }

  void beyond_full_range() {
    if (sung_.is_above(reach_.high.full)) {
      Reason& reason = add(ReasonCode::above_full);
      reason.limit = reach_.high.full;
      reason.note = sung_.highest();
      reason.margin = sung_.highest() - reach_.high.full;
      if (sung_.transcribed()) reason.seconds = sung_.above(reach_.high.full);
    }
    if (sung_.is_below(reach_.low.full)) {
      Reason& reason = add(ReasonCode::below_full);
      reason.limit = reach_.low.full;
      reason.note = sung_.lowest();
      reason.margin = reach_.low.full - sung_.lowest();
      if (sung_.transcribed()) reason.seconds = sung_.below(reach_.low.full);
    }
  }

  /// What the change of key is for.
  void original_key() {
    if (chosen_.octave_shift != 0) return;
    if (chosen_.key_shift == 0) {
      add(ReasonCode::original_key);
      return;
    }
    const Sung original(song_, 0);
    const Midi low = reach_.low.comfortable;
    const Midi high = reach_.high.comfortable;
    const bool lowered = chosen_.key_shift < 0 && original.is_above(high);
    if (lowered && sung_.transcribed()) {
      Reason& reason = add(ReasonCode::original_key_above);
      reason.key = 0;
      reason.limit = high;
      reason.seconds = original.above(high);
      reason.note = original.highest();
    } else if (lowered) {
      Reason& reason = add(ReasonCode::original_top_above);
      reason.key = 0;
      reason.limit = high;
      reason.note = original.highest();
      reason.margin = original.highest() - high;
    } else if (chosen_.key_shift > 0 && sung_.transcribed() && original.is_below(low)) {
      Reason& reason = add(ReasonCode::original_key_below);
      reason.key = 0;
      reason.limit = low;
      reason.seconds = original.below(low);
      reason.note = original.lowest();
    }
  }

  /// Where this song, here or in the original key, lies on notes that other words of the singer moved.
  void what_was_said() {
    const Sung original(song_, 12 * chosen_.octave_shift);
    if (const Semitones by = reach_.high.moved; by != Semitones(0)) {
      const Midi inner = std::min(reach_.high.comfortable, reach_.high.comfortable - by);
      if (sung_.is_above(inner) || original.is_above(inner))
        add_moved(by < Semitones(0) ? ReasonCode::high_end_lowered : ReasonCode::high_end_raised,
                  reach_.high.comfortable, by);
    }
    if (const Semitones by = reach_.low.moved; by != Semitones(0)) {
      const Midi inner = std::max(reach_.low.comfortable, reach_.low.comfortable - by);
      if (sung_.is_below(inner) || original.is_below(inner))
        add_moved(by < Semitones(0) ? ReasonCode::low_end_lowered : ReasonCode::low_end_raised,
                  reach_.low.comfortable, by);
    }
  }

  void add_moved(ReasonCode code, Midi limit, Semitones by) {
    Reason& reason = add(code);
    reason.limit = limit;
    reason.margin = std::max(by, -by);
  }

  void about_the_song() {
    if (song_.highest_is_falsetto) add(ReasonCode::top_is_falsetto).note = sung_.highest();
    if (song_.adlib_highest) {
      const int shift = chosen_.key_shift + 12 * chosen_.octave_shift;
      add(ReasonCode::adlib_above).note = *song_.adlib_highest + Semitones(shift);
    }
    if (song_.us_chart_peak) {
      add(ReasonCode::well_known).chart_peak = song_.us_chart_peak;
    } else if (song_.rs500_rank) {
      add(ReasonCode::well_known).album_rank = song_.rs500_rank;
    }
    const Evidence evidence = evidence_of(song_);
    if (evidence == Evidence::top) add(ReasonCode::top_only).margin = collected_end_margin;
    if (evidence == Evidence::ends) add(ReasonCode::ends_only).margin = collected_end_margin;
    if (song_.octave == OctaveEvidence::uncertain) add(ReasonCode::octave_uncertain);
  }

  const Song& song_;
  const Reach& reach_;
  const ChosenKey& chosen_;
  Sung sung_;
  std::vector<Reason> reasons_;
};

}  // namespace

std::vector<Reason> explain(const Song& song, const Reach& reach, const ChosenKey& chosen) {
  return Explanation(song, reach, chosen).all();
}

std::vector<Reason> explain_misfit(const Song& song, const Reach& reach, const ChosenKey& chosen) {
  const Sung sung(song, chosen.key_shift + 12 * chosen.octave_shift);
  std::vector<Reason> why;
  if (sung.is_above(reach.high.full)) {
    Reason& reason = why.emplace_back(Reason{ReasonCode::nothing_low_enough, chosen.key_shift});
    reason.limit = reach.high.full;
    reason.note = sung.highest();
    reason.margin = sung.highest() - reach.high.full;
  }
  if (sung.is_below(reach.low.full)) {
    Reason& reason = why.emplace_back(Reason{ReasonCode::nothing_high_enough, chosen.key_shift});
    reason.limit = reach.low.full;
    reason.note = sung.lowest();
    reason.margin = reach.low.full - sung.lowest();
  }
  if (why.empty()) {
    const auto comfortable = [&](int midi) {
      return midi >= nearest_semitone(reach.low.comfortable) &&
             midi <= nearest_semitone(reach.high.comfortable);
    };
    Reason reason{ReasonCode::nothing_easy_enough, chosen.key_shift};
    reason.share = sung.share(comfortable);
    return {reason};
  }
  return why;
}

std::vector<Reason> cautions_about(const Reach& reach, int takes) {
  std::vector<Reason> cautions;
  if (reach.high.assumed) {
    Reason& reason = cautions.emplace_back(Reason{ReasonCode::high_end_unknown});
    reason.limit = reach.high.full;
    reason.margin = reach.high.uncertainty;
  }
  if (reach.low.assumed) {
    Reason& reason = cautions.emplace_back(Reason{ReasonCode::low_end_unknown});
    reason.limit = reach.low.full;
    reason.margin = reach.low.uncertainty;
  }
  if (takes == 1) cautions.emplace_back(Reason{ReasonCode::one_take});
  return cautions;
}

}  // namespace orakgarak::songs
