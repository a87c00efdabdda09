// An events URL, as an operator or a template may write it: refused or understood, and what is understood
// stays within its limits.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "events/kafka/kafka.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto options = orakgarak::events::parse_kafka_url({reinterpret_cast<const char*>(data), size});
  if (!options) {
    if (options.error().code != "bad_events_url" || options.error().detail.empty()) std::abort();
    return 0;
  }
  if (options->brokers.empty() || options->partitions < 1 || options->replication < 1 ||
      options->retention.count() < 1 || options->settings.contains("acks"))
    std::abort();
  return 0;
}
