#pragma once
// What an operator asks of the server's data on the command line.
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

#include "events/kafka/partition_load.h"
#include "uploads/upload.h"

namespace orakgarak::app {

struct UploadsListCommand {
  std::optional<uploads::State> state;
  std::optional<uploads::Kind> kind;
  int limit = 50;
  bool json = false;
};
struct UploadsShowCommand {
  uploads::UploadId id;
  bool json = false;
};
struct UploadsRedriveCommand {
  uploads::UploadId id;
  std::string who, why;
};
struct LettersListCommand {
  int limit = 50;
  bool json = false;
};
struct LettersShowCommand {
  uploads::JobId id;
  bool json = false;
};
struct DecisionsListCommand {
  int limit = 50;
  bool json = false;
};
struct LettersDecideCommand {
  enum class What { replay, discard } what;
  uploads::JobId id;
  std::string who, why;
};
struct EventsLagCommand {
  bool json = false;
};
struct DevicesCommand {
  bool json = false;
};
struct ReprocessCommand {
  std::size_t ahead = 1000;
  std::size_t limit = std::numeric_limits<std::size_t>::max();
  bool dry_run = false, wait = true, json = false;
};
struct PartitionsCommand {
  events::PartitionLoadOptions options;
  bool json = false;
};
struct OperatorsAddCommand {
  std::string name;
};
struct OperatorsListCommand {};
struct OperatorsRemoveCommand {
  std::string name;
};

}  // namespace orakgarak::app
