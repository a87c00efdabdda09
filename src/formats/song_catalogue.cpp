#include "formats/song_catalogue.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace orakgarak::formats {

namespace {

class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }

  void text(std::string_view key, const std::string& value) {
    if (value.empty()) return;
    raw(key, nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  void raw(std::string_view key, std::string_view value) {
    fmt::format_to(std::back_inserter(out_), "{}\"{}\": {}", first_ ? "" : ", ", key, value);
    first_ = false;
  }
  template <class Number>
  void number(std::string_view key, const std::optional<Number>& value) {
    if (value) raw(key, fmt::format("{}", *value));
  }
  void pitch(std::string_view key, const std::optional<Midi>& value) {
    if (value) raw(key, fmt::format("{}", value->value));
  }
  void close() { out_ += "}\n"; }

 private:
  std::string& out_;
  bool first_ = true;
};

std::string histogram(const std::map<int, double>& bars) {
  std::string out;
  for (const auto& [midi, seconds] : bars)
    fmt::format_to(std::back_inserter(out), "{}\"{}\": {}", out.empty() ? "{" : ", ", midi, seconds);
  return out + "}";
}

}  // namespace

std::string write_song_jsonl(std::span<const songs::Song> songs) {
  std::string out;
  for (const songs::Song& song : songs) {
    ObjectWriter line(out);
    line.text("title", song.title);
    line.text("artist", song.artist);
    line.number("year", song.year);
    line.text("language", song.language);
    line.pitch("lowest_midi", song.lowest);
    line.pitch("highest_midi", song.highest);
    if (!song.seconds_per_semitone.empty())
      line.raw("seconds_per_semitone", histogram(song.seconds_per_semitone));
    line.raw("octave", song.octave == songs::OctaveEvidence::as_sung ? "\"as_sung\"" : "\"uncertain\"");
    if (song.highest_is_falsetto) line.raw("highest_is_falsetto", "true");
    line.pitch("adlib_highest_midi", song.adlib_highest);
    line.number("us_chart_peak", song.us_chart_peak);
    line.number("rs500_rank", song.rs500_rank);
    line.text("tj", song.karaoke.tj);
    line.text("ky", song.karaoke.ky);
    line.text("dam", song.karaoke.dam);
    line.text("joysound", song.karaoke.joysound);
    line.text("source", song.source);
    line.close();
  }
  return out;
}

}  // namespace orakgarak::formats
