// The suite on SQLite.
#include "../sqlite_place.h"
#include "storage/sqlite/people.h"
#include "storage/sqlite/social.h"
#include "storage/sqlite/uploads.h"
#include "suite.h"

namespace orakgarak::people {
namespace {

class SqlitePlace final : public Place {
 public:
  Stores open() override {
    return {ok(storage::open_sqlite_social(file_.path())), ok(storage::open_sqlite_people(file_.path())),
            ok(storage::open_sqlite_uploads(file_.path()))};
  }
  std::vector<std::string> tables_mentioning(const std::string& text) override {
    return file_.tables_mentioning(text);
  }

 private:
  SqliteFile file_;
};

const Adapter sqlite{"sqlite", [] { return std::make_unique<SqlitePlace>(); }};

INSTANTIATE_TEST_SUITE_P(, SocialStoreContract, testing::Values(sqlite),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace orakgarak::people
