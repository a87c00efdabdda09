// The suite on a folder and its endpoint behind the real server, and what these do of their own.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

#include "net/server.h"
#include "storage/local_objects/endpoint.h"
#include "storage/local_objects/objects.h"
#include "storage/local_objects/presign.h"
#include "suite.h"

namespace orakgarak::uploads {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view sung = "sung into the browser";
constexpr std::string_view page = "http://localhost:8080";

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class LocalPlace final : public PresignerPlace {
 public:
  LocalPlace() {
    std::string name = fs::temp_directory_path() / "orak-presign-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test");
    folder = name;
    start();
  }
  ~LocalPlace() override {
    server.reset();
    fs::remove_all(folder);
  }
  void start() {
    server.reset();
    signs = ok(storage::open_local_presigner(folder));
    store = ok(storage::open_local_objects(folder));
    server = ok(net::Server::start(
        {},
        ok(storage::local_objects_endpoint(
            folder, {.allowed_origin = [](const auto&, std::string_view origin) { return origin == page; },
                     .arrived =
                         [this](const std::string& key) {
                           const std::scoped_lock lock(mutex);
                           came.push_back(key);
                         }}))));
  }
  Presigner& presigner() override { return *signs; }
  ObjectStore& objects() override { return *store; }
  std::string base() const override { return "http://127.0.0.1:" + std::to_string(server->port()); }
  std::vector<std::string> arrived() {
    const std::scoped_lock lock(mutex);
    return came;
  }
  /// Files that are half-written, once the server has let go of those of a client that went away.
  std::size_t half_written() const { return wait_for_half_written(0); }
  /// How many there are, at the latest after 10 s.
  std::size_t wait_for_half_written(std::size_t wanted) const {
    std::size_t files = 0;
    for (const auto end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end;) {
      files = static_cast<std::size_t>(std::distance(fs::directory_iterator(folder / "incoming"), {}));
      if (files == wanted) break;
      ::usleep(1000);
    }
    return files;
  }

  fs::path folder;
  std::unique_ptr<Presigner> signs;
  std::unique_ptr<ObjectStore> store;
  std::mutex mutex;
  std::vector<std::string> came;
  std::unique_ptr<net::Server> server;
};

INSTANTIATE_TEST_SUITE_P(, PresignerContract,
                         testing::Values(PresignerAdapter{"local",
                                                          [] { return std::make_unique<LocalPlace>(); }}),
                         [](const auto& info) { return info.param.name; });

class LocalPresigner : public testing::Test {
 protected:
  PresignedForm form(std::string_view bytes = sung) {
    return ok(place.presigner().form(place.base(), key, declare(bytes), now, now + 15min));
  }
  PresignedPart part(const std::string& multipart, int number, std::string_view bytes = sung) {
    return ok(place.presigner().part(place.base(), key, multipart, {number, hex_of(bytes)}, bytes.size(), now,
                                     now + 15min));
  }
  LocalPlace place;
  Time now = system_now();
  std::string key = object_key(UploadId::make(now));
};

TEST_F(LocalPresigner, RefusesAFileAtTheByteThatIsTooMuch) {
  const auto presigned = form();
  const std::string body = form_body(fields_of(presigned), std::string(sung) + std::string(200, 'x'));
  const auto passed = body.find(sung) + sung.size();
  Connection connection(presigned.url);
  connection.send(
      request("POST", presigned.url,
              {{"Content-Type", std::string(form_type)}, {"Content-Length", std::to_string(passed + 10'000)}},
              body.substr(0, passed + 100)));  // and the rest never comes
  const Answer answer = connection.answer();
  EXPECT_EQ(answer.code(), "EntityTooLarge");
  EXPECT_EQ(answer.field("x-amz-error-code"), "entitytoolarge");
  EXPECT_EQ(place.half_written(), 0U);
}

TEST_F(LocalPresigner, RefusesALengthThatCannotBeRightBeforeTheFirstByteOfTheFile) {
  const auto presigned = form();
  const std::string body = form_body(fields_of(presigned), sung);
  const auto begins = body.find(sung);
  for (const auto& [length, code] : {std::pair(begins + sung.size() - 1, "EntityTooSmall"),
                                     {begins + sung.size() + (20U << 10) + 1, "EntityTooLarge"}}) {
    Connection connection(presigned.url);
    connection.send(
        request("POST", presigned.url,
                {{"Content-Type", std::string(form_type)}, {"Content-Length", std::to_string(length)}},
                body.substr(0, begins)));
    EXPECT_EQ(connection.answer().code(), code);
  }
}

TEST_F(LocalPresigner, RefusesFieldsOfMoreThanTwentyKibibytes) {
  auto fields = fields_of(form());
  fields.emplace_back("more", std::string(20U << 10, 'x'));
  EXPECT_EQ(send_form(form().url, fields, sung).code(), "MaxPostPreDataLengthExceededError");
  fields = fields_of(form());
  fields.emplace_back("KEY", key);
  EXPECT_EQ(send_form(form().url, fields, sung).code(), "InvalidArgument");
}

TEST_F(LocalPresigner, RefusesWhatIsNoUpload) {
  const std::string base = place.base();
  EXPECT_EQ(send("POST", base, {{"Content-Type", "text/plain"}}, "x").status, 412);
  EXPECT_EQ(send("POST", base + "/" + key, {{"Content-Type", std::string(form_type)}}, "x").status, 405);
  EXPECT_EQ(send("DELETE", base + "/" + key, {}, "").field("allow"), "get, options, post, put");
  EXPECT_EQ(send("DELETE", base + "/" + key, {}, "").status, 405);
  EXPECT_EQ(send("PUT", base + "/" + key, {}, "x").code(), "AccessDenied");
  EXPECT_EQ(send("POST", base, {{"Content-Type", std::string(form_type)}}, "x").code(),
            "MalformedPOSTRequest");
  const std::string boundary(form_type.substr(form_type.find('=') + 1));
  EXPECT_EQ(
      send("POST", base, {{"Content-Type", std::string(form_type)}},
           "--" + boundary + "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--" + boundary + "--")
          .code(),
      "InvalidArgument");
}

TEST_F(LocalPresigner, LeavesNothingOfWhatItRefusedOrWhatBrokeOff) {
  const auto presigned = form();
  static_cast<void>(send_form(presigned.url, fields_of(presigned), std::string(sung.size(), 'x')));
  static_cast<void>(send_form(presigned.url, fields_of(presigned), std::string(sung) + "x"));
  const std::string multipart = ok(place.presigner().open_parts(key, declare(sung)));
  static_cast<void>(send_part(part(multipart, 1), std::string(sung.size(), 'x')));
  {
    Connection broken(presigned.url);
    const std::string body = form_body(fields_of(presigned), sung);
    broken.send(
        request("POST", presigned.url,
                {{"Content-Type", std::string(form_type)}, {"Content-Length", std::to_string(body.size())}},
                body.substr(0, body.find(sung) + 4)));
  }
  EXPECT_EQ(place.half_written(), 0U);
  EXPECT_TRUE(place.arrived().empty());
}

TEST_F(LocalPresigner, TakesOneFileTwiceAtOnceAndNoMore) {
  const auto presigned = form();
  const std::string body = form_body(fields_of(presigned), sung);
  const std::string begun =
      request("POST", presigned.url,
              {{"Content-Type", std::string(form_type)}, {"Content-Length", std::to_string(body.size())}},
              body.substr(0, body.find(sung) + 4));
  {
    Connection hangs(presigned.url), also_hangs(presigned.url), third(presigned.url);
    hangs.send(begun);
    place.wait_for_half_written(1);
    also_hangs.send(begun);
    place.wait_for_half_written(2);
    third.send(begun);
    const Answer answer = third.answer();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.code(), "SlowDown");
    EXPECT_EQ(place.wait_for_half_written(2), 2U);
    const std::string multipart = ok(place.presigner().open_parts(key, declare(sung)));
    EXPECT_EQ(send_part(part(multipart, 1), sung).status, 200) << "another file of the same upload";
  }
  EXPECT_EQ(place.half_written(), 0U);
  EXPECT_EQ(send_form(presigned.url, fields_of(presigned), sung).status, 204);
}

TEST_F(LocalPresigner, TellsWhatArrivedOnceItIsThere) {
  const auto presigned = form();
  ASSERT_EQ(send_form(presigned.url, fields_of(presigned), sung).status, 204);
  EXPECT_EQ(place.arrived(), std::vector<std::string>{key});
}

TEST_F(LocalPresigner, LetsOnlyThePageReadItsAnswers) {
  const auto presigned = form();
  const auto preflight = [&](std::string_view origin) {
    return send("OPTIONS", presigned.url,
                {{"Origin", std::string(origin)}, {"Access-Control-Request-Method", "PUT"}}, "");
  };
  const Answer ours = preflight(page);
  EXPECT_EQ(ours.status, 204);
  EXPECT_EQ(ours.field("access-control-allow-origin"), page);
  EXPECT_EQ(ours.field("access-control-allow-methods"), "post, put");
  EXPECT_EQ(ours.field("access-control-allow-headers"), "content-type, x-amz-checksum-sha256");
  EXPECT_EQ(ours.field("vary"), "origin");
  const Answer other = preflight("http://elsewhere.example");
  EXPECT_EQ(other.status, 403);
  EXPECT_EQ(other.field("access-control-allow-origin"), "");
  const Answer refused =
      send("POST", presigned.url, {{"Origin", std::string(page)}, {"Content-Type", "x"}}, "x");
  EXPECT_EQ(refused.field("access-control-allow-origin"), page) << "a page can read why";
  EXPECT_EQ(refused.field("access-control-expose-headers"), "etag, x-amz-error-code");
  EXPECT_EQ(send("POST", presigned.url, {{"Content-Type", "x"}}, "x").field("access-control-allow-origin"),
            "");
}

TEST_F(LocalPresigner, PartsAndSignaturesSurviveARestart) {
  const std::string multipart = ok(place.presigner().open_parts(key, declare(sung)));
  ASSERT_EQ(send_part(part(multipart, 1), sung).status, 200);
  const auto before = form();
  place.start();
  const auto have = ok(place.presigner().parts(key, multipart));
  ASSERT_EQ(have.size(), 1U);
  EXPECT_EQ(have[0].sha256, hex_of(sung));
  EXPECT_EQ(send_form(place.base(), fields_of(before), sung).status, 204);
  EXPECT_EQ(ok(place.presigner().complete(key, multipart, have)).version,
            ok(place.objects().head(key)).version);
}

TEST_F(LocalPresigner, CompletesWhatWasKilledJustBeforeTheObjectShowed) {
  const std::string multipart = ok(place.presigner().open_parts(key, declare(sung)));
  ASSERT_EQ(send_part(part(multipart, 1), sung).status, 200);
  const auto have = ok(place.presigner().parts(key, multipart));
  std::ofstream(place.folder / "parts" / multipart / "done") << "version-of-what-never-showed";
  EXPECT_EQ(send_part(part(multipart, 1), sung).status, 404) << "it was complete";
  const auto facts = ok(place.presigner().complete(key, multipart, have));
  EXPECT_EQ(facts.version, ok(place.objects().head(key)).version);
  ok(place.objects().remove(key));
  EXPECT_EQ(place.presigner().complete(key, multipart, have).error().code, "no_such_multipart");
}

TEST_F(LocalPresigner, ManyWhoCompleteAtOnceMakeOneVersion) {
  const std::string multipart = ok(place.presigner().open_parts(key, declare(sung)));
  ASSERT_EQ(send_part(part(multipart, 1), sung).status, 200);
  const auto have = ok(place.presigner().parts(key, multipart));
  std::array<std::string, 8> versions;
  {
    std::vector<std::jthread> threads;
    for (std::string& version : versions)
      threads.emplace_back([&] {
        version = ok(ok(storage::open_local_presigner(place.folder))->complete(key, multipart, have)).version;
      });
  }
  for (const std::string& version : versions) EXPECT_EQ(version, ok(place.objects().head(key)).version);
}

TEST_F(LocalPresigner, ManyWhoStartAtOnceSignWithOneKey) {
  fs::remove(place.folder / "signing-key");
  std::array<std::string, 8> signatures;
  {
    std::vector<std::jthread> threads;
    for (std::string& signature : signatures)
      threads.emplace_back([&] {
        signature = ok(ok(storage::open_local_presigner(place.folder))
                           ->form("http://localhost", key, declare(sung), now, now + 15min))
                        .fields.at("x-amz-signature");
      });
  }
  for (const std::string& signature : signatures) EXPECT_EQ(signature, signatures[0]);
}

TEST_F(LocalPresigner, KeepsItsKeyToItself) {
  const fs::path file = place.folder / "signing-key";
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  std::ofstream(file) << "short";
  EXPECT_EQ(storage::open_local_presigner(place.folder).error().code, "bad_signing_key");
}

/// Runs in a child, on a disk of its own that holds 1 MiB. Gives 77 where the system does not let us make
/// one.
int on_a_full_disk() {
  const auto user = ::getuid();
  const auto group = ::getgid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return 77;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
  std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  const fs::path disk = fs::temp_directory_path() / "orak-full-disk";
  fs::create_directories(disk);
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=1m") != 0) return 77;
  const auto signs = ok(storage::open_local_presigner(disk));
  const auto objects = ok(storage::open_local_objects(disk));
  const auto handler = ok(storage::local_objects_endpoint(disk, {}));
  const std::string bytes(2U << 20, 'x'), key = "uploads/a";
  const Time now = system_now();
  const auto form = ok(signs->form("http://localhost", key, declare(bytes), now, now + 15min));
  const std::string body = form_body(fields_of(form), bytes);
  const auto exchange = handler({.method = net::Method::post,
                                 .path = "/",
                                 .query = {},
                                 .fields = {{"Content-Type", std::string(form_type)}},
                                 .address = {},
                                 .host = "localhost",
                                 .content_length = body.size()});
  for (std::size_t at = 0; at < body.size(); at += 65'536) {
    const auto answer = exchange->take(std::as_bytes(std::span(std::string_view(body).substr(at, 65'536))));
    if (answer)
      return answer->status == 507 && !objects->head(key) && fs::is_empty(disk / "incoming") ? 0 : 1;
  }
  return 2;
}

TEST(LocalObjectsEndpoint, SaysThatTheDiskIsFullAndLeavesNothing) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int result = 3;
    try {
      result = on_a_full_disk();
    } catch (const std::exception& fault) {
      std::cerr << fault.what() << '\n';
    }
    ::_exit(result);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) GTEST_SKIP() << "no disk of one's own here";
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace orakgarak::uploads
