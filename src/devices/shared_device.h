#pragma once
// A device whose budget the processes of one machine share, crash-safe: docs/decisions/011.
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "uploads/device.h"

namespace orakgarak::devices {

struct DeviceOptions {
  std::filesystem::path file;  ///< shared by those who share the device; empty: of this process alone
  std::string name;            ///< for people
  std::uint64_t budget = 0;    ///< bytes; of all who share it, the one said last counts
};

/// Safe from any thread. Errors: those of SharedTable::open.
Result<std::unique_ptr<uploads::Device>> open_device(const DeviceOptions& options);

/// What the device of this file is doing, for one who takes no part. Errors: those of SharedTable::open, and
/// not_found "no_device" where there is no such file.
Result<uploads::DeviceState> look_at_device(const std::filesystem::path& file);

/// Where the count of the memory named so (Memory::shared_by) stands in a folder, and all that stand there.
std::filesystem::path device_file(const std::filesystem::path& folder, const std::string& shared_by);
std::vector<std::filesystem::path> device_files(const std::filesystem::path& folder);

}  // namespace orakgarak::devices
