// Enters the sandbox and then tries what its only argument names. Exit status: 0 it worked, 1 it was refused
// with an error, 2 the sandbox could not be entered. Being killed is the third way to be refused.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "media/decoder/sandbox.h"

namespace {

constexpr std::size_t gibibyte = std::size_t{1} << 30;

bool execute() {
  char name[] = "/bin/true";
  char* arguments[] = {name, nullptr};
  char* environment[] = {nullptr};
  return ::execve(name, arguments, environment) == 0;
}

bool map(std::size_t bytes, int protection) {
  return ::mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

bool burn() {
  for (std::atomic<unsigned> turns = 0;; ++turns) {
  }
}

bool fork_one() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  return pid > 0;
}

const std::map<std::string, std::function<bool()>> attempts{
    {"read_input",
     [] {
       char byte;
       return ::pread(0, &byte, 1, 0) == 1;
     }},
    {"write_output", [] { return ::write(1, "x", 1) == 1; }},
    {"allocate_16_mib", [] { return map(gibibyte / 64, PROT_READ | PROT_WRITE); }},
    {"open_file", [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }},
    {"write_input", [] { return ::write(0, "x", 1) == 1; }},
    {"socket", [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }},
    {"unix_socket", [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }},
    {"fork", fork_one},
    {"execve", execute},
    {"executable_memory", [] { return map(4096, PROT_READ | PROT_WRITE | PROT_EXEC); }},
    {"kill_parent", [] { return ::kill(::getppid(), 0) == 0; }},
    {"duplicate", [] { return ::dup(0) >= 0; }},
    {"allocate_1_gib", [] { return map(gibibyte, PROT_READ | PROT_WRITE); }},
    {"burn_cpu", burn},
    {"show_and_burn", [] { return ::write(1, "x", 1) == 1 && burn(); }},
};

}  // namespace

int main(int argc, char** argv) {
  const std::string attempt = argc == 2 ? argv[1] : "";
  if (const auto entered = orakgarak::media::enter_sandbox({256ULL << 20, 1}, ::getppid()); !entered)
    ::_exit(2);
  const auto found = attempts.find(attempt);
  if (found == attempts.end()) ::_exit(2);
  ::_exit(found->second() ? 0 : 1);
}
