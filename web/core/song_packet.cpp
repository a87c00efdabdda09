#include "song_packet.h"

#include <cmath>
#include <initializer_list>
#include <limits>

#include "songs/catalogue.h"

namespace orakgarak::web {
namespace {

using songs::Felt;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
/// Of a request: more is a broken packet.
constexpr double most_in_a_list = 100'000;

std::unexpected<Error> bad_packet() {
  return rejected("bad_packet",
                  "The loader and the core do not speak the same version: build them together.");
}

/// Reads in order; once something is missing or makes no sense, all that follows is 0 and whole() is false.
class Reader {
 public:
  Reader(std::span<const double> numbers, std::string_view texts) : numbers_(numbers), texts_(texts) {}

  bool at_end() const { return numbers_.empty() && texts_.empty(); }
  bool whole() const { return whole_; }
  double number() {
    if (numbers_.empty()) return broken();
    const double value = numbers_.front();
    numbers_ = numbers_.subspan(1);
    return value;
  }
  int integer(double least, double most) {
    const double value = number();
    if (!(value >= least && value <= most) || value != std::floor(value)) return static_cast<int>(broken());
    return static_cast<int>(value);
  }
  std::size_t index(std::size_t size) {
    if (size == 0) return static_cast<std::size_t>(broken());
    return static_cast<std::size_t>(integer(0, static_cast<double>(size - 1)));
  }
  bool flag() { return integer(0, 1) == 1; }
  Time time() {
    constexpr double latest = 1e11;  // seconds: the year 5138
    const double seconds = number();
    if (!(seconds >= 0 && seconds <= latest)) return Time(Duration(static_cast<std::int64_t>(broken())));
    return Time(Duration(static_cast<std::int64_t>(seconds * 1e6)));
  }
  std::optional<Midi> midi() {
    const double value = number();
    return std::isnan(value) ? std::nullopt : std::optional(Midi(value));
  }
  std::optional<int> known_integer() {
    const double value = number();
    if (std::isnan(value)) return std::nullopt;
    if (!(std::abs(value) < 1e9)) return static_cast<int>(broken());
    return static_cast<int>(value);
  }
  std::string text() {
    const std::size_t end = texts_.find('\0');
    if (end == std::string_view::npos) return broken(), std::string();
    std::string text(texts_.substr(0, end));
    texts_.remove_prefix(end + 1);
    return text;
  }
  template <class Read>
  auto list(Read read) {
    std::vector<std::invoke_result_t<Read>> items;
    const int count = integer(0, most_in_a_list);
    for (int i = 0; i < count && whole_; ++i) items.push_back(read());
    return items;
  }

 private:
  double broken() {
    whole_ = false;
    numbers_ = {};
    texts_ = {};
    return 0;
  }

  std::span<const double> numbers_;
  std::string_view texts_;
  bool whole_ = true;
};

songs::Song read_song(Reader& in) {
  songs::Song song;
  song.year = in.known_integer();
  song.lowest = in.midi();
  song.highest = in.midi();
  song.octave = in.flag() ? songs::OctaveEvidence::uncertain : songs::OctaveEvidence::as_sung;
  song.highest_is_falsetto = in.flag();
  song.adlib_highest = in.midi();
  song.us_chart_peak = in.known_integer();
  song.rs500_rank = in.known_integer();
  const int notes = in.integer(0, 128);
  for (int i = 0; i < notes; ++i) {
    const int midi = in.integer(0, 127);
    song.seconds_per_semitone[midi] = in.number();
  }
  song.title = in.text();
  song.artist = in.text();
  song.language = in.text();
  return song;
}

std::optional<songs::SungEnd> read_end(Reader& in) {
  const auto pitch = in.midi();
  const double uncertainty = in.number();
  if (!pitch) return std::nullopt;
  return songs::SungEnd{*pitch, Semitones(uncertainty)};
}

songs::SungTake read_take(Reader& in) {
  songs::SungTake take;
  take.when = in.time();
  const bool lowest = in.flag();
  const bool highest = in.flag();
  take.lowest = read_end(in);
  take.highest = read_end(in);
  take.comfortable_low = read_end(in);
  take.comfortable_high = read_end(in);
  for (float& seconds : take.seconds) seconds = static_cast<float>(in.number());
  return songs::without_struck(std::move(take), lowest, highest);
}

songs::FeltSong read_word(Reader& in, const songs::Matcher& catalogue) {
  const std::size_t index = in.index(catalogue.songs().size());
  const auto felt = static_cast<Felt>(in.integer(0, static_cast<int>(Felt::too_hard)));
  const int shift = in.integer(-24, 24);
  const Time when = in.time();
  if (!in.whole()) return {};
  const songs::Song& song = catalogue.songs()[index];
  const auto demand = songs::demand_of(song, shift);  // every song of a matcher has some pitch
  return {songs::song_id(song), felt, demand.value_or(songs::Demand{}), when};
}

struct Request {
  songs::SingerProfile profile;
  songs::MatchOptions options;
};

Result<Request> read_request(const songs::Matcher& catalogue, std::span<const double> numbers,
                             std::string_view texts) {
  Reader in(numbers, texts);
  in.integer(song_packet_version, song_packet_version);
  std::vector<songs::SungTake> takes = in.list([&] { return read_take(in); });
  std::erase_if(takes, [](const songs::SungTake& take) { return !is_usable(take); });
  const auto words = in.list([&] { return read_word(in, catalogue); });
  Request request;
  songs::MatchOptions& options = request.options;
  options.lowest_key = in.integer(-1000, 1000);
  options.highest_key = in.integer(-1000, 1000);
  options.octave_apart = in.flag();
  options.hide_uncertain_octave = in.flag();
  options.popularity = in.number();
  options.limit = static_cast<std::size_t>(in.integer(0, most_in_a_list));
  options.per_artist = static_cast<std::size_t>(in.integer(0, most_in_a_list));
  options.decades = in.list([&] { return in.integer(-1e6, 1e6); });
  options.preferred_decades = in.list([&] { return in.integer(-1e6, 1e6); });
  options.hidden = in.list([&] { return in.index(catalogue.songs().size()); });
  const int languages = in.integer(0, most_in_a_list);
  const int preferred = in.integer(0, most_in_a_list);
  for (int i = 0; i < languages && in.whole(); ++i) options.languages.push_back(in.text());
  for (int i = 0; i < preferred && in.whole(); ++i) options.preferred_languages.push_back(in.text());
  if (!in.whole() || !in.at_end()) return bad_packet();
  request.profile = songs::merge_takes(takes, words);
  return request;
}

class Writer {
 public:
  void number(double value) { packet_.numbers.push_back(value); }
  void count(std::size_t n) { number(static_cast<double>(n)); }
  void code(std::string_view text) { packet_.codes.append(text).push_back('\0'); }
  template <class Quantity>
  void known(const std::optional<Quantity>& quantity) {
    number(quantity ? quantity->value : nothing);
  }
  void known(const std::optional<double>& value) { number(value.value_or(nothing)); }
  void known(const std::optional<int>& value) { number(value ? *value : nothing); }

  void end(const std::optional<songs::ProfileEnd>& end) {
    number(end ? end->pitch.value : nothing);
    number(end ? end->uncertainty.value : nothing);
    number(end ? end->moved.value : 0);
    count(end ? end->moved_by.size() : 0);
    if (!end) return;
    for (const std::string& song : end->moved_by) code(song);
  }
  void profile(const songs::SingerProfile& singer) {
    number(song_packet_version);
    number(singer.takes);
    for (const auto* its :
         {&singer.lowest, &singer.highest, &singer.comfortable_low, &singer.comfortable_high})
      end(*its);
    for (const float seconds : singer.seconds) number(seconds);
  }

  // Taken apart whole: a field that is new in songs/ and not written here fails to compile.
  void reasons(const std::vector<songs::Reason>& all) {
    count(all.size());
    for (const auto& [its_code, key, limit, low_limit, note, low_note, seconds, at_note, margin, share,
                      octaves, chart_peak, album_rank] : all) {
      code(to_string(its_code));
      number(key);
      for (const auto* pitch : {&limit, &low_limit, &note, &low_note}) known(*pitch);
      known(seconds);
      known(at_note);
      known(margin);
      known(share);
      for (const auto* whole : {&octaves, &chart_peak, &album_rank}) known(*whole);
    }
  }
  void matches(const std::vector<songs::Match>& all) {
    count(all.size());
    for (const songs::Match& match : all) {
      count(match.song);
      number(match.key_shift);
      number(match.octave_shift);
      number(match.fit);
      number(match.fit_uncertainty);
      number(match.confident ? 1 : 0);
      reasons(match.reasons);
    }
  }
  SongPacket take() { return std::move(packet_); }

 private:
  SongPacket packet_;
};

}  // namespace

Result<std::vector<songs::Song>> unpack_songs(std::span<const double> numbers, std::string_view texts) {
  Reader in(numbers, texts);
  std::vector<songs::Song> all;
  while (in.whole() && !in.at_end()) all.push_back(read_song(in));
  if (!in.whole()) return bad_packet();
  return all;
}

Result<SongPacket> match_packet(const songs::Matcher& catalogue, std::span<const double> numbers,
                                std::string_view texts) {
  const auto request = read_request(catalogue, numbers, texts);
  if (!request) return std::unexpected(request.error());
  const auto answer = catalogue.match(request->profile, request->options);
  if (!answer) return std::unexpected(answer.error());
  Writer out;
  out.profile(request->profile);
  out.matches(answer->songs);
  out.matches(answer->octave_apart);
  out.number(answer->nothing_fits ? 1 : 0);
  out.reasons(answer->why_nothing);
  out.reasons(answer->cautions);
  return out.take();
}

Result<SongPacket> keys_packet(const songs::Matcher& catalogue, std::size_t song,
                               std::span<const double> numbers, std::string_view texts) {
  if (song >= catalogue.songs().size()) return bad_packet();
  const auto request = read_request(catalogue, numbers, texts);
  if (!request) return std::unexpected(request.error());
  const auto keys = catalogue.fit_in_keys(request->profile, song, request->options.lowest_key,
                                          request->options.highest_key);
  if (!keys) return std::unexpected(keys.error());
  Writer out;
  out.profile(request->profile);
  out.count(keys->size());
  for (const songs::KeyFit& in_key : *keys) {
    out.number(in_key.key_shift);
    out.number(in_key.fit);
    out.number(in_key.fit_uncertainty);
  }
  return out.take();
}

}  // namespace orakgarak::web
