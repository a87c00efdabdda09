#include "media/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace orakgarak::media {
namespace {

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class Attributes {
 public:
  Attributes() { ::posix_spawnattr_init(&attributes_); }
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  posix_spawnattr_t* get() { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

/// A copy above the three standard descriptors, so that placing the child's own cannot overwrite it.
OwnedFd above_standard(int fd) { return OwnedFd(::fcntl(fd, F_DUPFD_CLOEXEC, 3)); }

void signals_of_its_own(posix_spawnattr_t* attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  ::posix_spawnattr_setsigmask(attributes, &none);
  ::posix_spawnattr_setsigdefault(attributes, &all);
  ::posix_spawnattr_setpgroup(attributes, 0);
  ::posix_spawnattr_setflags(attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

/// Ended, but not reaped yet; or it does so within this time.
bool ends_within(pid_t pid, Seconds grace) {
  // By number: the header of glibc 2.36 declares pidfd_open for C alone.
  const OwnedFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd waited{process.get(), POLLIN, 0};
  return process && ::poll(&waited, 1, static_cast<int>(grace.value * 1000)) == 1;
}

}  // namespace

std::expected<ChildProcess, int> ChildProcess::start(const std::filesystem::path& program,
                                                     const std::vector<std::string>& arguments,
                                                     int input_fd) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::unexpected(errno);
  const OwnedFd low_write(ends[1]);
  OwnedFd read_end(ends[0]);
  const OwnedFd write_end = above_standard(low_write.get());
  const OwnedFd input = above_standard(input_fd);
  if (!write_end || !input) return std::unexpected(errno);

  FileActions actions;
  ::posix_spawn_file_actions_adddup2(actions.get(), input.get(), 0);
  ::posix_spawn_file_actions_adddup2(actions.get(), write_end.get(), 1);
  ::posix_spawn_file_actions_addopen(actions.get(), 2, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addclosefrom_np(actions.get(), 3);
  Attributes attributes;
  signals_of_its_own(attributes.get());

  std::string name = program.string();
  std::vector<std::string> copies = arguments;
  std::vector<char*> argv{name.data()};
  for (auto& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);
  char* environment[] = {nullptr};
  pid_t pid = -1;
  if (const int error =
          ::posix_spawn(&pid, name.c_str(), actions.get(), attributes.get(), argv.data(), environment))
    return std::unexpected(error);
  return ChildProcess(pid, std::move(read_end));
}

ChildProcess::ChildProcess(pid_t pid, OwnedFd output)
    : pid_(pid),
      output_(std::move(output)),
      status_(::open(("/proc/" + std::to_string(pid) + "/status").c_str(), O_RDONLY | O_CLOEXEC)) {}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      output_(std::move(other.output_)),
      status_(std::move(other.status_)) {}

ChildProcess::~ChildProcess() { finish(); }

std::expected<std::size_t, ChildProcess::ReadError> ChildProcess::read(std::span<std::byte> to,
                                                                       Seconds& patience) {
  for (;;) {
    const auto start = std::chrono::steady_clock::now();
    pollfd waited{output_.get(), POLLIN, 0};
    const auto most = std::clamp(patience.value * 1000, 0.0, 1e9);
    const int ready = ::poll(&waited, 1, static_cast<int>(most));
    patience =
        patience - Seconds(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    if (ready == 0) return std::unexpected(ReadError::timed_out);
    if (ready < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(ReadError::failed);
    }
    const ssize_t got = ::read(output_.get(), to.data(), to.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return std::unexpected(ReadError::failed);
  }
}

std::uint64_t ChildProcess::peak_bytes() const {
  std::array<char, 4096> text{};
  if (!status_ || ::pread(status_.get(), text.data(), text.size() - 1, 0) <= 0) return 0;
  const char* const line = std::strstr(text.data(), "VmHWM:");
  return line ? std::strtoull(line + 6, nullptr, 10) * 1024 : 0;  // kB
}

ChildExit ChildProcess::finish(Seconds grace) {
  if (pid_ < 0) return {};
  const bool runs = !ends_within(pid_, grace);
  // Harmless to a child that ends by itself just now: its status was settled before its pipe closed.
  if (runs) ::kill(pid_, SIGKILL);
  int status = 0;
  pid_t reaped;
  do reaped = ::waitpid(pid_, &status, 0);
  while (reaped < 0 && errno == EINTR);
  pid_ = -1;
  if (reaped < 0) return {};
  if (WIFSIGNALED(status)) return {.status = 0, .signal = WTERMSIG(status), .by_us = runs};
  return {.status = WEXITSTATUS(status), .signal = 0, .by_us = false};
}

}  // namespace orakgarak::media
