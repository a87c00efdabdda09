#include "media/decoder/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>

#include "media/child_process.h"
#include "media/testing/recordings.h"

namespace orakgarak::media {
namespace {

/// What came of it, from a process that had entered the sandbox.
std::string attempt(const std::string& what) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "input", testing::text_bytes("input"));
  const OwnedFd input(::open((folder / "input").c_str(), O_RDWR | O_CLOEXEC));
  auto probe = ChildProcess::start(ORAK_SANDBOX_PROBE, {what}, input.get());
  if (!probe) return "not started";
  std::array<std::byte, 16> output;
  Seconds patience(30);
  for (;;) {
    const auto got = probe->read(output, patience);
    if (!got) return "timed out";
    if (*got == 0) break;
  }
  const ChildExit exit = probe->finish();
  if (exit.signal == SIGSYS) return "killed: forbidden call";
  if (exit.signal == SIGXCPU) return "killed: processor time";
  if (exit.signal != 0) return "killed by signal " + std::to_string(exit.signal);
  return exit.status == 0 ? "worked" : exit.status == 1 ? "refused" : "no sandbox";
}

TEST(Sandbox, LeavesReadingTheInputWritingTheOutputAndSomeMemory) {
  EXPECT_EQ(attempt("read_input"), "worked");
  EXPECT_EQ(attempt("write_output"), "worked");
  EXPECT_EQ(attempt("allocate_16_mib"), "worked");
}

TEST(Sandbox, FindsNoOtherFile) { EXPECT_EQ(attempt("open_file"), "refused"); }

TEST(Sandbox, ForbidsTheNetwork) {
  EXPECT_EQ(attempt("socket"), "killed: forbidden call");
  EXPECT_EQ(attempt("unix_socket"), "killed: forbidden call");
}

TEST(Sandbox, ForbidsOtherProcessesAndPrograms) {
  EXPECT_EQ(attempt("fork"), "killed: forbidden call");
  EXPECT_EQ(attempt("execve"), "killed: forbidden call");
  EXPECT_EQ(attempt("kill_parent"), "killed: forbidden call");
}

TEST(Sandbox, ForbidsChangingTheInputAndNewCode) {
  EXPECT_EQ(attempt("write_input"), "killed: forbidden call");
  EXPECT_EQ(attempt("duplicate"), "killed: forbidden call");
  EXPECT_EQ(attempt("executable_memory"), "killed: forbidden call");
}

TEST(Sandbox, LeavesNoPrivilegeEvenToRoot) {
  const OwnedFd input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  auto probe = ChildProcess::start(ORAK_SANDBOX_PROBE, {"show_and_burn"}, input.get());
  ASSERT_TRUE(probe);
  std::array<std::byte, 1> inside;
  Seconds patience(30);
  ASSERT_EQ(probe->read(inside, patience), 1U);
  std::ifstream file("/proc/" + std::to_string(probe->pid()) + "/status");
  const std::string status((std::istreambuf_iterator<char>(file)), {});
  for (const char* line :
       {"CapEff:\t0000000000000000\n", "CapPrm:\t0000000000000000\n", "NoNewPrivs:\t1\n", "Seccomp:\t2\n"})
    EXPECT_NE(status.find(line), std::string::npos) << line << status;
  EXPECT_EQ(status.find("Uid:\t0\t"), std::string::npos) << status;
}

TEST(Sandbox, LimitsMemory) { EXPECT_EQ(attempt("allocate_1_gib"), "refused"); }

TEST(Sandbox, LimitsProcessorTime) { EXPECT_EQ(attempt("burn_cpu"), "killed: processor time"); }

}  // namespace
}  // namespace orakgarak::media
