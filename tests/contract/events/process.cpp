#include "process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace orakgarak::events {

Process::Process(const std::vector<std::string>& arguments) {
  std::array<int, 2> to{}, from{};
  if (::pipe2(to.data(), O_CLOEXEC) != 0 || ::pipe2(from.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  std::vector<char*> words;
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const int error = ::posix_spawnp(&pid_, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]);
  ::close(from[1]);
  in_ = to[1];
  out_ = from[0];
  if (error != 0) throw std::runtime_error("cannot start " + arguments[0]);
}

Process::~Process() {
  ::close(in_);
  ::close(out_);
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
}

std::string Process::read_line() {
  for (;;) {
    const std::size_t end = read_.find('\n');
    if (end != std::string::npos) {
      const std::string line = read_.substr(0, end);
      read_.erase(0, end + 1);
      return line;
    }
    pollfd readable{.fd = out_, .events = POLLIN, .revents = 0};
    std::array<char, 256> bytes{};
    const ssize_t size = ::poll(&readable, 1, 120'000) == 1 ? ::read(out_, bytes.data(), bytes.size()) : 0;
    if (size <= 0) throw std::runtime_error("the other program says nothing");
    read_.append(bytes.data(), static_cast<std::size_t>(size));
  }
}

void Process::write_line(const std::string& line) {
  const std::string whole = line + "\n";
  if (::write(in_, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size()))
    throw std::runtime_error("the other program does not listen");
}

void Process::kill() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void Process::pause() { ::kill(pid_, SIGSTOP); }
void Process::resume() { ::kill(pid_, SIGCONT); }

}  // namespace orakgarak::events
