#pragma once
// What every UploadStore keeps, whatever holds its rows. An adapter gives a Place, and INSTANTIATEs the
// suite.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "uploads/store.h"

namespace orakgarak::uploads {

/// An empty database of one test; it goes with the object.
class Place {
 public:
  virtual ~Place() = default;
  /// One more store on it.
  virtual std::unique_ptr<UploadStore> open() = 0;
  /// The tables of which some row holds `text` anywhere, by name.
  virtual std::vector<std::string> tables_mentioning(const std::string& text) = 0;
};

struct Adapter {
  std::string name;
  std::function<std::unique_ptr<Place>()> make;
};
inline void PrintTo(const Adapter& adapter, std::ostream* out) { *out << adapter.name; }

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline const Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + hours{12}};
inline constexpr std::size_t all = 1'000'000;

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// The error's code, or "no error".
template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "no error" : result.error().code;
}
template <class T>
bool is_conflict(const Result<T>& result) {
  return !result && result.error().kind == ErrorKind::conflict;
}

/// A new take (or image) as its owner declares it.
NewUpload declared(const OwnerId& owner, Kind kind = Kind::take, Time now = noon);
NewJob a_job(Stage stage, Priority priority = Priority::live, Time run_after = noon);
Failure because(Stage stage, std::string code = "not_audio");
/// The move of `upload` to `to`, with all that must go with it.
Move step(const Upload& upload, State to);
/// Inserts an upload and moves it there.
Upload bring_to(UploadStore&, State, Kind = Kind::take, const OwnerId& = OwnerId::make(noon));

/// Runs `body(store, i)` for i in 0..count-1 at once: half of the threads share `shared`, the others have a
/// store each.
void in_threads(Place&, UploadStore& shared, int count, const std::function<void(UploadStore&, int)>& body);

class UploadStoreContract : public testing::TestWithParam<Adapter> {
 protected:
  UploadStoreContract() : place(GetParam().make()), opened(place->open()) {}
  UploadStore& store() { return *opened; }

  Upload new_upload(Kind kind = Kind::take) { return bring_to(store(), State::pending, kind, owner); }
  Upload in_state(State state, Kind kind = Kind::take) { return bring_to(store(), state, kind, owner); }
  /// Queues a job and takes it.
  Claim running(const Upload&, Stage, Time now = noon);
  std::optional<Claim> claim(Stage stage, Time now = noon, const std::string& worker = "worker");
  /// What is to be published at `now`, as "type subject", by id.
  std::vector<std::string> due(Time now = noon);
  void publish_all(Time now = noon);
  /// Keys that are to be removed now, in order.
  std::vector<std::string> to_remove();
  /// All that can be seen of the upload, to compare.
  std::string seen(const UploadId&);

  std::unique_ptr<Place> place;
  std::unique_ptr<UploadStore> opened;
  OwnerId owner = OwnerId::make(noon);
};

}  // namespace orakgarak::uploads
