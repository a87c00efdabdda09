// Deleting all of a person, on real stores.
#include "people/forget.h"

#include "pipeline.h"
#include "storage/sqlite/people.h"

namespace orakgarak::people {
namespace {

using std::chrono::days;
using uploads::noon;
using uploads::ok;

class Forgetting : public uploads::Pipeline {
 protected:
  /// With so many uploads and one word on a song.
  OwnerId a_guest(int count) {
    owner = OwnerId::make(now);
    ok(people->begin(owner, hash_of(new_token()), 1, now, now + days{400}));
    ok(people->say(owner, {.song = "0123456789abcdef", .at = now}));
    for (int i = 0; i < count; ++i) {
      const std::string bytes = uploads::a_recording(++salt);
      put(announce(uploads::Kind::take, bytes), bytes);
    }
    return owner;
  }
  std::size_t uploads_of(const OwnerId& who) {
    return ok(store->list({.owner = who, .state = {}, .kind = {}}, {}, 1000)).size();
  }

  std::unique_ptr<PeopleStore> people = ok(storage::open_sqlite_people(folder / "uploads.db"));
  int salt = 0;
};

TEST_F(Forgetting, LeavesNothingOfAPersonAndAllOfTheOthers) {
  const OwnerId gone = a_guest(120), kept = a_guest(2);
  ok(forget(*store, *people, gone, now));
  ok(forget(*store, *people, gone, now));
  EXPECT_EQ(uploads_of(gone), 0U);
  EXPECT_TRUE(ok(people->said(gone)).empty());
  EXPECT_TRUE(ok(store->owner_events(gone, 0, 1000)).empty());
  ok(uploads::remove_erased(*store, *objects, now));
  EXPECT_EQ(ok(objects->list("", "", 1000)).size(), 2U) << "at once, not at the next upkeep";
  EXPECT_EQ(uploads_of(kept), 2U);
  EXPECT_EQ(ok(people->said(kept)).size(), 1U);
}

TEST_F(Forgetting, GoesOnWhereItWasKilled) {
  // After each step of it the process may have died.
  for (int steps = 0; steps < 3; ++steps) {
    const OwnerId gone = a_guest(60);
    ok(people->leave(gone));
    for (int i = 0; i < steps; ++i) ok(store->erase_owned(gone, 50, now));
    EXPECT_EQ(ok(forget_unseen(*store, *people, now)), 1);
    EXPECT_EQ(uploads_of(gone), 0U);
    EXPECT_TRUE(ok(people->said(gone)).empty());
    EXPECT_EQ(ok(forget_unseen(*store, *people, now)), 0);
  }
}

TEST_F(Forgetting, GuestsUnseenFor90DaysGoAndNotAMomentEarlier) {
  const OwnerId guest = a_guest(1);
  EXPECT_EQ(ok(forget_unseen(*store, *people, now + days{90})), 0);
  EXPECT_EQ(uploads_of(guest), 1U);
  EXPECT_EQ(ok(forget_unseen(*store, *people, now + days{90} + Duration{1})), 1);
  EXPECT_EQ(uploads_of(guest), 0U);
}

TEST_F(Forgetting, ManyGoAPartAtATime) {
  for (int i = 0; i < 3; ++i) a_guest(0);
  const Time later = now + days{91};
  EXPECT_EQ(ok(forget_unseen(*store, *people, later, {.at_once = 2})), 2);
  EXPECT_EQ(ok(forget_unseen(*store, *people, later, {.at_once = 2})), 1);
}

}  // namespace
}  // namespace orakgarak::people
