// The suite on PostgreSQL.
#include "../postgres_place.h"
#include "suite.h"

namespace orakgarak::people {
namespace {

class PostgresPlace final : public Place {
 public:
  std::unique_ptr<PeopleStore> open() override { return storage::postgres_people(database_.open()); }
  std::unique_ptr<AccountStore> open_accounts() override {
    return storage::postgres_accounts(database_.open());
  }
  std::vector<std::string> tables_mentioning(const std::string& text) override {
    return database_.tables_mentioning(text);
  }

 private:
  PostgresDatabase database_{Apart::schema};
};

const Adapter postgres{"postgres", [] { return std::make_unique<PostgresPlace>(); }};

INSTANTIATE_TEST_SUITE_P(, PeopleStoreContract, testing::Values(postgres),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace orakgarak::people
