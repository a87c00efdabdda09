// The suite on SQLite.
#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "storage/sqlite/uploads.h"
#include "suite.h"

namespace orakgarak::uploads {
namespace {

/// In memory where the machine has such a folder: a test writes thousands of commits.
std::filesystem::path new_folder() {
  const bool memory = access("/dev/shm", W_OK) == 0;
  std::string name =
      (memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) / "orakXXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test");
  return name;
}

class SqlitePlace final : public Place {
 public:
  ~SqlitePlace() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<UploadStore> open() override { return ok(storage::open_sqlite_uploads(file_)); }

  std::vector<std::string> tables_mentioning(const std::string& text) override {
    SQLite::Database db(file_.string(), SQLite::OPEN_READONLY, 10'000);
    std::vector<std::string> found;
    SQLite::Statement columns(db,
                              "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
                              "WHERE t.type = 'table' ORDER BY t.name");
    while (columns.executeStep()) {
      const std::string table = columns.getColumn(0), column = columns.getColumn(1);
      SQLite::Statement rows(db, "SELECT 1 FROM " + table + " WHERE instr(" + column + ", ?)");
      rows.bind(1, text);
      if (rows.executeStep() && (found.empty() || found.back() != table)) found.push_back(table);
    }
    return found;
  }

 private:
  std::filesystem::path folder_ = new_folder();
  std::filesystem::path file_ = folder_ / "uploads.db";
};

const Adapter sqlite{"sqlite", [] { return std::make_unique<SqlitePlace>(); }};

INSTANTIATE_TEST_SUITE_P(, UploadStoreContract, testing::Values(sqlite),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace orakgarak::uploads
