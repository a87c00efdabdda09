#pragma once
// What a process asks before it says that it is ready.
#include <functional>

#include "base/result.h"
#include "uploads/store.h"

namespace orakgarak::app {

/// Asks the rows for one that is not there. store must outlive it.
std::function<Result<void>()> store_probe(uploads::UploadStore& store);

}  // namespace orakgarak::app
