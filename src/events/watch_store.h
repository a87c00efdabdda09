#pragma once
// A store with somebody who looks on: what is committed is heard of when it is committed, not when somebody
// looks next, and it is counted where it happens.
#include <functional>
#include <memory>

#include "uploads/store.h"

namespace orakgarak::events {

/// How a claimed job ended for the worker that held it. lost: another took it over, or its upload went.
enum class Ended : std::uint8_t { done, retried, buried, lost };

/// What is told, after each call, in its thread; must not block. Each may be empty.
struct StoreWatch {
  std::function<void()> changed = {};                      ///< the outbox may have been written into
  std::function<void(const uploads::Upload&)> moved = {};  ///< into its state, which may be its first
  std::function<void(const uploads::Job&)> claimed = {};
  std::function<void(const uploads::Job&, Ended)> ended = {};
};

/// The same store. `store` must outlive it.
std::unique_ptr<uploads::UploadStore> watch_store(uploads::UploadStore& store, StoreWatch watch);

}  // namespace orakgarak::events
