#include "uploads/envelope.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace orakgarak::uploads {
namespace {

using Json = nlohmann::json;

const Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{12}};
constexpr const char* trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Upload a_take() {
  return {.id = UploadId::make(noon),
          .owner = OwnerId::make(noon),
          .kind = Kind::take,
          .declared = {"audio/webm", 12, std::string(64, 'a'), "My secret song.webm"},
          .object_key = "takes/private-key",
          .object_version = {},
          .state = State::failed,
          .version = 3,
          .failure = Failure{Stage::convert, "not_audio", "The file of Kim is no sound.", false},
          .gone = false,
          .created = noon,
          .changed = noon,
          .expires = noon,
          .traceparent = trace};
}

OwnerEvent failing(const Upload& upload) {
  return {7, upload.id, {3, State::audio_converting, State::failed, 2, "failed: not_audio", noon}};
}

Job a_job(const Upload& upload) {
  return {JobId::make(noon), upload.id, Stage::convert, Priority::batch, 2, noon + std::chrono::seconds{5}};
}

DeadLetter a_letter(const Upload& upload, const Job& job) {
  return {job.id, upload.id, job.stage, 4, *upload.failure, upload.traceparent, noon};
}

TEST(Envelope, EveryEventIsACloudEventOfItsUpload) {
  const Upload upload = a_take();
  const Job job = a_job(upload);
  for (const std::string& text :
       {state_changed_envelope(upload, failing(upload)), job_requested_envelope(job, trace, noon),
        report_replaced_envelope(upload, job, noon), job_dead_envelope(a_letter(upload, job))}) {
    const Json event = Json::parse(text);
    EXPECT_EQ(event.at("specversion"), "1.0") << text;
    EXPECT_EQ(event.at("source"), "orakgarak");
    EXPECT_EQ(event.at("subject"), upload.id.text());
    EXPECT_EQ(event.at("time"), "2026-11-24T12:00:00.000000Z");
    EXPECT_EQ(event.at("datacontenttype"), "application/json");
    EXPECT_EQ(event.at("traceparent"), trace);
    EXPECT_FALSE(event.at("id").get<std::string>().empty());
  }
}

TEST(Envelope, StateChangedTellsTheTransitionAndItsPlaceForTheOwner) {
  const Upload upload = a_take();
  const Json event = Json::parse(state_changed_envelope(upload, failing(upload)));
  EXPECT_EQ(event.at("type"), "orakgarak.upload.state_changed");
  EXPECT_EQ(event.at("id"), upload.id.text() + "/3");
  EXPECT_EQ(event.at("data"), Json({{"owner", upload.owner.text()},
                                    {"sequence", 7},
                                    {"kind", "take"},
                                    {"version", 3},
                                    {"from", "AUDIO_CONVERTING"},
                                    {"to", "FAILED"},
                                    {"attempt", 2},
                                    {"why", "failed: not_audio"}}));
}

TEST(Envelope, TheFirstTransitionComesFromNothing) {
  const Upload upload = a_take();
  const OwnerEvent first{1, upload.id, {1, std::nullopt, State::pending, 0, "created", noon}};
  EXPECT_TRUE(Json::parse(state_changed_envelope(upload, first)).at("data").at("from").is_null());
}

TEST(Envelope, JobRequestedNamesTheJobAndEachAttemptIsAnEventOfItsOwn) {
  Job job = a_job(a_take());
  const Json event = Json::parse(job_requested_envelope(job, trace, noon));
  EXPECT_EQ(event.at("type"), "orakgarak.job.requested");
  EXPECT_EQ(event.at("id"), job.id.text() + "/2");
  EXPECT_EQ(event.at("data"), Json({{"job", job.id.text()},
                                    {"stage", "convert"},
                                    {"priority", "batch"},
                                    {"attempts", 2},
                                    {"run_after", "2026-11-24T12:00:05.000000Z"}}));
  job.attempt = 3;
  EXPECT_NE(Json::parse(job_requested_envelope(job, trace, noon)).at("id"), event.at("id"));
}

TEST(Envelope, ReportReplacedNamesTheJobThatMeasuredAnew) {
  const Upload upload = a_take();
  const Job job = a_job(upload);
  const Json event = Json::parse(report_replaced_envelope(upload, job, noon));
  EXPECT_EQ(event.at("type"), "orakgarak.upload.report_replaced");
  EXPECT_EQ(event.at("id"), job.id.text() + "/report");
  EXPECT_EQ(event.at("data"),
            Json({{"owner", upload.owner.text()}, {"version", upload.version}, {"job", job.id.text()}}));
}

TEST(Envelope, JobDeadTellsTheCodeAndTheAttempts) {
  const Upload upload = a_take();
  const Job job = a_job(upload);
  const Json event = Json::parse(job_dead_envelope(a_letter(upload, job)));
  EXPECT_EQ(event.at("type"), "orakgarak.job.dead");
  EXPECT_EQ(event.at("data"), Json({{"job", job.id.text()},
                                    {"stage", "convert"},
                                    {"attempts", 4},
                                    {"code", "not_audio"},
                                    {"retry_can_help", false}}));
}

TEST(Envelope, NoFileNameNoObjectKeyAndNoDetailLeavesTheStore) {
  const Upload upload = a_take();
  const Job job = a_job(upload);
  for (const std::string& text :
       {state_changed_envelope(upload, failing(upload)), job_requested_envelope(job, trace, noon),
        report_replaced_envelope(upload, job, noon), job_dead_envelope(a_letter(upload, job))})
    for (const char* secret : {"secret", "Kim", "private-key", "webm"})
      EXPECT_EQ(text.find(secret), std::string::npos) << secret << " in " << text;
}

TEST(Envelope, WithoutATraceThereIsNoAttributeAndBrokenTextStaysJson) {
  Upload upload = a_take();
  upload.traceparent.clear();
  EXPECT_FALSE(Json::parse(state_changed_envelope(upload, failing(upload))).contains("traceparent"));
  upload.traceparent = "00-\xff\xfe";
  EXPECT_TRUE(Json::accept(state_changed_envelope(upload, failing(upload))));
}

}  // namespace
}  // namespace orakgarak::uploads
