// pread() that throws where a nameless file is read, as long as $THROWS_FILE is there, with its text: a fault
// deep in the work on a take. Loaded before a program's libraries.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

// Not for programs that this one starts: they may not open files.
__attribute__((constructor)) void for_this_program_alone() { unsetenv("LD_PRELOAD"); }

bool is_nameless(int fd) {
  char link[64], target[256];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, target, sizeof target);
  return length > 0 && std::string(target, static_cast<std::size_t>(length)).ends_with("(deleted)");
}

[[gnu::noinline]] void a_fault_in_the_depths(int depth, const std::string& text) {
  if (depth == 0) throw std::domain_error(text);
  a_fault_in_the_depths(depth - 1, text);
  asm volatile("");
}

}  // namespace

extern "C" ssize_t pread(int fd, void* to, std::size_t size, off_t offset) {
  if (const char* name = std::getenv("THROWS_FILE"); name && is_nameless(fd)) {
    if (std::ifstream file(name); file) {
      std::ostringstream text;
      text << file.rdbuf();
      a_fault_in_the_depths(5, text.str());
    }
  }
  return syscall(SYS_pread64, fd, to, size, offset);
}
extern "C" ssize_t pread64(int fd, void* to, std::size_t size, off_t offset) {
  return pread(fd, to, size, offset);
}
