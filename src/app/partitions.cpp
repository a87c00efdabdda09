// orakgarak partitions: the same messages over the same partitions, by either key.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/terminal.h"

namespace orakgarak::app {
namespace {

using events::PartitionLoads;

constexpr const char* table = "{:>12}  {:>10}  {:>12}  {:>12}\n";

std::string ratio_text(const PartitionLoads& loads) {
  return std::isinf(loads.ratio()) ? "one is empty" : fmt::format("{:.2f}", loads.ratio());
}

nlohmann::ordered_json loads_json(const PartitionLoads& loads) {
  using Json = nlohmann::ordered_json;
  return {{"most", loads.most()},
          {"least", loads.least()},
          {"ratio", std::isinf(loads.ratio()) ? Json() : Json(loads.ratio())}};
}

std::string_view name_of(events::UploadKeys keys) {
  return keys == events::UploadKeys::uuid7 ? "uuid7" : "sequential";
}

std::string text_of(const events::PartitionLoadOptions& options,
                    std::span<const events::PartitionLoadRow> rows) {
  std::string text = fmt::format(
      "Fullest partition / emptiest, by what the key is. {} users; user k uploads in proportion to\n"
      "1/k^{}. Upload ids: {}. Seed {}. Partitioner murmur2_random.\n\n",
      options.users, options.exponent, name_of(options.upload_keys), options.seed);
  text += fmt::format(table, "messages", "partitions", "by upload id", "by user id");
  for (const auto& row : rows)
    text +=
        fmt::format(table, row.messages, row.partitions, ratio_text(row.by_upload), ratio_text(row.by_user));
  return text + "\nThe ratio falls as messages grow: it means nothing without their number.\n";
}

std::string json_of(const events::PartitionLoadOptions& options,
                    std::span<const events::PartitionLoadRow> rows) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& row : rows)
    all.push_back({{"messages", row.messages},
                   {"partitions", row.partitions},
                   {"by_upload", loads_json(row.by_upload)},
                   {"by_user", loads_json(row.by_user)}});
  const nlohmann::ordered_json json{{"users", options.users},
                                    {"tail", options.exponent},
                                    {"upload_keys", name_of(options.upload_keys)},
                                    {"seed", options.seed},
                                    {"rows", std::move(all)}};
  return json.dump() + "\n";
}

}  // namespace

ExitCode run(const PartitionsCommand& command, const Settings&) {
  const auto rows = events::partition_loads(command.options);
  write_out(command.json ? json_of(command.options, rows) : text_of(command.options, rows));
  return ExitCode::answered;
}

}  // namespace orakgarak::app
