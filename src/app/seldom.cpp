#include "app/seldom.h"

namespace orakgarak::app {

bool Seldom::now(std::string_view kind, Moment moment) {
  const std::lock_guard lock(mutex_);
  const auto [said, first] = said_.try_emplace(std::string(kind), moment);
  if (!first && moment - said->second < apart) return false;
  said->second = moment;
  return true;
}

}  // namespace orakgarak::app
