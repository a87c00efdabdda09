// The suite on PostgreSQL.
#include "../postgres_place.h"
#include "suite.h"

namespace orakgarak::people {
namespace {

class PostgresPlace final : public Place {
 public:
  Stores open() override {
    const auto pool = database_.open();
    return {storage::postgres_social(pool), storage::postgres_people(pool), storage::postgres_uploads(pool)};
  }
  std::vector<std::string> tables_mentioning(const std::string& text) override {
    return database_.tables_mentioning(text);
  }

 private:
  PostgresDatabase database_{Apart::schema};
};

const Adapter postgres{"postgres", [] { return std::make_unique<PostgresPlace>(); }};

INSTANTIATE_TEST_SUITE_P(, SocialStoreContract, testing::Values(postgres),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace orakgarak::people
