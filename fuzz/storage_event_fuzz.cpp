// Any bytes as what an object store says: what is told of our bucket is part of what is told of all.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "uploads/storage_event.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orakgarak::uploads;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto all = read_storage_event(text, {});
  const auto ours = read_storage_event(text, "takes");
  if (all.has_value() != ours.has_value()) std::abort();
  if (!all) return 0;
  const std::set<std::string> created(all->created.begin(), all->created.end());
  if (created.size() != all->created.size()) std::abort();
  if (created.size() > most_storage_event_records) std::abort();
  for (const auto& key : ours->created)
    if (!created.contains(key)) std::abort();
  const auto told = [](const StorageEvent& event) {
    return event.created.size() + static_cast<std::size_t>(event.ignored);
  };
  if (told(*all) != told(*ours)) std::abort();
  return 0;
}
