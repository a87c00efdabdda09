#pragma once
// A SQLite file of one test, for the suites of all ports that it holds.
#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace orakgarak {

/// In memory where the machine has such a folder: a test writes thousands of commits.
class SqliteFile {
 public:
  SqliteFile() {
    const bool memory = access("/dev/shm", W_OK) == 0;
    std::string name =
        (memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) / "orakXXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test");
    folder_ = name;
  }
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;
  ~SqliteFile() { std::filesystem::remove_all(folder_); }

  std::filesystem::path path() const { return folder_ / "orakgarak.db"; }

  /// The tables of which some row holds `text` anywhere, by name.
  std::vector<std::string> tables_mentioning(const std::string& text) const {
    SQLite::Database db(path().string(), SQLite::OPEN_READONLY, 10'000);
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
  std::filesystem::path folder_;
};

}  // namespace orakgarak
