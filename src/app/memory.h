#pragma once
// The memory that work on uploads gets, shared by the processes of this machine that have one data folder.
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/settings.h"
#include "uploads/device.h"

namespace orakgarak::app {

/// Half of the memory that this process may use, or as much as was asked for. Where the data folder cannot be
/// written, `complain` is told, and the budget is this process's own. Errors: those of devices::open_device.
Result<std::unique_ptr<uploads::Device>> open_memory(const RunOptions& options, const Settings& settings,
                                                     const std::function<void(const Error&)>& complain);

/// The same of any other memory that is counted: `shared_by` names it.
Result<std::unique_ptr<uploads::Device>> open_memory_of(const std::string& shared_by, std::uint64_t budget,
                                                        const Settings& settings,
                                                        const std::function<void(const Error&)>& complain);

/// For what is said at the start: "Memory for work  1536 MiB of the 3072 MiB of machine HOST".
std::string memory_line(const RunOptions& options);

std::filesystem::path devices_folder(const Settings& settings);

}  // namespace orakgarak::app
