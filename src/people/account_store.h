#pragma once
// The port to the rows of accounts. An account is a guest that can come back: the same OwnerId, so that
// nothing moves when a guest becomes one. Every function is one transaction. Each adapter passes
// tests/contract/people_store. Errors of every function, beside those named: retry "store_unavailable".
#include <string>

#include "base/result.h"
#include "people/people.h"

namespace orakgarak::people {

struct Account {
  OwnerId owner;
  Time since;
  std::string email;     ///< people/email.h; shown to its owner alone
  std::string password;  ///< what Passwords::hash gave; shown to nobody
};

/// One browser's session gives way to a new one: whatever a token stood for before, it is worth nothing once
/// somebody has shown who they are.
struct Rotation {
  std::string before;  ///< hash of the token that the browser had; empty, or of no session: it had none
  std::string after;
  Time now, expires;
};

class AccountStore {
 public:
  virtual ~AccountStore() = default;

  /// The guest whose session `before` is becomes an account. Errors: not_found "no_session"; conflict
  /// "has_account" (it is one), "email_taken" (another one has this address).
  virtual Result<Session> sign_up(const Account&, const Rotation&) = 0;
  /// Errors: not_found "no_account" (there is no such person, or it is a guest, or leaves).
  virtual Result<Account> account(const OwnerId&) = 0;
  virtual Result<Account> account_by(const std::string& email) = 0;
  /// A new session of this account. Where `before` is a guest's, what that guest said of songs becomes the
  /// account's, of two words on one song the later one, its albums too, and its page where the account has
  /// none; the guest ends with all its sessions. Its uploads are UploadStore's: hand them over first
  /// (people/sign_in.h). Another account of `before` keeps all but
  /// that session. What this browser agreed to as that guest or this account holds on; else nothing is agreed
  /// to. Errors: not_found "no_account".
  virtual Result<Session> sign_in(const OwnerId&, const Rotation&) = 0;
  /// Takes the place of the one before, and all sessions of the account end but the new one. Errors:
  /// not_found "no_session" (`before` is none of this account), "no_account".
  virtual Result<Session> change_password(const OwnerId&, const std::string& password, const Rotation&) = 0;
};

}  // namespace orakgarak::people
