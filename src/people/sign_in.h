#pragma once
// A browser becomes an account's: what it had as a guest goes along.
#include <optional>

#include "people/account_store.h"
#include "uploads/store.h"

namespace orakgarak::people {

/// here: whose session the browser has; nothing: it has none. A guest's uploads go first, then the rest with
/// the guest itself, each in one transaction. Killed in between, the takes are the account's already, and
/// signing in again does the rest. Errors: not_found "no_account"; conflict "owner_closed" (the account is
/// being deleted); retry, from either store.
Result<Session> sign_in(uploads::UploadStore& uploads, AccountStore& accounts,
                        const std::optional<OwnerId>& here, const OwnerId& account, const Rotation& rotation);

}  // namespace orakgarak::people
