#pragma once
// The pipeline on real adapters: rows in either store, a folder of objects, and workers whose clock the test
// sets.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "rows.h"
#include "uploads/check.h"
#include "uploads/presign.h"
#include "uploads/upkeep.h"
#include "uploads/worker.h"

namespace orakgarak::uploads {

inline const Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{12}};

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class Pipeline : public testing::Test {
 protected:
  Pipeline();
  ~Pipeline() override;

  std::unique_ptr<UploadStore> open_store() const { return rows->open(); }
  std::unique_ptr<ObjectStore> open_objects() const;

  /// Declares bytes and, unless told otherwise, puts them.
  Upload announce(Kind kind, const std::string& bytes, const std::optional<Backing>& backing = {},
                  const std::string& traceparent = {});
  void put(const Upload& upload, const std::string& bytes);
  Upload now_in(const Upload& upload) { return ok(store->find(upload.id)); }
  std::string states_of(const Upload& upload);  ///< "PENDING UPLOADED …"

  /// A worker with the real check; the other effects write one derived object each, and `effects` counts
  /// them.
  Worker worker(UploadStore& on, ObjectStore& objects_on);
  /// A worker with the effects that ship.
  Worker real_worker(UploadStore& on, ObjectStore& objects_on);
  /// Runs jobs until none is due; how each ended.
  std::map<Ran, int> run_all();

  Time now = noon;
  std::filesystem::path folder;
  std::unique_ptr<Rows> rows;
  std::unique_ptr<UploadStore> store;
  std::unique_ptr<ObjectStore> objects;
  std::unique_ptr<Presigner> presigner;
  std::map<Stage, int> effects;
  std::function<Result<void>(Stage)> before_effect;  ///< a test's own fault; may be empty
  OwnerId owner = OwnerId::make(noon);
};

/// The smallest files that pass for what they are.
std::string a_recording(int salt = 0);
std::string a_picture();
std::string sha256_of(const std::string& bytes);

}  // namespace orakgarak::uploads
