#include "app/open_files.h"

#include <sys/resource.h>

#include <algorithm>

namespace orakgarak::app {
namespace {

constexpr rlim_t usual = 1024;
constexpr std::uint64_t of_work = 256;

}  // namespace

std::uint64_t allow_open_files() {
  rlimit files{usual, usual};
  (void)getrlimit(RLIMIT_NOFILE, &files);
  const rlimit all{files.rlim_max, files.rlim_max};
  return setrlimit(RLIMIT_NOFILE, &all) == 0 ? all.rlim_cur : files.rlim_cur;
}

std::size_t connections_of_each(std::uint64_t open_files) {
  return (open_files - std::min(of_work, open_files / 2)) / 2;
}

}  // namespace orakgarak::app
