#pragma once
// The schema, brought up to what this program knows.
#include <span>

#include "storage/postgres/connection.h"

namespace orakgarak::storage::postgres {

struct Migration {
  const char* name;  ///< "001_uploads": its number is its place in the list
  const char* sql;
};

/// The migrations that this program carries.
std::span<const Migration> migrations();

/// Runs those of `known` that the database lacks, in one transaction, of all processes that start at once in
/// one. Errors: rejected "store_newer". Throws as Connection does.
Result<void> migrate(Connection&, std::span<const Migration> known);

}  // namespace orakgarak::storage::postgres
