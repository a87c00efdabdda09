#include "people/sign_in.h"

namespace orakgarak::people {
namespace {

Result<bool> is_guest(AccountStore& accounts, const OwnerId& person) {
  const auto account = accounts.account(person);
  if (!account && account.error().kind != ErrorKind::not_found) return std::unexpected(account.error());
  return !account;
}

}  // namespace

Result<Session> sign_in(uploads::UploadStore& uploads, AccountStore& accounts,
                        const std::optional<OwnerId>& here, const OwnerId& account,
                        const Rotation& rotation) {
  if (here && *here != account) {
    const auto guest = is_guest(accounts, *here);
    if (!guest) return std::unexpected(guest.error());
    if (*guest)
      if (auto given = uploads.hand_over(*here, account, rotation.now); !given)
        return std::unexpected(std::move(given.error()));
  }
  return accounts.sign_in(account, rotation);
}

}  // namespace orakgarak::people
