#include "storage/sqlite/accounts.h"

#include "storage/sqlite/people_statements.h"

namespace orakgarak::storage {

using namespace people;

namespace {

#define ORAK_ACCOUNTS                                           \
  "SELECT owner, account, email, password FROM passwords JOIN " \
  "guests USING (owner) WHERE account IS NOT NULL AND seen > 0"
Account read_account(Row& row) { return {row.id<OwnerId>(), row.time(), row.text(), row.text()}; }

bool is_account(SQLite::Database& db, const OwnerId& owner) {
  return prepare(db, "SELECT 1 FROM guests WHERE owner = ? AND account IS NOT NULL AND seen > 0", owner)
      .executeStep();
}

bool is_guest(SQLite::Database& db, const OwnerId& owner) {
  return prepare(db, "SELECT 1 FROM guests WHERE owner = ? AND account IS NULL", owner).executeStep();
}

bool make_account(SQLite::Database& db, const Account& account) {
  return change(db, "UPDATE guests SET account = ? WHERE owner = ? AND account IS NULL", account.since,
                account.owner) == 1;
}

bool insert_password(SQLite::Database& db, const Account& account) {
  return change(db, "INSERT INTO passwords (owner, email, password) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                account.owner, account.email, account.password) == 1;
}

/// What the guest said is the account's, of two words on one song the later one; so are its albums, and its
/// page where the account has none.
void absorb(SQLite::Database& db, const OwnerId& guest, const OwnerId& account) {
  change(
      db,
      "INSERT INTO feedback (owner, song, verdict, key_shift, octave_shift, at) "
      "SELECT ?, song, verdict, key_shift, octave_shift, at FROM feedback WHERE owner = ? "
      "ON CONFLICT (owner, song) DO UPDATE SET verdict = excluded.verdict, key_shift = excluded.key_shift, "
      "octave_shift = excluded.octave_shift, at = excluded.at WHERE excluded.at > feedback.at",
      account, guest);
  change(db, "UPDATE albums SET owner = ? WHERE owner = ?", account, guest);
  change(db, "UPDATE OR IGNORE profiles SET owner = ? WHERE owner = ?", account, guest);
  change(db, "DELETE FROM guests WHERE owner = ?", guest);  // and with it all that refers to it
}

/// The new session of `owner`. agreed: the one whose consent holds on.
Result<Session> rotate(SQLite::Database& db, const OwnerId& owner, const std::optional<Session>& agreed,
                       const Rotation& rotation) {
  change(db, "DELETE FROM sessions WHERE token_hash = ?", rotation.before);
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

class SqliteAccounts final : public AccountStore {
 public:
  explicit SqliteAccounts(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  Result<Session> sign_up(const Account& account, const Rotation& rotation) override {
    return database_->write([&](SQLite::Database& db) -> Result<Session> {
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
    return database_->read([&](SQLite::Database& db) -> Result<Account> {
      auto found = first_row(prepare(db, ORAK_ACCOUNTS " AND owner = ?", owner), read_account);
      if (!found) return no_account();
      return *std::move(found);
    });
  }

  Result<Account> account_by(const std::string& email) override {
    return database_->read([&](SQLite::Database& db) -> Result<Account> {
      auto found = first_row(prepare(db, ORAK_ACCOUNTS " AND email = ?", email), read_account);
      if (!found) return no_account();
      return *std::move(found);
    });
  }

  Result<Session> sign_in(const OwnerId& owner, const Rotation& rotation) override {
    return database_->write([&](SQLite::Database& db) -> Result<Session> {
      if (!is_account(db, owner)) return no_account();
      auto before = select_session(db, rotation.before, rotation.now);
      if (before && before->owner != owner) {
        if (is_guest(db, before->owner))
          absorb(db, before->owner, owner);
        else
          before.reset();  // another account's
      }
      return rotate(db, owner, before, rotation);
    });
  }

  Result<Session> change_password(const OwnerId& owner, const std::string& password,
                                  const Rotation& rotation) override {
    return database_->write([&](SQLite::Database& db) -> Result<Session> {
      if (!is_account(db, owner)) return no_account();
      const auto before = select_session(db, rotation.before, rotation.now);
      if (!before || before->owner != owner) return no_session();
      change(db, "UPDATE passwords SET password = ? WHERE owner = ?", password, owner);
      change(db, "DELETE FROM sessions WHERE owner = ?", owner);
      return rotate(db, owner, before, rotation);
    });
  }

 private:
  std::unique_ptr<Database> database_;
};

}  // namespace

Result<std::unique_ptr<AccountStore>> open_sqlite_accounts(const std::filesystem::path& file) {
  auto database = Database::open(file);
  if (!database) return std::unexpected(std::move(database.error()));
  return std::make_unique<SqliteAccounts>(*std::move(database));
}

}  // namespace orakgarak::storage
