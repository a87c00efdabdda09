#include "pipeline.h"
#include "storage/sqlite/uploads.h"

namespace orakgarak::uploads {
namespace {

class SqliteRows final : public Rows {
 public:
  explicit SqliteRows(std::filesystem::path file) : file_(std::move(file)) {}
  std::unique_ptr<UploadStore> open() const override { return ok(storage::open_sqlite_uploads(file_)); }

 private:
  const std::filesystem::path file_;
};

}  // namespace

std::unique_ptr<Rows> make_rows(const std::filesystem::path& folder) {
  return std::make_unique<SqliteRows>(folder / "uploads.db");
}

}  // namespace orakgarak::uploads
