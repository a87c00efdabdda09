// What the page may call to choose songs: one catalogue in one instance of the module. src/songs.ts is the
// only caller. Pointers hold until the next call.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "song_packet.h"
#include "songs/search.h"

#define EXPORT(name) __attribute__((export_name(#name)))

namespace orakgarak::web {
namespace {

constexpr std::uint32_t most_numbers = 1 << 24, most_text = 1 << 26;

struct Songs {
  std::optional<songs::Matcher> matcher;
  std::optional<songs::NameIndex> names;  // made by the first search
  std::vector<double> numbers;
  std::string texts;
  SongPacket answer;
  std::string error;  // "code: detail" of the last call that failed
};
Songs state;

int failed(const Error& error) {
  state.error = error.code + ": " + error.detail;
  return -1;
}

int keep(Result<SongPacket> answer) {
  if (!answer) return failed(answer.error());
  state.answer = *std::move(answer);
  return static_cast<int>(state.answer.numbers.size());
}

const songs::Matcher* matcher() {
  if (!state.matcher) state.error = "no_songs: load a catalogue first";
  return state.matcher ? &*state.matcher : nullptr;
}

}  // namespace

/// Room for what the next call reads; null over 2^24 numbers or 64 MiB of text.
EXPORT(song_numbers) double* song_numbers(std::uint32_t count) {
  if (count > most_numbers) return nullptr;
  state.numbers.resize(count);
  return state.numbers.data();
}
EXPORT(song_texts) char* song_texts(std::uint32_t bytes) {
  if (bytes > most_text) return nullptr;
  state.texts.resize(bytes);
  return state.texts.data();
}

/// Number of songs, or −1 and song_error(). Songs without any pitch are left out.
EXPORT(load_songs) int load_songs() {
  auto all = unpack_songs(state.numbers, state.texts);
  if (!all) return failed(all.error());
  state.matcher = songs::Matcher::create(*std::move(all));
  state.names.reset();
  return static_cast<int>(state.matcher->songs().size());
}

/// Number of numbers of the answer, or −1 and song_error().
EXPORT(match_songs) int match_songs() {
  const songs::Matcher* songs = matcher();
  return songs == nullptr ? -1 : keep(match_packet(*songs, state.numbers, state.texts));
}
EXPORT(fit_song) int fit_song(std::uint32_t song) {
  const songs::Matcher* songs = matcher();
  return songs == nullptr ? -1 : keep(keys_packet(*songs, song, state.numbers, state.texts));
}
/// Those with such a name as the text says, the best first: their indices are the answer's numbers.
EXPORT(find_songs) int find_songs() {
  const songs::Matcher* songs = matcher();
  if (songs == nullptr) return -1;
  if (!state.names) state.names.emplace(songs->songs());
  SongPacket found;
  for (const auto index : state.names->search(state.texts))
    found.numbers.push_back(static_cast<double>(index));
  return keep(std::move(found));
}
EXPORT(answer_numbers) const double* answer_numbers() { return state.answer.numbers.data(); }
EXPORT(answer_codes) const char* answer_codes() { return state.answer.codes.data(); }
EXPORT(answer_codes_length) int answer_codes_length() { return static_cast<int>(state.answer.codes.size()); }

EXPORT(song_error) const char* song_error() { return state.error.data(); }
EXPORT(song_error_length) int song_error_length() { return static_cast<int>(state.error.size()); }

}  // namespace orakgarak::web
