// The suite on SQLite.
#include "../sqlite_place.h"
#include "storage/sqlite/accounts.h"
#include "storage/sqlite/people.h"
#include "suite.h"

namespace orakgarak::people {
namespace {

class SqlitePlace final : public Place {
 public:
  std::unique_ptr<PeopleStore> open() override {
    auto store = storage::open_sqlite_people(file_.path());
    if (!store) throw std::runtime_error(store.error().detail);
    return *std::move(store);
  }
  std::unique_ptr<AccountStore> open_accounts() override {
    auto store = storage::open_sqlite_accounts(file_.path());
    if (!store) throw std::runtime_error(store.error().detail);
    return *std::move(store);
  }
  std::vector<std::string> tables_mentioning(const std::string& text) override {
    return file_.tables_mentioning(text);
  }

 private:
  SqliteFile file_;
};

const Adapter sqlite{"sqlite", [] { return std::make_unique<SqlitePlace>(); }};

INSTANTIATE_TEST_SUITE_P(, PeopleStoreContract, testing::Values(sqlite),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace orakgarak::people
