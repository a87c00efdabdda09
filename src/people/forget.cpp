#include "people/forget.h"

namespace orakgarak::people {
namespace {

constexpr std::size_t uploads_in_one_step = 50;

}  // namespace

Result<void> forget(uploads::UploadStore& uploads, PeopleStore& people, const OwnerId& owner, Time now) {
  if (auto left = people.leave(owner); !left) return left;
  for (;;) {
    const auto erased = uploads.erase_owned(owner, uploads_in_one_step, now);
    if (!erased) return std::unexpected(erased.error());
    if (*erased < uploads_in_one_step) break;
  }
  return people.erase(owner);
}

Result<int> forget_unseen(uploads::UploadStore& uploads, PeopleStore& people, Time now,
                          const ForgetPolicy& policy) {
  if (const auto ended = people.end_expired(now); !ended) return std::unexpected(ended.error());
  const auto unseen = people.unseen_since(now - policy.keep_guests, policy.at_once);
  if (!unseen) return std::unexpected(unseen.error());
  int forgotten = 0;
  for (const OwnerId& owner : *unseen) {
    if (auto done = forget(uploads, people, owner, now); !done)
      return std::unexpected(std::move(done.error()));
    ++forgotten;
  }
  return forgotten;
}

}  // namespace orakgarak::people
