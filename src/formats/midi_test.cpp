#include "formats/midi.h"

#include <gmock/gmock.h>

#include "formats/midi_file.h"

namespace orakgarak::formats {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

const auto seconds = [](double value) { return DoubleNear(value, 1e-9); };

std::string big_endian(std::size_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
  return out;
}
std::string varlen(std::size_t value) {
  std::string out(1, static_cast<char>(value & 0x7F));
  for (value >>= 7; value > 0; value >>= 7) out.insert(out.begin(), static_cast<char>(0x80 | (value & 0x7F)));
  return out;
}

/// Builds a track event by event; `wait` is in ticks.
struct Track {
  std::string data;
  Track& raw(std::size_t wait, std::string bytes) {
    data += varlen(wait) + std::move(bytes);
    return *this;
  }
  Track& on(std::size_t wait, int channel, int pitch) {
    return raw(wait, {static_cast<char>(0x90 | channel), static_cast<char>(pitch), 100});
  }
  Track& off(std::size_t wait, int channel, int pitch) {
    return raw(wait, {static_cast<char>(0x80 | channel), static_cast<char>(pitch), 0});
  }
  Track& note(int channel, int pitch, std::size_t ticks) {
    return on(0, channel, pitch).off(ticks, channel, pitch);
  }
  Track& meta(std::size_t wait, int type, std::string text) {
    return raw(wait, std::string("\xFF") + static_cast<char>(type) + varlen(text.size()) + text);
  }
  Track& tempo(std::size_t wait, std::size_t microseconds) {
    return meta(wait, 0x51, big_endian(microseconds, 3));
  }
  std::string chunk() const {
    const std::string body = data + std::string("\x00\xFF\x2F\x00", 4);
    return "MTrk" + big_endian(body.size(), 4) + body;
  }
};

std::string header(int format, std::size_t tracks, std::size_t division) {
  return "MThd" + big_endian(6, 4) + big_endian(static_cast<std::size_t>(format), 2) + big_endian(tracks, 2) +
         big_endian(division, 2);
}
std::string midi(int format, const std::vector<Track>& tracks, std::size_t division = 100) {
  std::string out = header(format, tracks.size(), division);
  for (const Track& track : tracks) out += track.chunk();
  return out;
}

ImportedSong song_of(std::string_view bytes) {
  auto song = read_midi(bytes);
  EXPECT_TRUE(song) << song.error().detail;
  return song.value_or(ImportedSong{});
}
Error error_of(std::string_view bytes) {
  const auto song = read_midi(bytes);
  EXPECT_FALSE(song);
  return song ? Error{} : song.error();
}

/// A tune of eight quarters.
Track tune(int channel, int from) {
  Track track;
  for (const int step : {0, 2, 4, 5, 7, 5, 4, 2}) track.note(channel, from + step, 100);
  return track;
}

TEST(Midi, SumsNotesAtTheDefaultTempo) {
  const ImportedSong song = song_of(midi(0, {Track{}.note(0, 60, 100).note(0, 64, 50)}));
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(0.5)), Pair(64, seconds(0.25))));
  EXPECT_EQ(song.facts.octave, songs::OctaveEvidence::uncertain);
  EXPECT_THAT(song.reason, HasSubstr("channel 1 is the only part with notes"));
}

TEST(Midi, TempoChangesHoldForAllTracksFromTheirTick) {
  const Track tempi = Track{}.tempo(0, 1'000'000).tempo(150, 2'000'000);
  const ImportedSong song = song_of(midi(1, {tempi, Track{}.note(0, 60, 100).note(0, 62, 100)}));
  // The second quarter lasts half at 1 s and half at 2 s a quarter.
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(1.0)), Pair(62, seconds(1.5))));
}

TEST(Midi, SmpteDivisionCountsFrames) {
  // -25 frames a second, 40 ticks a frame: 1000 ticks a second; tempi have no effect.
  const ImportedSong song = song_of(midi(0, {Track{}.tempo(0, 1).note(0, 60, 1500)}, 0xE728));
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(1.5))));
}

TEST(Midi, RunningStatusAndVelocityZeroEndNotes) {
  const Track track = Track{}.on(0, 0, 60).raw(100, {60, 0}).raw(0, {62, 100}).raw(100, {62, 0});
  const ImportedSong song = song_of(midi(0, {track}));
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(0.5)), Pair(62, seconds(0.5))));
}

TEST(Midi, ANoteStruckAgainOrNeverReleasedStillEnds) {
  const Track track = Track{}.on(0, 0, 60).on(100, 0, 60).off(50, 0, 60).on(0, 0, 62).meta(100, 1, "end");
  const auto file = parse_midi(midi(0, {track}));
  ASSERT_TRUE(file);
  ASSERT_THAT(file->notes, SizeIs(3));
  EXPECT_THAT(file->notes[0].length.value, seconds(0.5));
  EXPECT_THAT(file->notes[1].length.value, seconds(0.25));
  EXPECT_THAT(file->notes[2].length.value, seconds(0.5));
}

TEST(Midi, OfAChordTheTopNoteIsTheMelody) {
  const Track track =
      Track{}.on(0, 0, 60).on(0, 0, 67).on(0, 0, 64).off(100, 0, 60).off(0, 0, 64).off(0, 0, 67);
  EXPECT_THAT(song_of(midi(0, {track})).facts.seconds_per_semitone, ElementsAre(Pair(67, seconds(0.5))));
}

TEST(Midi, TheTrackCalledVocalIsTheMelody) {
  Track vocal = tune(0, 55), flute = tune(1, 72);
  const ImportedSong song = song_of(
      midi(1, {Track{}.meta(0, 3, "My Song"), flute.meta(0, 3, "Flute"), vocal.meta(0, 3, "Lead Vocal")}));
  EXPECT_EQ(song.facts.title, "My Song");
  EXPECT_EQ(song.facts.lowest, Midi(55));
  EXPECT_THAT(song.reason, HasSubstr("track 3, channel 1 'Lead Vocal' is the likeliest melody of 2 parts"));
  EXPECT_THAT(song.reason, HasSubstr("its name says so"));
}

TEST(Midi, LyricsOnItsNotesMakeAPartTheMelody) {
  Track lyrics;
  for (int i = 0; i < 8; ++i) lyrics.meta(i == 0 ? 1 : 100, 5, "la ");
  Track off_beat;
  off_beat.on(50, 1, 72).off(40, 1, 72);
  for (int i = 0; i < 12; ++i) off_beat.on(60, 1, 72 + i % 3).off(40, 1, 72 + i % 3);
  const ImportedSong song = song_of(midi(1, {lyrics, off_beat, tune(0, 57)}));
  EXPECT_EQ(song.facts.lowest, Midi(57));
  EXPECT_THAT(song.reason, HasSubstr("100 % of its notes carry a syllable"));
}

TEST(Midi, DrumsAreNeverTheMelody) {
  EXPECT_EQ(error_of(midi(0, {tune(9, 40)})).code, "no_notes");
  Track both = tune(9, 60);
  both.data += tune(2, 62).data;
  EXPECT_THAT(song_of(midi(0, {both})).reason, HasSubstr("channel 3"));
}

TEST(Midi, AKarNamesItsSong) {
  Track words;
  words.meta(0, 1, "@KMIDI KARAOKE FILE")
      .meta(0, 1, "@TSlow Boat")
      .meta(0, 1, "@T\xB9\xB0\xB0\xE1")
      .meta(0, 1, "@Tby x");
  for (int i = 0; i < 8; ++i) words.meta(i == 0 ? 1 : 100, 1, i == 0 ? "\\Row" : "/row");
  const ImportedSong song = song_of(midi(1, {words, tune(3, 60)}));
  EXPECT_EQ(song.facts.title, "Slow Boat");
  EXPECT_EQ(song.facts.artist, "물결") << "EUC-KR";
}

TEST(Midi, ErrorsNameTheByte) {
  EXPECT_THAT(error_of("MThx").detail, HasSubstr("MIDI, byte 0"));
  EXPECT_THAT(error_of(header(3, 1, 100)).detail, HasSubstr("byte 8: the format"));
  EXPECT_THAT(error_of(header(1, 1, 0)).detail, HasSubstr("byte 12: the time division"));
  EXPECT_THAT(error_of(header(1, 1, 0x8000)).detail, HasSubstr("byte 12: the time division"));
  EXPECT_THAT(error_of(header(1, 2, 100) + tune(0, 60).chunk()).detail, HasSubstr("after 1 of its 2 tracks"));
  const std::string good = midi(0, {tune(0, 60)});
  EXPECT_THAT(error_of(good.substr(0, good.size() - 10)).detail, HasSubstr("byte 18: the chunk claims"));
  const auto track_error = [](std::string bytes) {
    return error_of(midi(0, {Track{std::move(bytes)}})).detail;
  };
  EXPECT_THAT(track_error({0, 60, 0}), HasSubstr("byte 23: data without a status"));
  EXPECT_THAT(track_error("\x81\x81\x81\x81\x01"), HasSubstr("byte 22: a variable-length number"));
  EXPECT_THAT(track_error(std::string("\x00\xF4", 2)), HasSubstr("byte 23: F4 starts no event"));
  EXPECT_THAT(track_error(std::string("\x00\x90\x80\x40", 4)), HasSubstr("byte 24: a data byte"));
  EXPECT_THAT(track_error(std::string("\x00\xFF\x51\x03\x00\x00\x00", 7)), HasSubstr("tempo of no time"));
  EXPECT_THAT(track_error(std::string("\x00\xFF\x51\x01\x01", 5)), HasSubstr("three bytes"));
  EXPECT_THAT(track_error(std::string("\x00\xFF\x01\x7F", 4)), HasSubstr("longer than its track"));
  EXPECT_THAT(track_error(std::string("\x00\xF0\x7F", 3)), HasSubstr("longer than its track"));
}

TEST(Midi, Format2IsRefused) { EXPECT_EQ(error_of(midi(2, {tune(0, 60)})).code, "unsupported_song"); }

TEST(Midi, ARiffWrapperIsOpened) {
  const std::string inner = midi(0, {tune(0, 60)});
  EXPECT_EQ(song_of("RIFF0000RMIDdata0000" + inner).facts.lowest, Midi(60));
  EXPECT_THAT(error_of("RIFF0000RMIDdata0000" + inner.substr(0, 30)).detail, HasSubstr("byte 38"))
      << "counted in the whole file";
}

TEST(Midi, SongsBeyondTheLimitsAreRefused) {
  EXPECT_EQ(error_of(midi(0, {Track{}.note(0, 60, 1'440'100)})).code, "too_long");
  EXPECT_EQ(error_of(midi(0, {Track{}.note(0, 20, 100).note(0, 81, 100)})).code, "not_a_voice");
  EXPECT_EQ(error_of(std::string(limits::song_file_bytes + 1, 'M')).code, "too_large");
  EXPECT_THAT(error_of(header(1, 1025, 100)).detail, HasSubstr("1024 are allowed"));
  Track many;
  for (std::size_t i = 0; i <= limits::notes; ++i) many.note(0, 60, 1);
  EXPECT_EQ(error_of(midi(0, {many})).code, "too_many_notes");
  EXPECT_EQ(error_of(midi(0, {Track{}})).code, "no_notes");
}

}  // namespace
}  // namespace orakgarak::formats
