#include "contract/postgres_place.h"
#include "pipeline.h"

namespace orakgarak::uploads {
namespace {

class PostgresRows final : public Rows {
 public:
  std::unique_ptr<UploadStore> open() const override { return storage::postgres_uploads(database_.open()); }

 private:
  PostgresDatabase database_;
};

}  // namespace

std::unique_ptr<Rows> make_rows(const std::filesystem::path&) { return std::make_unique<PostgresRows>(); }

}  // namespace orakgarak::uploads
