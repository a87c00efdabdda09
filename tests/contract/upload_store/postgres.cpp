// The suite on PostgreSQL.
#include "../postgres_place.h"
#include "suite.h"

namespace orakgarak::uploads {
namespace {

class PostgresPlace final : public Place {
 public:
  std::unique_ptr<UploadStore> open() override { return storage::postgres_uploads(database_.open()); }
  std::vector<std::string> tables_mentioning(const std::string& text) override {
    return database_.tables_mentioning(text);
  }

 private:
  PostgresDatabase database_{Apart::schema};
};

const Adapter postgres{"postgres", [] { return std::make_unique<PostgresPlace>(); }};

INSTANTIATE_TEST_SUITE_P(, UploadStoreContract, testing::Values(postgres),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace orakgarak::uploads
