#include "pipeline.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include "app/stages/stages.h"
#include "storage/local_objects/objects.h"
#include "storage/local_objects/presign.h"

namespace orakgarak::uploads {

std::string a_recording(int salt) { return "RIFF....WAVEfmt " + std::to_string(salt); }
std::string a_picture() { return "\x89PNG\r\n\x1a\n...."; }

std::string sha256_of(const std::string& bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

Pipeline::Pipeline() {
  std::string name = std::filesystem::temp_directory_path() / "orak-pipeline-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test");
  folder = name;
  rows = make_rows(folder);
  store = open_store();
  objects = open_objects();
  presigner = ok(storage::open_local_presigner(folder));
}
Pipeline::~Pipeline() { std::filesystem::remove_all(folder); }

std::unique_ptr<ObjectStore> Pipeline::open_objects() const {
  return ok(storage::open_local_objects(folder));
}

Upload Pipeline::announce(Kind kind, const std::string& bytes, const std::optional<Backing>& backing,
                          const std::string& traceparent) {
  const UploadId id = UploadId::make(now);
  return ok(store->insert({.id = id,
                           .owner = owner,
                           .kind = kind,
                           .declared = {medium_of(kind) == Medium::audio ? "audio/wav" : "image/png",
                                        bytes.size(), sha256_of(bytes), "mine", backing},
                           .object_key = object_key(id),
                           .now = now,
                           .expires = now + std::chrono::hours(24),
                           .traceparent = traceparent}));
}

void Pipeline::put(const Upload& upload, const std::string& bytes) {
  ok(objects->put(upload.object_key,
                  [&](const ByteSink& sink) { return sink(std::as_bytes(std::span(bytes))); }));
}

std::string Pipeline::states_of(const Upload& upload) {
  std::string text;
  for (const HistoryEntry& entry : ok(store->history(upload.id)))
    text.append(text.empty() ? "" : " ").append(to_string(entry.to));
  return text;
}

Worker Pipeline::worker(UploadStore& on, ObjectStore& objects_on) {
  return {.store = on,
          .effect = [this, &objects_on](Stage stage) -> StageEffect {
            return [this, &objects_on, stage](const Upload& upload, const StillOurs& ours,
                                              StageMemory&) -> Result<Effect> {
              if (before_effect)
                if (auto fault = before_effect(stage); !fault)
                  return std::unexpected(std::move(fault.error()));
              ++effects[stage];
              if (stage == Stage::check) return check_object(objects_on, upload, ours);
              const auto text = std::string(to_string(stage));
              auto put = objects_on.put(derived_prefix(upload.id) + text, [&](const ByteSink& sink) {
                return sink(std::as_bytes(std::span(text)));
              });
              if (!put) return std::unexpected(std::move(put.error()));
              Effect done;
              if (stage == Stage::analyze) done.report = Report{R"({"lowest":45})", 1};
              return done;
            };
          },
          .clock = [this] { return now; },
          .chance = [] { return 0.5; },
          .name = "worker-" + std::to_string(getpid())};
}

Worker Pipeline::real_worker(UploadStore& on, ObjectStore& objects_on) {
  Worker real = worker(on, objects_on);
  real.effect = app::stage_work(on, objects_on).effect;
  return real;
}

std::map<Ran, int> Pipeline::run_all() {
  std::map<Ran, int> ended;
  const Worker w = worker(*store, *objects);
  for (;;) {
    const Ran ran = ok(run_one(w, every_stage));
    if (ran == Ran::nothing) return ended;
    ++ended[ran];
  }
}

}  // namespace orakgarak::uploads
