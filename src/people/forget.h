#pragma once
// Deleting all of a person: at that person's wish, or because it was not seen for long. Objects are listed
// for removal with the uploads; uploads/upkeep.h removes them.
#include "people/store.h"
#include "uploads/store.h"

namespace orakgarak::people {

/// Sessions first, so that nothing new comes; then the uploads, in steps that leave room for others to write;
/// then the guest. Killed in between, it goes on with the next call, or with forget_unseen(). Again is
/// harmless. Errors: retry, from either store; what was done until then stays done.
Result<void> forget(uploads::UploadStore& uploads, PeopleStore& people, const OwnerId& owner, Time now);

struct ForgetPolicy {
  Duration keep_guests = std::chrono::days(90);  ///< since they were seen last
  std::size_t at_once = 100;                     ///< guests
};

/// Guests who are leaving or were not seen for long, and sessions that have expired. How many guests were
/// forgotten; called again, it goes on. Errors: as forget.
Result<int> forget_unseen(uploads::UploadStore& uploads, PeopleStore& people, Time now,
                          const ForgetPolicy& policy = {});

}  // namespace orakgarak::people
