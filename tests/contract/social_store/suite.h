#pragma once
// What every SocialStore keeps, whatever holds its rows. An adapter gives a Place, and INSTANTIATEs the
// suite.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "people/social_store.h"
#include "people/store.h"
#include "uploads/store.h"

namespace orakgarak::people {

/// All that is in one database.
struct Stores {
  std::unique_ptr<SocialStore> social;
  std::unique_ptr<PeopleStore> people;
  std::unique_ptr<uploads::UploadStore> uploads;
};

/// An empty database of one test; it goes with the object.
class Place {
 public:
  virtual ~Place() = default;
  /// One more set of stores on it.
  virtual Stores open() = 0;
  /// The tables of which some row holds `text` anywhere, by name.
  virtual std::vector<std::string> tables_mentioning(const std::string& text) = 0;
};

struct Adapter {
  std::string name;
  std::function<std::unique_ptr<Place>()> make;
};
inline void PrintTo(const Adapter& adapter, std::ostream* out) { *out << adapter.name; }

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline const Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + hours{12}};
inline constexpr std::size_t all = 1000;

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}
template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "no error" : result.error().code;
}

class SocialStoreContract : public testing::TestWithParam<Adapter> {
 protected:
  SocialStoreContract() : place(GetParam().make()), opened(place->open()) {}
  SocialStore& store() { return *opened.social; }

  /// Somebody without a nickname.
  OwnerId guest();
  /// Somebody of this nickname.
  OwnerId person(const std::string& nickname, Shown = {});
  /// A moment after the one before: ids sort by it.
  Time later() { return noon + std::chrono::milliseconds(++ids_); }
  /// A new upload of this person, all the way to COMPLETED.
  uploads::UploadId completed(const OwnerId&, uploads::Kind = uploads::Kind::take);
  /// A draft of one new recording.
  Album draft(const OwnerId&, const std::string& title = "First songs");
  Album published(const OwnerId&, const std::string& title = "First songs", Time = noon);

  std::unique_ptr<Place> place;
  Stores opened;

 private:
  int ids_ = 0;
};

}  // namespace orakgarak::people
