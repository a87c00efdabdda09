// A decoder child that misbehaves as its input says: "hang", "garbage", …
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>

#include "media/child_arguments.h"
#include "media/decoder/sandbox.h"
#include "media/wire.h"

namespace orakgarak::media {
namespace {

void say(const std::vector<std::byte>& bytes) {
  if (::write(STDOUT_FILENO, bytes.data(), bytes.size()) < 0) ::_exit(3);
}

void say_format() {
  say(encode_format({.rate = Hertz(48000),
                     .source_rate = Hertz(48000),
                     .channels = 1,
                     .container = "wav",
                     .codec = "fake",
                     .declared = {}}));
}

[[noreturn]] void spin() {
  for (std::atomic<unsigned> turns = 0;; ++turns) {
  }
}

/// Only the three standard descriptors, no environment, a process group of its own; the root folder's own
/// business is left to the sandbox.
bool starts_bare(char** environment) {
  for (int fd = 3; fd < 1024; ++fd)
    if (::fcntl(fd, F_GETFD) >= 0) return false;
  return environment[0] == nullptr && ::getpgrp() == ::getpid();
}

void misbehave(const std::string& how) {
  if (how == "hang") ::pause();
  if (how == "close and hang") {
    ::close(STDOUT_FILENO);
    ::pause();
  }
  if (how.starts_with("signal ")) ::kill(::getpid(), std::stoi(how.substr(7)));
  if (how == "exit") ::_exit(7);
  if (how == "abort") std::abort();
  if (how == "garbage") say(std::vector<std::byte>(4096, std::byte{0x5A}));
  if (how == "flood") {
    say_format();
    for (;;) say(encode_samples(std::vector<float>(max_block_samples)));
  }
  if (how == "stop halfway") {
    say_format();
    say(encode_samples(std::vector<float>(100)));
    ::_exit(0);
  }
}

void misbehave_locked_in(const std::string& how) {
  if (how == "burn") spin();
  if (how == "socket") ::socket(AF_INET, SOCK_STREAM, 0);
  if (how == "spin after format") {
    say_format();
    spin();
  }
}

}  // namespace
}  // namespace orakgarak::media

int main(int argc, char** argv, char** environment) {
  using namespace orakgarak::media;
  const auto arguments = parse_child_arguments(std::span<const char* const>(argv + 1, argv + argc));
  if (!arguments || !starts_bare(environment)) return 9;
  std::array<char, 64> text{};
  const ssize_t length = ::pread(STDIN_FILENO, text.data(), text.size(), 0);
  const std::string how(text.data(), static_cast<std::size_t>(length > 0 ? length : 0));
  misbehave(how);
  const SandboxLimits limits{arguments->limits.memory_bytes,
                             static_cast<unsigned>(arguments->limits.cpu.value)};
  if (!enter_sandbox(limits, arguments->parent)) return 8;
  misbehave_locked_in(how);
  ::_exit(6);
}
