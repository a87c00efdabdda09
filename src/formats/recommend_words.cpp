#include "formats/recommend_words.h"

#include <fmt/format.h>

#include <cmath>

namespace orakgarak::formats {
namespace {

using songs::Reason;
using songs::ReasonCode;

/// The fields of a reason as text; a field that the code does not set is "?", which no sentence below shows.
struct Words {
  std::string limit, low_limit, note, low_note, margin, key;
  const Reason& reason;

  std::string seconds() const { return fmt::format("{:.1f} s", reason.seconds.value_or(Seconds()).value); }
  std::string percent() const { return fmt::format("{:.0f} %", reason.share.value_or(0) * 100); }
  /// ", 0.4 s at its highest, G4" where the time there is known.
  std::string at(std::string_view what) const {
    if (!reason.at_note) return fmt::format(", {} is {}", what, note);
    return fmt::format(", {:.1f} s at {}, {}", reason.at_note->value, what, note);
  }
  std::string for_seconds() const { return reason.seconds ? fmt::format(" (for {})", seconds()) : ""; }
};

double tenths(Semitones semitones) { return std::round(semitones.value * 10) / 10; }

std::string interval(Semitones semitones) {
  const double rounded = tenths(semitones);
  return fmt::format("{:g} semitone{}", rounded, rounded == 1 ? "" : "s");
}

Words words_of(const Reason& reason, Notation notation) {
  const auto name = [&](const std::optional<Midi>& midi) {
    return midi ? note_name(*midi, notation) : std::string("?");
  };
  return {name(reason.limit),
          name(reason.low_limit),
          name(reason.note),
          name(reason.low_note),
          reason.margin ? interval(*reason.margin) : "?",
          key_name(reason.key),
          reason};
}

std::string in_the_key(const Words& w) {
  switch (w.reason.code) {
    case ReasonCode::all_comfortable:
      return fmt::format("all of it, {} to {}, lies in your comfortable {} to {}", w.low_note, w.note,
                         w.low_limit, w.limit);
    case ReasonCode::mostly_comfortable:
      return fmt::format("{} of it lies in your comfortable range", w.percent());
    case ReasonCode::above_comfortable:
      return fmt::format("{} above your comfortable {}{}", w.seconds(), w.limit, w.at("its highest"));
    case ReasonCode::below_comfortable:
      return fmt::format("{} below your comfortable {}{}", w.seconds(), w.limit, w.at("its lowest"));
    case ReasonCode::above_full:
      return fmt::format("its highest, {}, is {} above your highest, {}{}", w.note, w.margin, w.limit,
                         w.for_seconds());
    case ReasonCode::below_full:
      return fmt::format("its lowest, {}, is {} below your lowest, {}{}", w.note, w.margin, w.limit,
                         w.for_seconds());
    case ReasonCode::clear_in_key:
      return fmt::format("in {} nothing is above your comfortable {}", w.key, w.limit);
    case ReasonCode::original_key_above:
      return fmt::format("in the original key {} lie above your comfortable {}, up to {}", w.seconds(),
                         w.limit, w.note);
    case ReasonCode::original_key_below:
      return fmt::format("in the original key {} lie below your comfortable {}, down to {}", w.seconds(),
                         w.limit, w.note);
    case ReasonCode::original_top_above:
      return fmt::format("in the original key its highest, {}, is {} above your comfortable {}", w.note,
                         w.margin, w.limit);
    case ReasonCode::original_key:
      return "it fits in the original key";
    case ReasonCode::octave_shift:
      return fmt::format("sung an octave {} than the original",
                         w.reason.octaves.value_or(0) > 0 ? "higher" : "lower");
    default:
      return {};
  }
}

std::string what_was_said(const Words& w) {
  switch (w.reason.code) {
    case ReasonCode::high_end_lowered:
      return fmt::format("{} counts as your comfortable top, {} lower than sung: songs were too hard",
                         w.limit, w.margin);
    case ReasonCode::high_end_raised:
      return fmt::format("{} counts as your comfortable top, {} higher than sung: songs went well", w.limit,
                         w.margin);
    case ReasonCode::low_end_raised:
      return fmt::format("{} counts as your comfortable low end, {} higher than sung: songs were too hard",
                         w.limit, w.margin);
    case ReasonCode::low_end_lowered:
      return fmt::format("{} counts as your comfortable low end, {} lower than sung: songs went well",
                         w.limit, w.margin);
    default:
      return {};
  }
}

std::string about_the_song(const Words& w) {
  const bool at_limit = w.reason.margin && tenths(*w.reason.margin) == 0;
  switch (w.reason.code) {
    case ReasonCode::top_comfortable:
      if (at_limit) return fmt::format("its highest, {}, is the top of your comfortable range", w.note);
      return fmt::format("its highest, {}, is {} under your comfortable {}", w.note, w.margin, w.limit);
    case ReasonCode::top_reachable:
      if (at_limit) return fmt::format("its highest, {}, is your highest note", w.note);
      return fmt::format("its highest, {}, is over your comfortable range and {} under your highest, {}",
                         w.note, w.margin, w.limit);
    case ReasonCode::top_is_falsetto:
      return fmt::format("its highest, {}, is falsetto in the original", w.note);
    case ReasonCode::adlib_above:
      return fmt::format("a chorus or ad-lib goes up to {}; it can be left out", w.note);
    case ReasonCode::well_known:
      if (w.reason.chart_peak)
        return fmt::format("well known: number {} in the US charts", *w.reason.chart_peak);
      return fmt::format("well known: number {} of the 500 greatest songs", w.reason.album_rank.value_or(0));
    case ReasonCode::top_only:
      return fmt::format("only its highest note is known, within {}; the rest is the average shape",
                         w.margin);
    case ReasonCode::ends_only:
      return fmt::format("only its ends are known, within {}; between them is the average shape", w.margin);
    case ReasonCode::octave_uncertain:
      return "the octave written may not be the octave sung";
    default:
      return {};
  }
}

std::string about_the_singer(const Words& w) {
  switch (w.reason.code) {
    case ReasonCode::high_end_unknown:
      return fmt::format("no take told your highest note; {} is assumed, give or take {}", w.limit, w.margin);
    case ReasonCode::low_end_unknown:
      return fmt::format("no take told your lowest note; {} is assumed, give or take {}", w.limit, w.margin);
    case ReasonCode::one_take:
      return "the range is what one take showed; your voice may reach further";
    case ReasonCode::nothing_low_enough:
      return fmt::format("even in {} the nearest song goes up to {}, {} above your highest, {}", w.key,
                         w.note, w.margin, w.limit);
    case ReasonCode::nothing_high_enough:
      return fmt::format("even in {} the nearest song goes down to {}, {} below your lowest, {}", w.key,
                         w.note, w.margin, w.limit);
    case ReasonCode::nothing_easy_enough:
      return fmt::format("every song is in reach, but even the nearest has only {} in your comfortable range",
                         w.percent());
    case ReasonCode::nothing_passes_filters:
      return "no song of the catalogue has the language and decade asked for";
    case ReasonCode::empty_catalogue:
      return "the catalogue has no songs";
    default:
      return {};
  }
}

}  // namespace

std::string key_name(int key_shift) {
  if (key_shift == 0) return "0";
  return fmt::format("{}{}", key_shift < 0 ? "−" : "+", std::abs(key_shift));
}

std::string describe(const songs::Reason& reason, Notation notation) {
  const auto words = words_of(reason, notation);
  for (const auto part : {in_the_key, what_was_said, about_the_song, about_the_singer})
    if (auto text = part(words); !text.empty()) return text;
  return std::string(to_string(reason.code));
}

}  // namespace orakgarak::formats
