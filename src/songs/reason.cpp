#include "songs/reason.h"

namespace orakgarak::songs {

std::string_view to_string(ReasonCode code) {
  switch (code) {
    case ReasonCode::all_comfortable:
      return "all_comfortable";
    case ReasonCode::mostly_comfortable:
      return "mostly_comfortable";
    case ReasonCode::above_comfortable:
      return "above_comfortable";
    case ReasonCode::below_comfortable:
      return "below_comfortable";
    case ReasonCode::above_full:
      return "above_full";
    case ReasonCode::below_full:
      return "below_full";
    case ReasonCode::clear_in_key:
      return "clear_in_key";
    case ReasonCode::original_key_above:
      return "original_key_above";
    case ReasonCode::original_key_below:
      return "original_key_below";
    case ReasonCode::original_top_above:
      return "original_top_above";
    case ReasonCode::original_key:
      return "original_key";
    case ReasonCode::octave_shift:
      return "octave_shift";
    case ReasonCode::top_comfortable:
      return "top_comfortable";
    case ReasonCode::top_reachable:
      return "top_reachable";
    case ReasonCode::high_end_lowered:
      return "high_end_lowered";
    case ReasonCode::high_end_raised:
      return "high_end_raised";
    case ReasonCode::low_end_raised:
      return "low_end_raised";
    case ReasonCode::low_end_lowered:
      return "low_end_lowered";
    case ReasonCode::top_is_falsetto:
      return "top_is_falsetto";
    case ReasonCode::adlib_above:
      return "adlib_above";
    case ReasonCode::well_known:
      return "well_known";
    case ReasonCode::top_only:
      return "top_only";
    case ReasonCode::ends_only:
      return "ends_only";
    case ReasonCode::octave_uncertain:
      return "octave_uncertain";
    case ReasonCode::high_end_unknown:
      return "high_end_unknown";
    case ReasonCode::low_end_unknown:
      return "low_end_unknown";
    case ReasonCode::one_take:
      return "one_take";
    case ReasonCode::nothing_low_enough:
      return "nothing_low_enough";
    case ReasonCode::nothing_high_enough:
      return "nothing_high_enough";
    case ReasonCode::nothing_easy_enough:
      return "nothing_easy_enough";
    case ReasonCode::nothing_passes_filters:
      return "nothing_passes_filters";
    case ReasonCode::empty_catalogue:
      return "empty_catalogue";
  }
  return "unknown";
}

}  // namespace orakgarak::songs
