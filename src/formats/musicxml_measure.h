#pragma once
// One part of a MusicXML score, measure by measure, before repeats are played out.
#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/musicxml_repeats.h"

namespace orakgarak::formats {

struct XmlNote {
  double onset = 0, length = 0;  ///< quarters, from the start of the measure
  int midi = 60;                 ///< sounding
  std::string voice;
  bool syllable = false;
  bool tied_back = false;  ///< goes on from the note before
};

struct XmlTempo {
  double at = 0;  ///< quarters, from the start of the measure
  double seconds_per_quarter = 0.5;
};

struct XmlMeasure {
  double quarters = 0;  ///< how far its notes and rests reach
  std::vector<XmlNote> notes;
  std::vector<XmlTempo> tempi;
  RepeatMarks marks;
};

/// Reads the measures of one part in order, carrying what holds on: divisions, transposition, endings.
class XmlPartReader {
 public:
  /// text: the XML, to turn offsets into lines.
  explicit XmlPartReader(std::string_view text) : text_(text) {}

  /// Error: bad_song_file.
  Result<XmlMeasure> read(pugi::xml_node measure);

  bool has_octave_clef() const { return octave_clef_; }
  bool has_bass_clef() const { return bass_clef_; }
  bool has_jumps() const { return jumps_; }

 private:
  std::unexpected<Error> bad(pugi::xml_node node, std::string_view what) const;
  /// The child `name` of `parent` as a number.
  Result<double> number(pugi::xml_node parent, const char* name, double low, double high) const;
  /// The <duration> of `parent`.
  Result<double> quarters(pugi::xml_node parent) const;
  Result<void> read_child(pugi::xml_node child, XmlMeasure& measure);
  Result<void> read_attributes(pugi::xml_node attributes);
  Result<void> read_note(pugi::xml_node note, XmlMeasure& measure);
  Result<int> sounding_pitch(pugi::xml_node note) const;
  Result<void> read_sound(pugi::xml_node sound, XmlMeasure& measure);
  Result<void> read_metronome(pugi::xml_node metronome, XmlMeasure& measure);
  void read_barline(pugi::xml_node barline, RepeatMarks& marks);

  std::string_view text_;
  double divisions_ = 1;                ///< of a quarter
  std::map<int, int> transpose_;        ///< staff → semitones; staff 0: all of them
  std::uint32_t endings_ = 0;           ///< open bracket
  double cursor_ = 0, last_onset_ = 0;  ///< quarters in the measure
  bool octave_clef_ = false, bass_clef_ = false, jumps_ = false;
};

}  // namespace orakgarak::formats
