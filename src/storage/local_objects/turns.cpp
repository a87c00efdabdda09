#include "storage/local_objects/turns.h"

namespace orakgarak::storage {

Turns::Turn Turns::take(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    int& count = going_on_[name];
    if (count == most_at_once) return nullptr;
    ++count;
  }
  return {static_cast<const void*>(this),
          [all = shared_from_this(), name](const void*) { all->give_back(name); }};
}

void Turns::give_back(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = going_on_.find(name);
  if (--found->second == 0) going_on_.erase(found);
}

}  // namespace orakgarak::storage
