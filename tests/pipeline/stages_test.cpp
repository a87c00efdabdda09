// The real work on real files: each ends in a named state, with words that tell the singer what to do.
#include "app/stages/stages.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "app/take.h"
#include "pipeline.h"
#include "recordings.h"

namespace orakgarak::uploads {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class Stages : public Pipeline {
 protected:
  /// Declares and sends it, and works until nothing is due.
  Upload after(Kind kind, const std::string& bytes, const std::optional<Backing>& backing = {}) {
    const Upload upload = announce(kind, bytes, backing);
    put(upload, bytes);
    ok(object_arrived(*store, upload.object_key, now));
    work();
    return now_in(upload);
  }
  void work() {
    const Worker w = real_worker(*store, *objects);
    while (ok(run_one(w, every_stage)) != Ran::nothing) {
    }
  }
  json report_of(const Upload& upload) { return json::parse(ok(store->report(upload.id))); }
  std::vector<std::string> derived(const Upload& upload) {
    std::vector<std::string> keys;
    for (const auto& object : ok(objects->list(derived_prefix(upload.id), "", 10)))
      keys.push_back(object.key);
    return keys;
  }
};

TEST_F(Stages, ATakeEndsWithItsReportAndItsCurve) {
  const Upload take = after(Kind::take, sung_wav());
  ASSERT_EQ(take.state, State::completed);
  const json report = report_of(take);
  EXPECT_TRUE(report["answered"]);
  EXPECT_EQ(report["file"], "") << "the name is its owner's";
  EXPECT_FALSE(report["truncated"]);
  EXPECT_TRUE(report["range"]["lowest"]["midi"].is_number());
  const double hop = report["curve"]["hop_seconds"];
  EXPECT_NEAR(static_cast<double>(report["curve"]["midi"].size()) * hop, report["duration_s"], 0.1);
  const auto& peaks = report["waveform"]["peaks"];
  EXPECT_NEAR(static_cast<double>(report["waveform"]["seconds"]), report["duration_s"], 0.01);
  EXPECT_GE(peaks.size(), 300U);
  EXPECT_GT(*std::ranges::max_element(peaks), 20) << "it was sung, not silent";
  const auto& midi = report["curve"]["midi"];
  EXPECT_TRUE(std::ranges::any_of(midi, [](const json& pitch) { return pitch.is_number(); }));
  EXPECT_TRUE(std::ranges::any_of(midi, [](const json& pitch) { return pitch.is_null(); }));
  EXPECT_TRUE(derived(take).empty()) << "samples are not kept";
}

TEST_F(Stages, AMissingDecoderIsNoFaultOfTheRecording) {
  app::StageOptions options;
  options.decode.child = "/nonexistent/orakgarak-decode";
  Worker without = real_worker(*store, *objects);
  without.effect = app::stage_work(*store, *objects, options).effect;
  const std::string bytes = sung_wav();
  const Upload take = announce(Kind::take, bytes);
  put(take, bytes);
  ok(object_arrived(*store, take.object_key, now));
  while (ok(run_one(without, every_stage)) != Ran::nothing) {
  }
  EXPECT_EQ(now_in(take).state, State::audio_converting);
  now += 10s;
  work();
  EXPECT_EQ(now_in(take).state, State::completed);
}

TEST_F(Stages, EveryFormatOfABrowserOrAPhoneGivesThisRange) {
  const json wav = report_of(after(Kind::take, sung_wav()));
  struct Format {
    std::vector<std::string> words;
    const char* name;
  };
  for (const auto& [words, name] : {Format{{"-c:a", "libopus"}, "a.webm"},
                                    {{"-c:a", "libopus", "-f", "webm", "-live", "1"}, "live.webm"},
                                    {{"-c:a", "aac"}, "a.m4a"},
                                    {{"-c:a", "flac"}, "a.flac"},
                                    {{"-c:a", "pcm_u8"}, "eight_bits.wav"},
                                    {{"-ar", "192000"}, "192_khz.wav"},
                                    {{"-ac", "6"}, "six_channels.wav"}}) {
    const Upload take = after(Kind::take, sung_as(words, name));
    ASSERT_EQ(take.state, State::completed) << name;
    const json report = report_of(take);
    EXPECT_TRUE(report["answered"]) << name << report["why_not"];
    for (const char* end : {"lowest", "highest"})
      EXPECT_NEAR(report["range"][end]["midi"], wav["range"][end]["midi"], 0.3) << name << " " << end;
  }
}

TEST_F(Stages, TheReportIsThatOfTheCommandLine) {
  const Upload take = after(Kind::take, sung_wav());
  json of_pipeline = report_of(take);
  const auto file = folder / "take.wav";
  std::ofstream(file, std::ios::binary) << sung_wav();
  const auto heard = ok(app::hear_take(file.string()));
  of_pipeline.erase("curve");
  of_pipeline.erase("waveform");
  of_pipeline["file"] = file.string();
  EXPECT_EQ(of_pipeline,
            json::parse(formats::report_json(heard.facts, heard.report, formats::Notation::scientific)));
}

/// What the singer's page says of the backing, and the backing as a file.
Backing piano_from(double seconds) { return {sha256_of(piano_wav()), Seconds(seconds)}; }

TEST_F(Stages, ABackingThatWasSentIsTakenOut) {
  const json alone = report_of(after(Kind::take, sung_wav()));
  const Upload piano = after(Kind::backing, piano_wav());
  ASSERT_EQ(piano.state, State::completed);
  EXPECT_EQ(store->report(piano.id).error().kind, ErrorKind::not_found) << "it is no voice";
  for (const double said : {0.0, 3.0}) {  // it begins at 0.4 s
    const Upload take = after(Kind::take, sung_over_a_piano_wav(), piano_from(said));
    ASSERT_EQ(take.state, State::completed);
    const json report = report_of(take);
    EXPECT_GT(report["backing"]["removed_db"], 15) << report["backing"];
    EXPECT_NEAR(report["backing"]["started_s"], 0.4, 0.005);
    for (const char* end : {"lowest", "highest"})
      EXPECT_NEAR(report["range"][end]["midi"], alone["range"][end]["midi"], 0.3) << end;
  }
}

TEST_F(Stages, ABackingThatIsNotHereOrNotInTheTakeHindersNothing) {
  const auto why_not = [&](const std::string& bytes, const std::optional<Backing>& backing) {
    const Upload take = after(Kind::take, bytes, backing);
    EXPECT_EQ(take.state, State::completed);
    const json report = report_of(take);
    EXPECT_EQ(report["backing"]["removed_db"], 0);
    return report["backing"]["why_not"]["code"].get<std::string>();
  };
  EXPECT_EQ(why_not(sung_over_a_piano_wav(), piano_from(0)), "backing_not_sent");
  const OwnerId singer = std::exchange(owner, OwnerId::make(noon));
  after(Kind::backing, piano_wav());
  owner = singer;
  EXPECT_EQ(why_not(sung_over_a_piano_wav(), piano_from(0)), "backing_not_sent") << "it is another's";
  const Upload piano = after(Kind::backing, piano_wav());
  EXPECT_EQ(why_not(sung_wav(), piano_from(0)), "backing_not_heard");
  ok(objects->remove(piano.object_key));
  EXPECT_FALSE(why_not(sung_over_a_piano_wav(), piano_from(0)).empty()) << "its bytes are gone";
}

TEST_F(Stages, ABackingThatIsNoSoundFailsAsATakeDoes) {
  const Upload words = after(Kind::backing, lying_wav(10).substr(0, 44));
  ASSERT_EQ(words.state, State::failed);
  EXPECT_EQ(words.failure->code, "no_samples");
}

struct Unsung {
  const char* name;
  std::string (*bytes)();
  const char* why;  ///< part of the words
};
class StagesDecline : public Stages, public testing::WithParamInterface<Unsung> {};
INSTANTIATE_TEST_SUITE_P(
    , StagesDecline,
    testing::Values(Unsung{"Silence", [] { return silent_wav(10); }, "microphone"},
                    Unsung{"ThreeSecondsWithHalfANote",
                           [] { return sung_as({"-af", "atrim=0:0.85,apad=whole_dur=3"}, "a.wav"); },
                           "ten seconds"},
                    Unsung{"Speech", spoken_wav, "spe"}, Unsung{"APiano", piano_wav, "instrument"}),
    [](const auto& info) { return info.param.name; });

TEST_P(StagesDecline, IsCompletedWithAReportThatSaysWhyThereIsNoAnswer) {
  const Upload take = after(Kind::take, GetParam().bytes());
  ASSERT_EQ(take.state, State::completed);
  const json report = report_of(take);
  EXPECT_FALSE(report["answered"]) << report["range"];
  ASSERT_TRUE(report["why_not"].is_string());
  EXPECT_NE(report["why_not"].get<std::string>().find(GetParam().why), std::string::npos)
      << report["why_not"];
}

TEST_F(Stages, ThreeSecondsOfHeldNotesAreMeasuredAsFarAsTheyGo) {
  const Upload take = after(Kind::take, sung_as({"-t", "3"}, "a.wav"));
  ASSERT_EQ(take.state, State::completed);
  const json range = report_of(take)["range"];
  EXPECT_LT(range["highest"]["midi"].get<double>() - range["lowest"]["midi"].get<double>(), 12) << range;
}

TEST_F(Stages, ACutOffFileIsMeasuredAsFarAsItGoesAndSaysSo) {
  const std::string webm = sung_as({"-c:a", "libopus"}, "a.webm");
  for (const std::string& cut : {webm.substr(0, webm.size() * 3 / 4), lying_wav(0x7FFFFFFF)}) {
    const Upload take = after(Kind::take, cut);
    ASSERT_EQ(take.state, State::completed);
    EXPECT_TRUE(report_of(take)["truncated"]);
    EXPECT_TRUE(report_of(take)["answered"]);
  }
}

struct Refused {
  const char* name;
  Kind kind;
  std::string (*bytes)();
  Stage stage;
  const char* code;
};
class StagesRefuse : public Stages, public testing::WithParamInterface<Refused> {};
INSTANTIATE_TEST_SUITE_P(
    , StagesRefuse,
    testing::Values(
        Refused{"Words", Kind::take, [] { return std::string("just words"); }, Stage::check, "wrong_type"},
        Refused{"AnEmptyWav", Kind::take, [] { return sung_wav().substr(0, 44); }, Stage::convert,
                "no_samples"},
        Refused{"NoiseNamedWav", Kind::take,
                [] { return sung_wav().substr(0, 12) + std::string(5000, '\x5A'); }, Stage::convert,
                "damaged"},
        Refused{"AFilmWithoutSound", Kind::take,
                [] { return by_ffmpeg({"-f", "lavfi", "-i", "color=red:d=1", "-c:v", "libvpx"}, "a.webm"); },
                Stage::convert, "no_audio_stream"},
        Refused{"ASecondMoreThanTwentyMinutes", Kind::take, [] { return long_wav(20 * 60 + 1); },
                Stage::convert, "take_too_long"},
        Refused{"ARateOf4kHz", Kind::take, [] { return sung_as({"-ar", "4000"}, "a.wav"); }, Stage::convert,
                "sample_rate"},
        Refused{"APictureOf48Megapixels", Kind::album_cover,
                [] {
                  return by_ffmpeg({"-f", "lavfi", "-i", "color=red:s=8000x6000", "-frames:v", "1"}, "a.png");
                },
                Stage::optimize, "image_too_large"},
        Refused{"APictureCutOffInItsHeader", Kind::profile_image,
                [] { return std::string("\x89PNG\r\n\x1a\n\0\0", 10); }, Stage::optimize, "damaged"}),
    [](const auto& info) { return info.param.name; });

TEST_P(StagesRefuse, FailsAtOnceInANamedWayThatSaysWhatToDo) {
  const Upload upload = after(GetParam().kind, GetParam().bytes());
  ASSERT_EQ(upload.state, State::failed);
  ASSERT_TRUE(upload.failure);
  EXPECT_EQ(upload.failure->stage, GetParam().stage);
  EXPECT_EQ(upload.failure->code, GetParam().code);
  EXPECT_FALSE(upload.failure->retry_can_help);
  EXPECT_NE(upload.failure->detail.find_first_of(";."), std::string::npos) << upload.failure->detail;
  EXPECT_TRUE(derived(upload).empty());
  EXPECT_TRUE(ok(store->dead_letters(10)).empty());
}

TEST_F(Stages, TwentyMinutesAreTaken) {
  const Upload take = after(Kind::take, long_wav(20 * 60));
  ASSERT_EQ(take.state, State::completed);
  EXPECT_EQ(report_of(take)["duration_s"], 1200);
}

TEST_F(Stages, APictureGivesASmallerOneAndAThumbnail) {
  const Upload cover = after(
      Kind::album_cover, by_ffmpeg({"-f", "lavfi", "-i", "testsrc=s=2000x1000", "-frames:v", "1"}, "a.png"));
  ASSERT_EQ(cover.state, State::completed) << cover.failure->detail;
  EXPECT_EQ(derived(cover), (std::vector{optimized_key(cover.id), thumbnail_key(cover.id)}));
  EXPECT_LT(ok(objects->head(thumbnail_key(cover.id))).size, ok(objects->head(optimized_key(cover.id))).size);
}

TEST_F(Stages, TheSameBytesPutAgainAreStillThoseThatWereChecked) {
  const Upload take = announce(Kind::take, sung_wav());
  put(take, sung_wav());
  ok(object_arrived(*store, take.object_key, now));
  const Worker w = real_worker(*store, *objects);
  ASSERT_EQ(ok(run_one(w, std::array{Stage::check})), Ran::done);
  put(take, sung_wav());  // a browser that did not hear the answer
  work();
  EXPECT_EQ(now_in(take).state, State::completed);
}

TEST_F(Stages, OtherBytesPutOverTheCheckedOnesAreNeverUsed) {
  const Upload take = announce(Kind::take, sung_wav());
  put(take, sung_wav());
  ok(object_arrived(*store, take.object_key, now));
  const Worker w = real_worker(*store, *objects);
  ASSERT_EQ(ok(run_one(w, std::array{Stage::check})), Ran::done);
  put(take, spoken_wav());
  work();
  ASSERT_TRUE(now_in(take).failure);
  EXPECT_EQ(now_in(take).failure->code, "object_replaced");
}

TEST_F(Stages, AnAnalysisWithoutTheSamplesAtHandDecodesAgainAndSaysTheSame) {
  const Upload take = announce(Kind::take, sung_wav()), other = announce(Kind::take, sung_wav());
  for (const Upload& upload : {take, other}) {
    put(upload, sung_wav());
    ok(object_arrived(*store, upload.object_key, now));
  }
  const Worker w = real_worker(*store, *objects);
  for (const Stage stage : {Stage::check, Stage::check, Stage::convert, Stage::convert, Stage::analyze})
    ASSERT_EQ(ok(run_one(w, std::array{stage})), Ran::done);
  EXPECT_TRUE(derived(take).empty()) << "samples go nowhere";
  const Worker elsewhere = real_worker(*store, *objects);
  ASSERT_EQ(ok(run_one(elsewhere, std::array{Stage::analyze})), Ran::done);
  EXPECT_EQ(report_of(take), report_of(other));
  EXPECT_TRUE(report_of(take)["answered"]);
}

TEST_F(Stages, AFailedConversionLeavesNoHalfFile) {
  const Upload take = announce(Kind::take, sung_wav());
  put(take, sung_wav());
  ok(object_arrived(*store, take.object_key, now));
  Worker w = real_worker(*store, *objects);
  ASSERT_EQ(ok(run_one(w, std::array{Stage::check})), Ran::done);
  bool stop = false;
  w.stopping = [&] { return std::exchange(stop, true); };
  EXPECT_EQ(ok(run_one(w, std::array{Stage::convert})), Ran::retried);
  EXPECT_TRUE(derived(take).empty());
  EXPECT_EQ(now_in(take).state, State::audio_converting);
}

}  // namespace
}  // namespace orakgarak::uploads
