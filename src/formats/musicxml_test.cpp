#include "formats/musicxml.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <zip.h>

namespace orakgarak::formats {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

const auto seconds = [](double value) { return DoubleNear(value, 1e-9); };

/// A pitched note in divisions; `more` goes into the element.
std::string note(std::string_view step, int octave, int duration, std::string_view more = "") {
  return fmt::format(
      "<note><pitch><step>{}</step><octave>{}</octave></pitch><duration>{}</duration>{}</note>", step, octave,
      duration, more);
}
std::string lyric(std::string_view text = "la") {
  return fmt::format("<lyric><text>{}</text></lyric>", text);
}

/// A partwise score of one part "Voice" with these measures; a quarter has 4 divisions, at 60 a minute.
std::string score(std::initializer_list<std::string> measures, std::string_view attributes = "",
                  std::string_view name = "Voice") {
  std::string out = fmt::format(
      "<?xml version=\"1.0\"?><score-partwise><part-list><score-part id=\"P1\"><part-name>{}</part-name>"
      "</score-part></part-list><part id=\"P1\">",
      name);
  bool first = true;
  for (const std::string& measure : measures) {
    out += "<measure>";
    if (first)
      out +=
          fmt::format("<attributes><divisions>4</divisions>{}</attributes><sound tempo=\"60\"/>", attributes);
    first = false;
    out += measure + "</measure>";
  }
  return out + "</part></score-partwise>";
}

ImportedSong song_of(std::string_view text) {
  auto song = read_musicxml(text);
  EXPECT_TRUE(song) << song.error().detail;
  return song.value_or(ImportedSong{});
}
Error error_of(std::string_view text) {
  const auto song = read_musicxml(text);
  EXPECT_FALSE(song);
  return song ? Error{} : song.error();
}

TEST(MusicXml, SumsNotes) {
  const ImportedSong song = song_of(score({note("C", 4, 4) + note("E", 4, 2), note("G", 4, 8)}));
  EXPECT_THAT(song.facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(1.0)), Pair(64, seconds(0.5)), Pair(67, seconds(2.0))));
  EXPECT_EQ(song.facts.octave, songs::OctaveEvidence::uncertain);
}

TEST(MusicXml, NamesComeFromTheHeader) {
  std::string text = score({note("C", 4, 4)});
  text.insert(text.find("<part-list>"),
              "<work><work-title>Slow\n Boat</work-title></work><identification>"
              "<creator type=\"composer\">The Tides</creator></identification>");
  const ImportedSong song = song_of(text);
  EXPECT_EQ(song.facts.title, "Slow Boat");
  EXPECT_EQ(song.facts.artist, "The Tides");
}

TEST(MusicXml, TransposeChangesWhatSounds) {
  const std::string clarinet = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>";
  EXPECT_EQ(song_of(score({note("C", 5, 4)}, clarinet)).facts.highest, Midi(58))
      << "C5 sounds B flat 4 (70), which then moves to where voices lie";
  const std::string octave =
      "<transpose><chromatic>0</chromatic><octave-change>-1</octave-change></transpose>";
  EXPECT_EQ(song_of(score({note("E", 5, 4)}, octave)).facts.highest, Midi(64));
}

TEST(MusicXml, AnOctaveShiftIsHowItIsPrintedNotHowItSounds) {
  const std::string shift =
      "<direction><direction-type><octave-shift type=\"down\" size=\"8\"/></direction-type></direction>";
  EXPECT_EQ(song_of(score({shift + note("C", 4, 4)})).facts.highest, Midi(60));
}

TEST(MusicXml, AlterationsAreSemitones) {
  const std::string sharp =
      "<note><pitch><step>B</step><alter>1</alter><octave>3</octave></pitch><duration>4</duration></note>";
  EXPECT_EQ(song_of(score({sharp})).facts.highest, Midi(60)) << "B sharp 3 sounds C4";
}

TEST(MusicXml, OfAChordTheTopNoteIsTheMelody) {
  const ImportedSong song = song_of(score({note("C", 4, 4) + note("G", 4, 4, "<chord/>") + note("D", 4, 4)}));
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(62, seconds(1.0)), Pair(67, seconds(1.0))));
}

TEST(MusicXml, TiedNotesAreOneNote) {
  const std::string start = note("C", 4, 4, "<tie type=\"start\"/>" + lyric());
  const std::string stop = note("C", 4, 4, "<tie type=\"stop\"/>");
  const std::string other = "<backup><duration>4</duration></backup>" + note("E", 5, 4, "<voice>2</voice>");
  const ImportedSong song = song_of(score({start, stop + other}));
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(2.0))));
  EXPECT_THAT(song.reason, HasSubstr("100 % of its notes carry a syllable"));
}

TEST(MusicXml, GraceAndCueNotesAndRestsAreNotSung) {
  const std::string grace = "<note><grace/><pitch><step>A</step><octave>5</octave></pitch></note>";
  const std::string cue = note("A", 5, 4, "<cue/>");
  const std::string rest = "<note><rest/><duration>4</duration></note>";
  const std::string drum = "<note><unpitched/><duration>4</duration></note>";
  const ImportedSong song = song_of(score({grace + cue + rest + drum + note("C", 4, 4)}));
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(1.0))));
}

TEST(MusicXml, DivisionsAndTempoMayChange) {
  const std::string divisions = "<attributes><divisions>8</divisions></attributes>";
  const std::string metronome =
      "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/>"
      "<per-minute>c. 80</per-minute></metronome></direction-type></direction>";
  const ImportedSong song = song_of(score({note("C", 4, 4), divisions + metronome + note("D", 4, 8) +
                                                                "<sound tempo=\"30\"/>" + note("E", 4, 8)}));
  // 80 dotted quarters a minute: a quarter lasts 0.5 s. Then 30 quarters a minute.
  EXPECT_THAT(song.facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(1.0)), Pair(62, seconds(0.5)), Pair(64, seconds(2.0))));
}

TEST(MusicXml, AMissingTempoIsSaid) {
  std::string text = score({note("C", 4, 4)});
  const std::string tempo = "<sound tempo=\"60\"/>";
  text.erase(text.find(tempo), tempo.size());
  const ImportedSong song = song_of(text);
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(0.5))));
  EXPECT_THAT(song.reason, HasSubstr("120 a minute is assumed"));
}

TEST(MusicXml, TheVoiceWithSyllablesIsTheMelody) {
  std::string bars;
  for (int i = 0; i < 8; ++i) bars += note("C", 4, 4, "<voice>2</voice>" + lyric());
  bars += "<backup><duration>32</duration></backup>";
  for (int i = 0; i < 8; ++i) bars += note("G", 5, 4, "<voice>1</voice>");
  const ImportedSong song = song_of(score({bars}, "", "Lead"));
  EXPECT_EQ(song.facts.highest, Midi(60));
  EXPECT_THAT(song.reason, HasSubstr("part P1, voice 2 'Lead' is the likeliest melody of 2 parts"));
}

TEST(MusicXml, AnOctaveClefProvesTheOctave) {
  const std::string clef =
      "<clef><sign>G</sign><line>2</line><clef-octave-change>-1</clef-octave-change></clef>";
  const ImportedSong song = song_of(score({note("C", 3, 4, lyric())}, clef));
  EXPECT_EQ(song.facts.octave, songs::OctaveEvidence::as_sung);
  EXPECT_EQ(song.facts.highest, Midi(48)) << "and then nothing moves";
  EXPECT_EQ(song_of(score({note("C", 3, 4)}, clef)).facts.octave, songs::OctaveEvidence::uncertain)
      << "without words it may be a guitar";
  EXPECT_EQ(song_of(score({note("C", 1, 4, lyric())}, clef)).facts.octave, songs::OctaveEvidence::uncertain)
      << "no voice sings there";
}

TEST(MusicXml, ANamedVoiceTypeProvesTheOctave) {
  EXPECT_EQ(song_of(score({note("C", 5, 4, lyric())}, "", "Soprano")).facts.highest, Midi(72));
  EXPECT_EQ(song_of(score({note("C", 3, 4, lyric())}, "<clef><sign>F</sign></clef>", "Bass")).facts.highest,
            Midi(48));
  EXPECT_EQ(song_of(score({note("C", 5, 4, lyric())}, "", "Tenor")).facts.octave,
            songs::OctaveEvidence::uncertain)
      << "a tenor may be written an octave above";
}

TEST(MusicXml, RepeatsArePlayedOut) {
  const std::string forward = "<barline><repeat direction=\"forward\"/></barline>";
  const std::string first =
      "<barline><ending number=\"1\" type=\"start\"/></barline>" + note("D", 4, 4) +
      "<barline><ending number=\"1\" type=\"stop\"/><repeat direction=\"backward\"/></barline>";
  const std::string second = "<barline><ending number=\"2\" type=\"start\"/></barline>" + note("E", 4, 4) +
                             "<barline><ending number=\"2\" type=\"discontinue\"/></barline>";
  const ImportedSong song = song_of(score({forward + note("C", 4, 4), first, second}));
  EXPECT_THAT(song.facts.seconds_per_semitone,
              ElementsAre(Pair(60, seconds(2.0)), Pair(62, seconds(1.0)), Pair(64, seconds(1.0))));
  EXPECT_THAT(song.reason, HasSubstr("repeats are played out"));
}

TEST(MusicXml, JumpsAreSaidNotPlayed) {
  const ImportedSong song =
      song_of(score({note("C", 4, 4) + "<direction><sound dacapo=\"yes\"/></direction>"}));
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(1.0))));
  EXPECT_THAT(song.reason, HasSubstr("D.C."));
}

TEST(MusicXml, TimewiseScoresAreReadAlike) {
  const std::string text =
      "<score-timewise><part-list><score-part id=\"A\"/><score-part id=\"B\"/></part-list>"
      "<measure><part id=\"A\">" +
      note("C", 4, 1) +
      "</part></measure>"
      "<measure><part id=\"B\"><sound tempo=\"60\"/>" +
      note("C", 4, 1) + "</part><part id=\"A\">" + note("D", 4, 1) + "</part></measure></score-timewise>";
  const ImportedSong song = song_of(text);
  // The tempo of B's second measure holds for A's too.
  EXPECT_THAT(song.facts.seconds_per_semitone, ElementsAre(Pair(60, seconds(0.5)), Pair(62, seconds(1.0))));
}

TEST(MusicXml, Utf16AndLatin1AreRead) {
  const std::string utf8 = score({note("C", 4, 4)});
  std::string utf16 = "\xFF\xFE";
  for (const char c : utf8) utf16 += {c, '\0'};
  EXPECT_EQ(song_of(utf16).facts.highest, Midi(60));
  std::string latin = score({note("C", 4, 4)}, "", "Gar\xE7on");
  EXPECT_THAT(error_of(latin).detail, HasSubstr("not UTF-8"));
  latin.insert(latin.find("?>"), " encoding=\"ISO-8859-1\"");
  EXPECT_THAT(song_of(latin).reason, HasSubstr("Garçon"));
}

TEST(MusicXml, ErrorsNameLineAndColumn) {
  EXPECT_THAT(error_of("<score-partwise>\n  <part>\n</score-partwise>").detail,
              HasSubstr("MusicXML, line 3, column"));
  EXPECT_THAT(error_of("<html/>").detail, HasSubstr("no <score-partwise>"));
  EXPECT_THAT(error_of("").detail, HasSubstr("not well-formed"));
  const auto lines = [](std::string_view inner) {
    return error_of("<score-partwise>\n<part id=\"P1\">\n<measure>\n  " + std::string(inner) +
                    "</measure></part></score-partwise>")
        .detail;
  };
  EXPECT_THAT(lines(note("H", 4, 1)), HasSubstr("line 4, column 10: a <pitch> needs a <step>"));
  EXPECT_THAT(lines(note("C", 40, 1)), HasSubstr("<pitch> needs a <octave> between -1 and 10"));
  EXPECT_THAT(lines(note("C", 10, 1) + note("B", 10, 1)), HasSubstr("outside of MIDI"));
  EXPECT_THAT(lines("<note><rest/></note>"), HasSubstr("line 4, column 4: <note> needs a <duration>"));
  EXPECT_THAT(lines("<backup/>"), HasSubstr("<backup> needs a <duration>"));
  EXPECT_THAT(lines("<sound tempo=\"0\"/>"), HasSubstr("tempo"));
  EXPECT_THAT(lines("<attributes><divisions>0</divisions></attributes>"), HasSubstr("<divisions>"));
  EXPECT_THAT(lines("<attributes><divisions>nan</divisions></attributes>"), HasSubstr("<divisions>"));
}

TEST(MusicXml, EntitiesOfTheFileAreNotFollowed) {
  std::string text = score({note("C", 4, 4)}, "", "&a;&file;");
  text.insert(text.find("<score-partwise>"),
              "<!DOCTYPE x [<!ENTITY file SYSTEM \"file:///etc/passwd\"><!ENTITY a \"aaaa\">]>");
  EXPECT_THAT(song_of(text).reason, HasSubstr("&a;&file;"));
}

TEST(MusicXml, DeepNestingCostsNoStack) {
  std::string deep = "<score-partwise>";
  for (int i = 0; i < 500'000; ++i) deep += "<a>";
  EXPECT_EQ(error_of(deep).code, "bad_song_file");
  for (int i = 0; i < 500'000; ++i) deep += "</a>";
  EXPECT_EQ(error_of(deep + "</score-partwise>").code, "no_notes");
}

TEST(MusicXml, SongsBeyondTheLimitsAreRefused) {
  EXPECT_EQ(error_of(score({note("C", 4, 28'804)})).code, "too_long");
  EXPECT_EQ(error_of(score({note("C", 2, 4) + note("D", 7, 4)})).code, "not_a_voice");
  EXPECT_EQ(error_of(score({""})).code, "no_notes");
  EXPECT_EQ(error_of(std::string(limits::song_file_bytes + 1, ' ')).code, "too_large");
  std::string tags = "<score-partwise>";
  for (int i = 0; i <= 1'500'000; ++i) tags += "<a/>";
  EXPECT_EQ(error_of(tags + "</score-partwise>").code, "too_large");
  std::string measures;
  for (int i = 0; i <= 20'001; ++i) measures += "<measure/>";
  EXPECT_THAT(error_of("<score-partwise><part id=\"P\">" + measures + "</part></score-partwise>").detail,
              HasSubstr("20000 measures"));
  std::string parts;
  for (int i = 0; i <= 256; ++i) parts += fmt::format("<score-part id=\"{}\"/>", i);
  EXPECT_THAT(error_of("<score-partwise><part-list>" + parts + "</part-list></score-partwise>").detail,
              HasSubstr("256 parts"));
  std::string repeated = "<barline><repeat direction=\"backward\" times=\"16\"/></barline>";
  for (int i = 0; i < 13'000; ++i) repeated += note("C", 4, 0);
  EXPECT_EQ(error_of(score({repeated})).code, "too_many_notes");
}

/// A ZIP archive in memory with these files.
std::string zip_of(std::initializer_list<std::pair<const char*, std::string>> files) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* out = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(out);
  zip_t* archive = zip_open_from_source(out, ZIP_TRUNCATE, &error);
  for (const auto& [name, text] : files) {
    zip_source_t* entry = zip_source_buffer(archive, text.data(), text.size(), 0);
    zip_file_add(archive, name, entry, 0);
  }
  EXPECT_EQ(zip_close(archive), 0);
  zip_source_open(out);
  zip_source_seek(out, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(out)), '\0');
  zip_source_seek(out, 0, SEEK_SET);
  EXPECT_EQ(zip_source_read(out, bytes.data(), bytes.size()), static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(out);
  zip_source_free(out);
  return bytes;
}

const std::string container =
    "<container><rootfiles><rootfile full-path=\"a/b.xml\"/></rootfiles></container>";

TEST(Mxl, TheNamedScoreIsRead) {
  const std::string mxl = zip_of({{"META-INF/container.xml", container},
                                  {"first.xml", score({note("G", 4, 4)})},
                                  {"a/b.xml", score({note("C", 4, 4)})}});
  EXPECT_EQ(song_of(mxl).facts.highest, Midi(60));
}

TEST(Mxl, WithoutContainerTheFirstScoreIsRead) {
  const std::string mxl = zip_of({{"cover.png", "x"}, {"first.musicxml", score({note("G", 4, 4)})}});
  EXPECT_EQ(song_of(mxl).facts.highest, Midi(67));
}

TEST(Mxl, BrokenArchivesAreNamed) {
  const std::string mxl =
      zip_of({{"META-INF/container.xml", container}, {"a/b.xml", score({note("C", 4, 4)})}});
  EXPECT_THAT(error_of(mxl.substr(0, mxl.size() - 30)).detail, HasSubstr("broken or cut off"));
  EXPECT_THAT(error_of(zip_of({{"META-INF/container.xml", container}})).detail, HasSubstr("missing"));
  EXPECT_THAT(error_of(zip_of({{"cover.png", "x"}})).detail, HasSubstr("no .musicxml"));
}

TEST(Mxl, ABombIsRefusedAtTheLimit) {
  const std::string bomb = zip_of({{"a.xml", std::string(limits::song_file_bytes + 1, ' ')}});
  EXPECT_LT(bomb.size(), 100'000u);
  EXPECT_EQ(error_of(bomb).code, "too_large");
}

}  // namespace
}  // namespace orakgarak::formats
