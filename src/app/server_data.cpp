#include "app/server_data.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace orakgarak::app {
namespace {

/// " (process 123)"; empty where the holder has not written it yet.
std::string holder_of(const uploads::OpenFile& lock) {
  std::array<char, 16> text{};
  const auto got = ::pread(lock.fd(), text.data(), text.size(), 0);
  const std::string_view digits(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  const bool is_number = !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? fmt::format(" (process {})", digits) : "";
}

}  // namespace

std::filesystem::path database_file(const Settings& settings) { return settings.data / "orakgarak.db"; }
std::filesystem::path objects_folder(const Settings& settings) { return settings.data / "objects"; }

Result<void> make_data_folder(const Settings& settings) {
  if (settings.data.empty())
    return rejected("no_data_folder", "there is no home to keep data in; name a folder with --data");
  std::error_code fault;
  if (std::filesystem::is_directory(settings.data, fault)) return {};
  std::filesystem::create_directories(std::filesystem::absolute(settings.data).parent_path(), fault);
  if (fault ||
      (::mkdir(settings.data.c_str(), 0700) != 0 && !std::filesystem::is_directory(settings.data, fault)))
    return rejected("no_data_folder", fmt::format("the folder {} cannot be made; name another with --data",
                                                  settings.data.string()));
  return {};
}

Result<uploads::OpenFile> lock_for_serving(const Settings& settings) {
  const auto file = settings.data / "serve.lock";
  uploads::OpenFile lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.fd() >= 0 && ::flock(lock.fd(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return fail(ErrorKind::conflict, "data_in_use",
                fmt::format("another server{} runs with {}; end it, or name another folder with --data",
                            holder_of(lock), settings.data.string()));
  const auto process = std::to_string(::getpid());
  if (lock.fd() < 0 || ::ftruncate(lock.fd(), 0) != 0 ||
      ::pwrite(lock.fd(), process.data(), process.size(), 0) < 0)
    return rejected("not_writable", fmt::format("{} cannot be written ({}); name another folder with --data",
                                                file.string(), std::strerror(errno)));
  return lock;
}

}  // namespace orakgarak::app
