#include "media/decoder/sandbox.h"

#include <grp.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <initializer_list>
#include <memory>

namespace orakgarak::media {
namespace {

constexpr uid_t nobody = 65534;

bool limit(int resource, rlim_t soft, rlim_t hard) {
  // A lower limit set from outside stays.
  rlimit current{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &current) != 0) return false;
  const rlimit wanted{std::min(soft, current.rlim_max), std::min(hard, current.rlim_max)};
  return ::setrlimit(static_cast<__rlimit_resource>(resource), &wanted) == 0;
}

bool set_limits(const SandboxLimits& limits) {
  // At the soft limit of time SIGXCPU says why it ended; one second later comes SIGKILL.
  return limit(RLIMIT_AS, limits.memory_bytes, limits.memory_bytes) &&
         limit(RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1) && limit(RLIMIT_FSIZE, 0, 0) &&
         limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_NPROC, 0, 0) && limit(RLIMIT_NOFILE, 0, 0) &&
         limit(RLIMIT_MEMLOCK, 0, 0);
}

bool drop_privileges() {
  if (::geteuid() == 0) {
    // In a user namespace without `nobody` this fails; the capabilities go all the same.
    [[maybe_unused]] const bool renamed = ::setgroups(0, nullptr) == 0 &&
                                          ::setresgid(nobody, nobody, nobody) == 0 &&
                                          ::setresuid(nobody, nobody, nobody) == 0;
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  return ::syscall(SYS_capset, &header, none.data()) == 0;
}

/// Set after the change of user, which clears it.
bool die_with(pid_t parent) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
  if (::getppid() == parent) return true;
  errno = ESRCH;  // the parent died before the line above
  return false;
}

bool allow(scmp_filter_ctx filter, std::initializer_list<int> calls) {
  for (const int call : calls)
    if (::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0) return false;
  return true;
}

bool deny_softly(scmp_filter_ctx filter, std::initializer_list<int> calls) {
  for (const int call : calls) {
    const int added = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), call, 0);
    if (added != 0 && added != -EDOM) return false;  // -EDOM: this architecture has no such call
  }
  return true;
}

bool add_rules(scmp_filter_ctx filter) {
  const auto descriptor = [](scmp_datum_t fd) { return scmp_arg_cmp{0, SCMP_CMP_EQ, fd, 0}; };
  const scmp_arg_cmp not_executable{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  const scmp_arg_cmp anonymous{3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS};
  return allow(filter,
               {SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
                SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
                SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(sysinfo),
                SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield)}) &&
         ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(pread64), 1, descriptor(0)) == 0 &&
         ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, descriptor(1)) == 0 &&
         ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, not_executable, anonymous) == 0 &&
         ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable) == 0 &&
         deny_softly(filter, {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access), SCMP_SYS(faccessat),
                              SCMP_SYS(faccessat2), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat),
                              SCMP_SYS(statx), SCMP_SYS(readlink), SCMP_SYS(readlinkat)});
}

int load_filter() {
  struct Release {
    void operator()(void* filter) const { ::seccomp_release(filter); }
  };
  const std::unique_ptr<void, Release> filter(::seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (!filter) return ENOMEM;
  if (!add_rules(filter.get())) return EINVAL;
  return -::seccomp_load(filter.get());
}

}  // namespace

std::expected<void, int> enter_sandbox(const SandboxLimits& limits, pid_t parent) {
  const auto failed = [] { return std::unexpected(errno != 0 ? errno : EPERM); };
  ::closefrom(3);
  if (::chdir("/") != 0) return failed();
  if (!drop_privileges() || !die_with(parent)) return failed();
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed();
  if (!set_limits(limits)) return failed();
  if (const int error = load_filter(); error != 0) return std::unexpected(error);
  return {};
}

}  // namespace orakgarak::media
