// From stored reports and words on songs to one profile, on real stores.
#include "formats/report_json.h"
#include "formats/report_read.h"
#include "people/profile_of.h"
#include "pipeline.h"
#include "songs/catalogue.h"
#include "storage/sqlite/people.h"

namespace orakgarak::people {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using uploads::noon;
using uploads::ok;

voice::RangeEnd end_at(double midi) {
  return {Midi(midi), Seconds(1), {Seconds(0), Seconds(1)}, Semitones(0.25)};
}

std::string a_report(double highest) {
  voice::VoiceReport report;
  report.range = {end_at(45), end_at(highest), end_at(48), end_at(highest - 5)};
  report.tessitura.seconds[57] = 20;
  return formats::report_json({}, report, formats::Notation::scientific);
}

songs::Song a_song(const std::string& title) {
  songs::Song song;
  song.title = title;
  song.artist = "Singer";
  song.seconds_per_semitone = {{50, 20}, {57, 60}, {61, 20}};
  return song;
}

class Profiles : public uploads::Pipeline {
 protected:
  Profiles() { ok(people->begin(owner, hash_of(new_token()), 1, now, now + days{400})); }

  /// A take that has come to COMPLETED with this report.
  uploads::UploadId completed(const std::string& report, uploads::Kind kind = uploads::Kind::take) {
    uploads::Upload upload = announce(kind, uploads::a_recording(++salt));
    using enum uploads::State;
    const auto way =
        kind == uploads::Kind::take
            ? std::vector{uploaded,        audio_converting, audio_converted,          voice_analysis_pending,
                          voice_analyzing, voice_analyzed,   uploads::State::completed}
            : std::vector{uploaded, image_optimizing, thumbnail_generating, uploads::State::completed};
    for (const uploads::State next : way) {
      const auto only = [](bool there, auto value) {
        return there ? std::optional(std::move(value)) : std::nullopt;
      };
      const uploads::Move move{.upload = upload.id,
                               .version = upload.version,
                               .from = upload.state,
                               .to = next,
                               .now = now,
                               .why = "step",
                               .object_version = only(next == uploaded, std::string("1")),
                               .report = only(next == voice_analyzed, uploads::Report{report, 1})};
      upload = ok(store->move(move));
    }
    return upload.id;
  }
  PersonProfile profile() {
    return ok(profile_of(*store, *people, owner, catalogue, formats::read_sung_take));
  }
  void say(const std::string& title, Verdict verdict, Duration later = {}) {
    ok(people->say(owner, {.song = songs::song_id(a_song(title)), .verdict = verdict, .at = now + later}));
  }

  std::unique_ptr<PeopleStore> people = ok(storage::open_sqlite_people(folder / "uploads.db"));
  songs::Matcher catalogue = songs::Matcher::create({a_song("one"), a_song("two"), a_song("three")});
  int salt = 0;
};

TEST_F(Profiles, WithoutATakeThereIsNone) {
  completed("{}", uploads::Kind::album_cover);
  const PersonProfile person = profile();
  EXPECT_EQ(person.profile.takes, 0);
  EXPECT_TRUE(person.takes.empty());
}

TEST_F(Profiles, IsMadeOfThePersonsOwnCompletedTakesNewestFirst) {
  const auto first = completed(a_report(66));
  now += seconds{1};
  const auto second = completed(a_report(64));
  announce(uploads::Kind::take, uploads::a_recording(99));
  const OwnerId me = owner;
  owner = OwnerId::make(now);
  completed(a_report(80));
  owner = me;
  const PersonProfile person = profile();
  EXPECT_EQ(person.takes, (std::vector{second, first}));
  EXPECT_EQ(person.profile.takes, 2);
  EXPECT_NEAR(person.profile.highest->pitch.value, 66, 1e-3);
}

TEST_F(Profiles, AnOldTakeFades) {
  completed(a_report(72));
  now += days{365};
  completed(a_report(66));
  EXPECT_NEAR(profile().profile.highest->pitch.value, 69, 1e-9);
}

TEST_F(Profiles, AStruckEndCountsNoMoreUntilThatIsTakenBack) {
  const auto wide = completed(a_report(72));
  completed(a_report(66));
  ok(store->strike(wide, {.lowest = false, .highest = true}));
  EXPECT_EQ(profile().profile.highest->pitch, Midi(67)) << "72 is struck, 67 was comfortable";
  ok(store->strike(wide, {}));
  EXPECT_EQ(profile().profile.highest->pitch, Midi(72));
}

TEST_F(Profiles, ATakeThatWasNoSingingIsNotUsable) {
  voice::VoiceReport nothing;
  for (auto* end : {&nothing.range.lowest, &nothing.range.highest, &nothing.range.comfortable_low,
                    &nothing.range.comfortable_high})
    *end = std::unexpected(voice::RangeDecline::not_singing);
  completed(formats::report_json({}, nothing, formats::Notation::scientific));
  EXPECT_TRUE(profile().takes.empty());
}

TEST_F(Profiles, AReportThatCannotBeReadIsNamedAndLeftOut) {
  const auto broken = completed("{");
  const auto good = completed(a_report(66));
  const PersonProfile person = profile();
  EXPECT_EQ(person.unreadable, std::vector{broken});
  EXPECT_EQ(person.takes, std::vector{good});
}

TEST_F(Profiles, WordsMoveTheComfortableEndAndAreNamed) {
  completed(a_report(66));  // comfortable up to 61
  say("one", Verdict::too_hard);
  const PersonProfile person = profile();
  EXPECT_EQ(person.profile.comfortable_high->pitch, Midi(60));
  EXPECT_EQ(person.profile.comfortable_high->moved_by, std::vector{songs::song_id(a_song("one"))});
  EXPECT_TRUE(person.hidden.empty());
  EXPECT_EQ(person.said.size(), 1U);
}

TEST_F(Profiles, NotForMeHidesTheSongAndMovesNothing) {
  completed(a_report(66));
  say("three", Verdict::not_for_me);
  say("two", Verdict::not_for_me);
  const PersonProfile person = profile();
  EXPECT_EQ(person.hidden, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(person.profile.comfortable_high->pitch, Midi(61));
  songs::MatchOptions options;
  options.hidden = person.hidden;
  const auto answer = ok(catalogue.match(person.profile, options));
  ASSERT_EQ(answer.songs.size(), 1U);
  EXPECT_EQ(answer.songs[0].song, 0U);
}

TEST_F(Profiles, ASongThatLeftTheCatalogueMovesNothing) {
  completed(a_report(66));
  say("gone", Verdict::too_hard);
  EXPECT_EQ(profile().profile.comfortable_high->pitch, Midi(61));
}

TEST_F(Profiles, AtMostFiftyTakesAreMerged) {
  completed(a_report(80));
  now += seconds{1};
  for (std::size_t i = 0; i < most_merged_takes; ++i) completed(a_report(66));
  const PersonProfile person = profile();
  EXPECT_EQ(person.takes.size(), most_merged_takes);
  EXPECT_EQ(person.profile.highest->pitch, Midi(66));
}

}  // namespace
}  // namespace orakgarak::people
