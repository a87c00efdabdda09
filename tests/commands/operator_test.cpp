// What whoever runs a server does on the command line, beside a server that runs or without one.
#include <gmock/gmock.h>
#include <unistd.h>

#include "commands/program.h"
#include "commands/schema.h"
#include "devices/shared_device.h"
#include "people/token.h"
#include "storage/sqlite/people.h"
#include "storage/sqlite/uploads.h"

namespace orakgarak::commands {
namespace {

using namespace uploads;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class Operator : public ProgramTest {
 protected:
  Ended in_data(std::vector<std::string> words) const {
    words.insert(words.begin(), {"--data", path("data")});
    return run(words);
  }
  UploadStore& store() {
    if (!store_) {
      std::filesystem::create_directories(folder_ / "data");
      store_ = ok(storage::open_sqlite_uploads(folder_ / "data/orakgarak.db"));
    }
    return *store_;
  }
  Upload announced(Kind kind = Kind::take) {
    const UploadId id = UploadId::make(system_now());
    return ok(store().insert({.id = id,
                              .owner = OwnerId::make(system_now()),
                              .kind = kind,
                              .declared = {"audio/webm", 123456, std::string(64, 'a'), "my secret song.webm"},
                              .object_key = "uploads/" + id.text(),
                              .now = system_now(),
                              .expires = system_now() + std::chrono::hours(24),
                              .traceparent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"}));
  }
  /// FAILED in check by a fault that nobody is to blame for: with a dead letter, whose id this is.
  JobId buried(const Upload& upload) {
    const Time now = system_now();
    const JobId id = JobId::make(now);
    ok(store().enqueue(upload.id, {id, Stage::check, Priority::live, now}, now));
    const auto claim = ok(store().claim(std::array{Stage::check}, "w", now, now + std::chrono::minutes(1)));
    ok(store().bury(claim.value(), upload.version,
                    {Stage::check, "objects_unavailable", "The disk was away.", true}, now));
    return id;
  }
  std::string faults(const std::string& schema, const std::string& line) {
    std::string all;
    for (const auto& fault : schema_faults(load_schema(schema), json::parse(line))) all += fault + "\n";
    return all;
  }
  std::string state_of(const Upload& upload) {
    return std::string(to_string(ok(store().find(upload.id)).state));
  }

 private:
  std::unique_ptr<UploadStore> store_;
};

TEST_F(Operator, AFolderWhereNoServerRanIsTold) {
  for (const auto& words : {std::vector<std::string>{"uploads", "list"}, {"dlq", "list"}}) {
    const auto ended = in_data(words);
    EXPECT_EQ(ended.code, 3);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("no server has run"), HasSubstr("--data")));
  }
  EXPECT_FALSE(std::filesystem::exists(path("data"))) << "looking makes nothing";
}

TEST_F(Operator, DevicesAreShownWithWhoHoldsTheirMemory) {
  const auto none = in_data({"devices"});
  EXPECT_EQ(none.code, 4);
  EXPECT_THAT(none.err, HasSubstr("--data"));
  EXPECT_FALSE(std::filesystem::exists(path("data"))) << "looking makes nothing";

  std::filesystem::create_directories(folder_ / "data/devices");
  const auto device = ok(devices::open_device({.file = devices::device_file(folder_ / "data/devices", "here"),
                                               .name = "machine here",
                                               .budget = 512ULL << 20}));
  const auto grant = ok(device->enter({Engine::voice, Priority::batch, {100ULL << 20}}, [] { return true; }));
  const auto told = in_data({"devices"});
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("machine here"), HasSubstr("100 of 512 MiB"), HasSubstr("holds"),
                              HasSubstr("batch"), HasSubstr("voice")));
  const auto lines = in_data({"devices", "--json"});
  EXPECT_EQ(faults("device", lines.out), "");
  EXPECT_EQ(json::parse(lines.out)["entries"][0]["process"], ::getpid());
}

TEST_F(Operator, UploadsAreListedNewestFirstByStateAndKind) {
  const Upload take = announced(), cover = announced(Kind::album_cover);
  const auto all = in_data({"uploads", "list"});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_LT(all.out.find(cover.id.text()), all.out.find(take.id.text()));
  EXPECT_THAT(in_data({"uploads", "list", "--kind", "take"}).out, Not(HasSubstr(cover.id.text())));
  EXPECT_THAT(in_data({"uploads", "list", "--limit", "1"}).out, Not(HasSubstr(take.id.text())));
  const auto none = in_data({"uploads", "list", "--state", "COMPLETED"});
  EXPECT_EQ(none.code, 4);
  EXPECT_THAT(none.err, HasSubstr("no upload"));
  EXPECT_EQ(in_data({"uploads", "list", "--state", "BROKEN"}).code, 2);
  EXPECT_EQ(in_data({"uploads", "list", "--limit", "0"}).code, 2);
}

TEST_F(Operator, NoFileNameAndNoOwnerIsShown) {
  const Upload take = announced();
  for (const auto& words : {std::vector<std::string>{"uploads", "list"},
                            {"uploads", "list", "--json"},
                            {"uploads", "show", take.id.text()},
                            {"uploads", "show", take.id.text(), "--json"}}) {
    const auto out = in_data(words).out;
    EXPECT_THAT(out, Not(HasSubstr("secret")));
    EXPECT_THAT(out, Not(HasSubstr(take.owner.text())));
  }
}

TEST_F(Operator, AnUploadIsShownWithItsTimelineItsJobsItsTraceAndItsFailure) {
  const Upload lost = announced();
  buried(lost);
  EXPECT_THAT(in_data({"uploads", "show", lost.id.text()}).out,
              AllOf(HasSubstr("FAILED"), HasSubstr("objects_unavailable"), HasSubstr("The disk was away.")));
  const Upload take = announced();
  ok(store().enqueue(take.id, {JobId::make(system_now()), Stage::check, Priority::live, system_now()},
                     system_now()));
  const auto waiting = in_data({"uploads", "show", take.id.text()}).out;
  EXPECT_THAT(waiting, AllOf(HasSubstr("PENDING"), HasSubstr("created"), HasSubstr("check"),
                             HasSubstr("waits"), HasSubstr("0123456789abcdef0123456789abcdef")));
}

TEST_F(Operator, TheJsonFitsItsSchemas) {
  const Upload take = announced(), lost = announced();
  const JobId letter = buried(lost);
  ok(store().enqueue(take.id, {JobId::make(system_now()), Stage::check, Priority::live, system_now()},
                     system_now()));
  const auto lines = in_data({"uploads", "list", "--json"}).out;
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
  for (std::size_t at = 0, end; (end = lines.find('\n', at)) != std::string::npos; at = end + 1)
    EXPECT_EQ(faults("uploads", lines.substr(at, end - at)), "");
  for (const Upload& upload : {take, lost})
    EXPECT_EQ(faults("upload", in_data({"uploads", "show", upload.id.text(), "--json"}).out), "");
  EXPECT_EQ(faults("dead_letter", in_data({"dlq", "list", "--json"}).out), "");
  EXPECT_EQ(faults("dead_letter", in_data({"dlq", "show", letter.text(), "--json"}).out), "");
}

TEST_F(Operator, ARedriveNeedsAReasonAndIsRecorded) {
  const Upload lost = announced();
  buried(lost);
  EXPECT_EQ(in_data({"uploads", "redrive", lost.id.text()}).code, 2) << "no reason";
  EXPECT_EQ(in_data({"uploads", "redrive", lost.id.text(), "--why", ""}).code, 2);
  EXPECT_EQ(in_data({"uploads", "redrive", lost.id.text(), "--why", "two\nlines"}).code, 2);
  EXPECT_EQ(in_data({"uploads", "redrive", lost.id.text(), "--why", std::string(501, 'x')}).code, 2);
  EXPECT_EQ(state_of(lost), "FAILED");
  const auto done =
      in_data({"uploads", "redrive", lost.id.text(), "--why", "the disk is back", "--who", "kim"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(state_of(lost), "PENDING");
  const auto decisions = ok(store().decisions(10));
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].action, "redrive");
  EXPECT_EQ(decisions[0].decision.who, "kim");
  EXPECT_EQ(decisions[0].decision.why, "the disk is back");
}

TEST_F(Operator, WhatIsNotFailedIsNotRedriven) {
  const Upload take = announced();
  const auto refused = in_data({"uploads", "redrive", take.id.text(), "--why", "x"});
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.err, HasSubstr("PENDING"));
}

TEST_F(Operator, ALetterIsListedShownReplayedAndDiscardedEachOnce) {
  const Upload first = announced(), second = announced();
  const JobId replayed = buried(first), discarded = buried(second);
  EXPECT_EQ(in_data({"dlq", "decisions"}).code, 4) << "none yet";
  const auto list = in_data({"dlq", "list"}).out;
  EXPECT_LT(list.find(replayed.text()), list.find(discarded.text())) << "oldest first";
  EXPECT_THAT(
      in_data({"dlq", "show", replayed.text()}).out,
      AllOf(HasSubstr(first.id.text()), HasSubstr("objects_unavailable"), HasSubstr("The disk was away.")));
  EXPECT_EQ(in_data({"dlq", "replay", replayed.text(), "--why", "back"}).code, 0);
  EXPECT_EQ(state_of(first), "PENDING");
  EXPECT_EQ(in_data({"dlq", "discard", discarded.text(), "--why", "a test", "--who", "lee"}).code, 0);
  EXPECT_EQ(state_of(second), "FAILED");
  EXPECT_EQ(in_data({"dlq", "replay", replayed.text(), "--why", "again"}).code, 4);
  EXPECT_EQ(in_data({"dlq", "list"}).code, 4);
  const auto decisions = ok(store().decisions(10));
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(decisions[0].action, "discard");
  EXPECT_EQ(decisions[0].decision.who, "lee");
  EXPECT_FALSE(decisions[1].decision.who.empty()) << "whoever is logged in";
  const auto told = in_data({"dlq", "decisions"}).out;
  EXPECT_LT(told.find("lee: a test"), told.find("back")) << "newest first";
  EXPECT_THAT(told, AllOf(HasSubstr(replayed.text()), HasSubstr("objects_unavailable")));
  EXPECT_EQ(faults("decision", in_data({"dlq", "decisions", "--json", "--limit", "1"}).out), "");
}

TEST_F(Operator, AnIdThatIsNoneIsAWrongCommandLineAndAnUnknownOneIsNothing) {
  announced();
  EXPECT_THAT(in_data({"uploads", "show", "../x"}).err, HasSubstr("uploads list"));
  EXPECT_EQ(in_data({"uploads", "show", "../x"}).code, 2);
  const auto unknown = JobId::make(system_now()).text();
  EXPECT_EQ(in_data({"uploads", "show", unknown}).code, 4);
  EXPECT_EQ(in_data({"dlq", "show", unknown}).code, 4);
}

TEST_F(Operator, ATokenIsPrintedOnceAndOnlyItsHashIsKept) {
  const auto added = in_data({"operators", "add", "kim"});
  ASSERT_EQ(added.code, 0) << added.err;
  ASSERT_EQ(added.out.size(), 44U) << "nothing else: it can be piped";
  const std::string token = added.out.substr(0, 43);
  EXPECT_THAT(added.err, AllOf(HasSubstr("cannot be shown again"), Not(HasSubstr(token))));
  const auto people = ok(storage::open_sqlite_people(folder_ / "data/orakgarak.db"));
  EXPECT_EQ(ok(people->operator_of(people::hash_of({token}))).name, "kim");
  for (const char* file : {"data/orakgarak.db", "data/orakgarak.db-wal"})
    EXPECT_EQ(read(path(file)).find(token), std::string::npos) << file;
}

TEST_F(Operator, OperatorsAreListedAndRemoved) {
  EXPECT_EQ(in_data({"operators", "list"}).code, 4);
  EXPECT_EQ(in_data({"operators", "add", "kim"}).code, 0);
  EXPECT_EQ(in_data({"operators", "add", "kim"}).code, 4) << "there is one";
  EXPECT_EQ(in_data({"operators", "add", ""}).code, 2);
  EXPECT_EQ(in_data({"operators", "add", std::string(65, 'k')}).code, 2);
  EXPECT_THAT(in_data({"operators", "list"}).out, HasSubstr("kim"));
  EXPECT_EQ(in_data({"operators", "remove", "kim"}).code, 0);
  EXPECT_EQ(in_data({"operators", "remove", "kim"}).code, 4);
}

TEST_F(Operator, TheDataFolderIsItsOwnersAlone) {
  ASSERT_EQ(in_data({"operators", "add", "kim"}).code, 0);
  const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  EXPECT_EQ(std::filesystem::status(path("data")).permissions() & others, std::filesystem::perms::none);
}

TEST_F(Operator, EveryCommandHasItsHelp) {
  for (const auto& words : {std::vector<std::string>{"uploads"},
                            {"uploads", "list"},
                            {"uploads", "show"},
                            {"uploads", "redrive"},
                            {"dlq"},
                            {"dlq", "list"},
                            {"dlq", "show"},
                            {"dlq", "replay"},
                            {"dlq", "discard"},
                            {"operators"},
                            {"operators", "add"},
                            {"operators", "remove"}}) {
    auto asked = words;
    asked.push_back("--help");
    const auto help = run(asked);
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, HasSubstr("--data"));
  }
}

}  // namespace
}  // namespace orakgarak::commands
