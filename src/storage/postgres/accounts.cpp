#include "storage/postgres/people_statements.h"
#include "storage/postgres/pool.h"
#include "storage/postgres/postgres.h"

namespace orakgarak::storage::postgres {

using namespace people;

namespace {

#define ORAK_ACCOUNTS                                           \
  "SELECT owner, account, email, password FROM passwords JOIN " \
  "guests USING (owner) WHERE account IS NOT NULL AND seen > 0"
Account read_account(Row& row) { return {row.id<OwnerId>(), row.time(), row.written(), row.text()}; }

/// Is there such an account? Nobody changes what is said of it until this transaction ends.
bool hold_account(Connection& db, const OwnerId& owner) {
  return any_row(query(db,
                       "SELECT 1 FROM guests WHERE owner = $1 AND account IS NOT NULL AND seen > 0 "
                       "FOR NO KEY UPDATE",
                       owner));
}

/// Is it a guest, with no account? Nobody does anything in its name until this transaction ends.
bool hold_to_end(Connection& db, const OwnerId& owner) {
  return any_row(query(db, "SELECT 1 FROM guests WHERE owner = $1 AND account IS NULL FOR UPDATE", owner));
}

bool make_account(Connection& db, const Account& account) {
  return change(db, "UPDATE guests SET account = $2 WHERE owner = $1 AND account IS NULL", account.owner,
                account.since) == 1;
}

bool insert_password(Connection& db, const Account& account) {
  return change(db,
                "INSERT INTO passwords (owner, email, password) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                account.owner, Written{account.email}, account.password) == 1;
}

/// What the guest said is the account's, of two words on one song the later one; so are its albums, and its
/// page where the account has none.
void absorb(Connection& db, const OwnerId& guest, const OwnerId& account) {
  change(
      db,
      "INSERT INTO feedback AS f (owner, song, verdict, key_shift, octave_shift, at) "
      "SELECT $2, song, verdict, key_shift, octave_shift, at FROM feedback WHERE owner = $1 "
      "ON CONFLICT (owner, song) DO UPDATE SET verdict = excluded.verdict, key_shift = excluded.key_shift, "
      "octave_shift = excluded.octave_shift, at = excluded.at WHERE excluded.at > f.at",
      guest, account);
  change(db, "UPDATE albums SET owner = $2 WHERE owner = $1", guest, account);
  change(db,
         "UPDATE profiles SET owner = $2 WHERE owner = $1 "
         "AND NOT EXISTS (SELECT FROM profiles WHERE owner = $2)",
         guest, account);
  change(db, "DELETE FROM guests WHERE owner = $1", guest);  // and with it all that refers to it
}

/// The new session of `owner`. agreed: the one whose consent holds on.
Result<Session> rotate(Connection& db, const OwnerId& owner, const std::optional<Session>& agreed,
                       const Rotation& rotation) {
  change(db, "DELETE FROM sessions WHERE token_hash = $1", rotation.before);
  const Session made{owner,
                     rotation.now,
                     rotation.now,
                     rotation.expires,
                     agreed ? agreed->consent : 0,
                     agreed ? agreed->consented : Time{}};
  if (!insert_session(db, rotation.after, made))
    return fail(ErrorKind::conflict, "exists", "This token is there already.");
  return made;
}

std::unexpected<Error> no_account(std::source_location where = std::source_location::current()) {
  return fail(ErrorKind::not_found, "no_account", "There is no such account.", where);
}

class PostgresAccounts final : public AccountStore {
 public:
  explicit PostgresAccounts(std::shared_ptr<PostgresPool> pool) : pool_(std::move(pool)) {}

  Result<Session> sign_up(const Account& account, const Rotation& rotation) override {
    return pool_->write([&](Connection& db) -> Result<Session> {
      hold_guest(db, account.owner);
      const auto before = select_session(db, rotation.before, rotation.now);
      if (!before || before->owner != account.owner) return no_session();
      if (!make_account(db, account))
        return fail(ErrorKind::conflict, "has_account", "You have an account already.");
      if (!insert_password(db, account))
        return fail(ErrorKind::conflict, "email_taken", "There is an account with this address already.");
      return rotate(db, account.owner, before, rotation);
    });
  }

  Result<Account> account(const OwnerId& owner) override {
    return pool_->read([&](Connection& db) -> Result<Account> {
      auto found = first_row(query(db, ORAK_ACCOUNTS " AND owner = $1", owner), read_account);
      if (!found) return no_account();
      return *std::move(found);
    });
  }

  Result<Account> account_by(const std::string& email) override {
    return pool_->read([&](Connection& db) -> Result<Account> {
      auto found = first_row(query(db, ORAK_ACCOUNTS " AND email = $1", Written{email}), read_account);
      if (!found) return no_account();
      return *std::move(found);
    });
  }

  Result<Session> sign_in(const OwnerId& owner, const Rotation& rotation) override {
    return pool_->write([&](Connection& db) -> Result<Session> {
      if (!hold_account(db, owner)) return no_account();
      auto before = select_session(db, rotation.before, rotation.now);
      if (before && before->owner != owner) {
        if (hold_to_end(db, before->owner))
          absorb(db, before->owner, owner);
        else
          before.reset();  // another account's
      }
      return rotate(db, owner, before, rotation);
    });
  }

  Result<Session> change_password(const OwnerId& owner, const std::string& password,
                                  const Rotation& rotation) override {
    return pool_->write([&](Connection& db) -> Result<Session> {
      if (!hold_account(db, owner)) return no_account();
      const auto before = select_session(db, rotation.before, rotation.now);
      if (!before || before->owner != owner) return no_session();
      change(db, "UPDATE passwords SET password = $2 WHERE owner = $1", owner, password);
      change(db, "DELETE FROM sessions WHERE owner = $1", owner);
      return rotate(db, owner, before, rotation);
    });
  }

 private:
  std::shared_ptr<PostgresPool> pool_;
};

}  // namespace

}  // namespace orakgarak::storage::postgres

namespace orakgarak::storage {

std::unique_ptr<people::AccountStore> postgres_accounts(std::shared_ptr<PostgresPool> pool) {
  return std::make_unique<postgres::PostgresAccounts>(std::move(pool));
}

}  // namespace orakgarak::storage
