#include "commands/program.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace orakgarak::commands {
namespace {

struct Pipe {
  int read_end = -1, write_end = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  return {ends[0], ends[1]};
}

Pipe make_terminal(unsigned short columns) {
  Pipe ends;
  winsize size{24, columns, 0, 0};
  if (openpty(&ends.read_end, &ends.write_end, nullptr, nullptr, &size) != 0) std::abort();
  return ends;
}

[[noreturn]] void become_program(const std::vector<std::string>& arguments, const Surroundings& surroundings,
                                 const std::string& home, int out, int err) {
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  auto set = surroundings.environment;
  set.insert({{"HOME", home}, {"PATH", "/usr/bin:/bin"}, {"LANG", "C.UTF-8"}});
  std::vector<std::string> environment;
  for (const auto& [name, value] : set) environment.push_back(name + "=" + value);
  std::vector<char*> words, settings;
  std::string program = ORAK_PROGRAM;
  words.push_back(program.data());
  for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  for (auto& setting : environment) settings.push_back(setting.data());
  settings.push_back(nullptr);
  if (surroundings.user != 0 && setuid(surroundings.user) != 0) _exit(126);
  execve(program.c_str(), words.data(), settings.data());
  _exit(127);
}

/// Reads both until both are closed; a terminal whose program has gone answers EIO.
void collect(int out, int err, pid_t program, std::function<bool()> interrupt_when, Ended& ended) {
  std::array<pollfd, 2> ends{{{out, POLLIN, 0}, {err, POLLIN, 0}}};
  std::array<std::string*, 2> texts{&ended.out, &ended.err};
  std::array<char, 65536> block;
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    const int seen = poll(ends.data(), ends.size(), interrupt_when ? 10 : 120'000);
    if (interrupt_when && interrupt_when()) {
      kill(program, SIGINT);
      interrupt_when = nullptr;
      continue;
    }
    if (seen == 0 && interrupt_when) continue;
    if (seen <= 0) return;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].fd < 0 || ends[i].revents == 0) continue;
      const auto got = ::read(ends[i].fd, block.data(), block.size());
      if (got > 0)
        texts[i]->append(block.data(), static_cast<std::size_t>(got));
      else
        ends[i].fd = -1;
    }
  }
}

}  // namespace

ProgramTest::ProgramTest() {
  auto name = (std::filesystem::temp_directory_path() / "orakgarak-test.XXXXXX").string();
  folder_ = mkdtemp(name.data());
}

ProgramTest::~ProgramTest() { std::filesystem::remove_all(folder_); }

Ended ProgramTest::run(const std::vector<std::string>& arguments, const Surroundings& surroundings) const {
  const Pipe out = surroundings.terminal ? make_terminal(surroundings.columns) : make_pipe();
  const Pipe err = surroundings.terminal ? Pipe{} : make_pipe();
  const int err_write = surroundings.terminal ? out.write_end : err.write_end;
  if (surroundings.close_output_early) close(out.read_end);
  const pid_t child = fork();
  if (child == 0) become_program(arguments, surroundings, folder_.string(), out.write_end, err_write);
  close(out.write_end);
  if (err.write_end >= 0) close(err.write_end);
  Ended ended;
  collect(surroundings.close_output_early ? -1 : out.read_end, err.read_end, child,
          surroundings.interrupt_when, ended);
  int status = 0;
  waitpid(child, &status, 0);
  if (!surroundings.close_output_early) close(out.read_end);
  if (err.read_end >= 0) close(err.read_end);
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  return ended;
}

std::string ProgramTest::write(const std::string& name, std::string_view bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
  return path(name);
}

std::string ProgramTest::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string ProgramTest::sung(const std::string& name, const std::string& voice) const {
  const auto ended = run({"sample", path(name), "--voice", voice});
  EXPECT_EQ(ended.code, 0) << ended.err;
  return path(name);
}

}  // namespace orakgarak::commands
