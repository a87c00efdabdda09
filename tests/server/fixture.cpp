#include "fixture.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "storage/local_objects/objects.h"
#include "storage/local_objects/presign.h"
#include "storage/sqlite/accounts.h"
#include "storage/sqlite/people.h"
#include "storage/sqlite/social.h"
#include "storage/sqlite/uploads.h"

namespace orakgarak::server {
namespace {

using uploads::State;

songs::Song song(std::string title, int lowest, int highest, std::string language, int year) {
  songs::Song song;
  song.artist = title + " Singer";
  song.title = std::move(title);
  song.language = std::move(language);
  song.year = year;
  song.lowest = Midi(lowest);
  song.highest = Midi(highest);
  for (int midi = lowest; midi <= highest; ++midi) song.seconds_per_semitone[midi] = 5;
  song.source = "made up";
  return song;
}

std::vector<songs::Song> some_songs() {
  std::vector<songs::Song> songs{song("Low", 45, 57, "en", 1985), song("Middle", 52, 64, "ko", 1992),
                                 song("High", 60, 76, "ja", 1999)};
  songs[1].karaoke.tj = "12345";
  songs.push_back(song("Unsure", 50, 63, "en", 1992));
  songs.back().octave = songs::OctaveEvidence::uncertain;
  for (int i = 0; i < 20; ++i) songs.push_back(song("Song " + std::to_string(i), 50, 62, "en", 2001));
  return songs;
}

net::Method method_of(const std::string& name) {
  for (const auto method : {net::Method::get, net::Method::head, net::Method::post, net::Method::put,
                            net::Method::patch, net::Method::del, net::Method::options})
    if (net::to_string(method) == name) return method;
  return net::Method::other;
}

std::string contents_of(const net::FileBody& file) {
  std::string text(file.length, '\0');
  const auto got = ::pread(file.fd, text.data(), text.size(), static_cast<off_t>(file.offset));
  ::close(file.fd);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

Reply reply_of(net::Response response) {
  Reply reply{response.status, std::move(response.fields), {}, {}};
  if (auto* text = std::get_if<std::string>(&response.body)) reply.body = std::move(*text);
  if (auto* file = std::get_if<net::FileBody>(&response.body)) reply.body = contents_of(*file);
  if (auto* stream = std::get_if<net::StreamBody>(&response.body)) reply.stream = std::move(*stream);
  return reply;
}

}  // namespace

ServerTest::ServerTest(http::Limits limits) {
  std::string path = (std::filesystem::temp_directory_path() / "orakgarak-server-XXXXXX").string();
  folder_ = ::mkdtemp(path.data());
  uploads_ = *storage::open_sqlite_uploads(folder_ / "orakgarak.db");
  people_ = *storage::open_sqlite_people(folder_ / "orakgarak.db");
  social_ = *storage::open_sqlite_social(folder_ / "orakgarak.db");
  accounts_ = *storage::open_sqlite_accounts(folder_ / "orakgarak.db");
  objects_ = *storage::open_local_objects(folder_ / "objects");
  presigner_ = *storage::open_local_presigner(folder_ / "objects");
  catalogue_ = std::make_unique<http::Catalogue>(songs::Matcher::create(some_songs()));
  hub_ = std::make_unique<http::EventHub>(*uploads_,
                                          http::EventHubOptions{.most_per_person = limits.streams_a_person});
  std::filesystem::create_directories(folder_ / "page/assets");
  std::filesystem::create_directories(folder_ / "docs");
  service_ = std::unique_ptr<http::Service>(new http::Service{
      *uploads_, *objects_, *presigner_, *people_, *accounts_, passwords_, *social_, *catalogue_, *hub_,
      [this] { return now_; }, limits, "1.2.3", "", "", 8081, folder_ / "page", folder_ / "docs",
      [this](const Error& error) { complaints_.push_back(error.code); }});
  handler_ = http::make_handler(*service_);
}

ServerTest::~ServerTest() { std::filesystem::remove_all(folder_); }

Reply ServerTest::send(const Sent& request) {
  net::RequestHead head;
  head.method = method_of(request.method);
  const auto mark = request.target.find('?');
  head.path = request.target.substr(0, mark);
  if (mark != std::string::npos) head.query = request.target.substr(mark + 1);
  head.fields = request.fields;
  head.fields.add("Host", "localhost:8080");
  if (!request.cookie.empty())
    head.fields.add("Cookie",
                    std::string(request.secure ? "__Host-" : "") + "orakgarak_session=" + request.cookie);
  if (!request.body.empty()) {
    if (!request.type.empty()) head.fields.add("Content-Type", request.type);
    head.content_length = request.body.size();
  }
  head.trace = telemetry::begin_trace(head.fields.get("traceparent").value_or(""));
  head.address = request.address;
  head.secure = request.secure;
  head.host = "localhost:8080";
  const auto exchange = handler_(head);
  if (!request.body.empty()) {
    if (auto early = exchange->take({})) return reply_of(std::move(*early));
    const auto bytes = std::as_bytes(std::span(request.body));
    constexpr std::size_t piece = 64U << 10;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      if (auto early = exchange->take(bytes.subspan(at, std::min(piece, bytes.size() - at))))
        return reply_of(std::move(*early));
  }
  return reply_of(exchange->finish());
}

std::string ServerTest::consent() {
  const auto reply = post("/v1/session", {{"consent", http::consent_version}});
  EXPECT_EQ(reply.status, 201) << reply.body;
  const auto cookie = reply.field("Set-Cookie");
  const auto from = cookie.find('=') + 1;
  return cookie.substr(from, cookie.find(';') - from);
}

Json ServerTest::new_take() {
  return {{"kind", "take"},
          {"size", 1000},
          {"content_type", "audio/webm"},
          {"sha256", std::string(64, 'a')},
          {"file_name", "노래.webm"}};
}

std::string ServerTest::declare(const std::string& cookie, const Json& changes) {
  auto body = new_take();
  body.update(changes);
  const auto reply = post("/v1/uploads", body, cookie);
  EXPECT_EQ(reply.status, 201) << reply.body;
  return reply.json()["upload"]["id"].get<std::string>();
}

void ServerTest::complete(const std::string& id, double lowest, double highest) {
  const auto end = [](double midi) { return Json{{"midi", midi}, {"uncertainty_semitones", 0.2}}; };
  const Json report{{"range",
                     {{"lowest", end(lowest)},
                      {"highest", end(highest)},
                      {"comfortable_low", end(lowest + 3)},
                      {"comfortable_high", end(highest - 4)}}},
                    {"tessitura", {{{"midi", 60}, {"seconds", 12.5}}}},
                    {"timbre", {{"words", {{{"word", "bright"}, {"measure", "tilt"}, {"z", 1.5}}}}}},
                    {"waveform", {{"seconds", 21.5}, {"peaks", {0, 128, 255}}}},
                    {"curve", {{"hop_seconds", 0.05}, {"midi", {60.1, nullptr}}}}};
  constexpr State way[] = {State::pending,
                           State::uploaded,
                           State::audio_converting,
                           State::audio_converted,
                           State::voice_analysis_pending,
                           State::voice_analyzing,
                           State::voice_analyzed,
                           State::completed};
  walk(id, way, report.dump());
}

void ServerTest::walk(const std::string& id, std::span<const State> way,
                      const std::optional<std::string>& report) {
  for (std::size_t i = 0; i + 1 < way.size(); ++i) {
    uploads::Move move{.upload = id_of(id),
                       .version = static_cast<std::int64_t>(i) + 1,
                       .from = way[i],
                       .to = way[i + 1],
                       .now = now_,
                       .why = "test",
                       .object_version = i == 0 ? std::optional<std::string>("v") : std::nullopt};
    if (way[i + 1] == State::completed && report) move.report = uploads::Report{*report, 1};
    const auto moved = uploads_->move(move);
    ASSERT_TRUE(moved) << moved.error().detail;
  }
}

std::string ServerTest::picture(const std::string& cookie, const std::string& kind) {
  const auto id = declare(cookie, {{"kind", kind}, {"content_type", "image/png"}});
  constexpr State way[] = {State::pending, State::uploaded, State::image_optimizing,
                           State::thumbnail_generating, State::completed};
  walk(id, way, std::nullopt);
  return id;
}

std::string ServerTest::named(const std::string& nickname) {
  auto cookie = consent();
  const auto reply = put("/v1/me/profile", {{"nickname", nickname}}, cookie);
  EXPECT_EQ(reply.status, 200) << reply.body;
  return cookie;
}

void ServerTest::fail(const std::string& id, bool retry_can_help) {
  const auto moved = uploads_->move({.upload = id_of(id),
                                     .version = 1,
                                     .from = State::pending,
                                     .to = State::failed,
                                     .now = now_,
                                     .why = "failed",
                                     .failure = uploads::Failure{uploads::Stage::check, "wrong_size",
                                                                 "The size differs.", retry_can_help}});
  ASSERT_TRUE(moved) << moved.error().detail;
}

std::string ServerTest::bury(const std::string& id) {
  const auto job = uploads::JobId::make(now_);
  EXPECT_TRUE(
      uploads_->enqueue(id_of(id), {job, uploads::Stage::check, uploads::Priority::live, now_}, now_));
  constexpr uploads::Stage stages[] = {uploads::Stage::check};
  const auto claim = uploads_->claim(stages, "worker", now_, now_ + std::chrono::minutes(1));
  EXPECT_TRUE(uploads_->bury(
      **claim, 1, {uploads::Stage::check, "objects_unavailable", "The objects were away.", true}, now_));
  return job.text();
}

std::string ServerTest::operator_token(const std::string& name) {
  const auto token = people::new_token();
  EXPECT_TRUE(people_->add_operator({name, now_}, people::hash_of(token)));
  return token.text;
}

}  // namespace orakgarak::server
