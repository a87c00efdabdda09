#pragma once
// What every PeopleStore and AccountStore keeps, whatever holds its rows. An adapter gives a Place, and
// INSTANTIATEs the suite.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "people/account_store.h"
#include "people/store.h"

namespace orakgarak::people {

/// An empty database of one test; it goes with the object.
class Place {
 public:
  virtual ~Place() = default;
  /// One more store on it.
  virtual std::unique_ptr<PeopleStore> open() = 0;
  virtual std::unique_ptr<AccountStore> open_accounts() = 0;
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
inline constexpr std::size_t all = 1'000'000;

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}
template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "no error" : result.error().code;
}

struct Guest {
  OwnerId owner = OwnerId::make(noon);
  Token token = new_token();
  std::string hash = hash_of(token);
};

inline Guest begin(PeopleStore& store, Time now = noon) {
  Guest guest;
  ok(store.begin(guest.owner, guest.hash, 3, now, now + days{100}));
  return guest;
}

inline Feedback word_on(std::string song, Verdict verdict, Time at = noon) {
  return {.song = std::move(song), .key_shift = -2, .octave_shift = 1, .verdict = verdict, .at = at};
}

class PeopleStoreContract : public testing::TestWithParam<Adapter> {
 protected:
  PeopleStoreContract() : place(GetParam().make()), opened(place->open()), accounts(place->open_accounts()) {}
  PeopleStore& store() { return *opened; }

  static Account account_of(const OwnerId& owner, std::string email = "sora@example.org") {
    return {
        .owner = owner, .since = noon + hours{1}, .email = std::move(email), .password = "$argon2id$made"};
  }
  static Rotation rotation(const std::string& before, Time now = noon + hours{1}) {
    return {.before = before, .after = hash_of(new_token()), .now = now, .expires = now + days{100}};
  }
  /// A guest who has signed up, with the hash of its session.
  Guest signed_up(const std::string& email = "sora@example.org") {
    Guest guest = begin(store());
    const Rotation rotated = rotation(guest.hash);
    ok(accounts->sign_up(account_of(guest.owner, email), rotated));
    guest.hash = rotated.after;
    return guest;
  }

  std::unique_ptr<Place> place;
  std::unique_ptr<PeopleStore> opened;
  std::unique_ptr<AccountStore> accounts;
};

}  // namespace orakgarak::people
