#pragma once
// The rows of one test. Which adapter keeps them is decided by what is linked: rows_sqlite.cpp or
// rows_postgres.cpp.
#include <filesystem>
#include <memory>

#include "uploads/store.h"

namespace orakgarak::uploads {

class Rows {
 public:
  virtual ~Rows() = default;  ///< they go with it
  /// As a process opens them; may be called several times, in several processes.
  virtual std::unique_ptr<UploadStore> open() const = 0;
};

/// Empty ones. folder: of the test, for an adapter that keeps files.
std::unique_ptr<Rows> make_rows(const std::filesystem::path& folder);

}  // namespace orakgarak::uploads
