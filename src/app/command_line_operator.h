#pragma once
// The part of the command line that is for whoever runs a server: uploads, dlq, reprocess, events, operators,
// partitions.
#include <expected>
#include <string>

#include "app/settings.h"

namespace CLI {
class App;
}

namespace orakgarak::app {

/// What CLI11 fills in before it becomes a Command.
struct OperatorWords {
  std::string id, state, kind, name, who, why;
  int limit = 50;
  bool json = false;
  ReprocessCommand reprocess;
  PartitionsCommand partitions;
};

void add_operator_commands(CLI::App& app, OperatorWords& words);
bool is_operator_command(const CLI::App& app);
/// The error is a sentence about the word that is wrong.
std::expected<Command, std::string> operator_command_of(const CLI::App& app, const OperatorWords& words);

}  // namespace orakgarak::app
