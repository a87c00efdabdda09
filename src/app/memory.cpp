#include "app/memory.h"

#include <fmt/format.h>

#include <cerrno>

#include "app/server_data.h"
#include "devices/memory_limit.h"
#include "devices/shared_device.h"

namespace orakgarak::app {
namespace {

std::uint64_t budget_of(const RunOptions& options, const devices::Memory& memory) {
  return options.memory_bytes > 0 ? options.memory_bytes : memory.bytes / 2;
}

Result<void> make_devices_folder(const Settings& settings) {
  if (auto made = make_data_folder(settings); !made) return made;
  std::error_code fault;
  std::filesystem::create_directory(devices_folder(settings), fault);
  if (fault)
    return rejected("not_writable", fmt::format("{} cannot be made ({})", devices_folder(settings).string(),
                                                fault.message()));
  return {};
}

}  // namespace

std::filesystem::path devices_folder(const Settings& settings) { return settings.data / "devices"; }

Result<std::unique_ptr<uploads::Device>> open_memory(const RunOptions& options, const Settings& settings,
                                                     const std::function<void(const Error&)>& complain) {
  const auto memory = devices::memory_of_this_process();
  return open_memory_of(memory.shared_by, budget_of(options, memory), settings, complain);
}

Result<std::unique_ptr<uploads::Device>> open_memory_of(const std::string& shared_by, std::uint64_t budget,
                                                        const Settings& settings,
                                                        const std::function<void(const Error&)>& complain) {
  devices::DeviceOptions device{.file = {}, .name = shared_by, .budget = budget};
  if (const auto made = make_devices_folder(settings); made)
    device.file = devices::device_file(devices_folder(settings), shared_by);
  else
    complain(
        {.kind = ErrorKind::rejected,
         .code = "memory_not_shared",
         .detail = made.error().detail + "; other processes here count their memory apart from this one's",
         .hops = {}});
  return devices::open_device(device);
}

std::string memory_line(const RunOptions& options) {
  const auto memory = devices::memory_of_this_process();
  return fmt::format("Memory for work  {} MiB of the {} MiB of {}\n", budget_of(options, memory) >> 20,
                     memory.bytes >> 20, memory.shared_by);
}

}  // namespace orakgarak::app
