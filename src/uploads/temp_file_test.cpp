#include "uploads/temp_file.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace orakgarak::uploads {
namespace {

namespace fs = std::filesystem;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// TMPDIR of this test alone.
class TempFolder {
 public:
  explicit TempFolder(const std::string& path) {
    if (const char* before = std::getenv("TMPDIR")) before_ = before;
    ::setenv("TMPDIR", path.c_str(), 1);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() { before_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before_.c_str(), 1); }

 private:
  std::string before_;
};

TEST(TempFile, IsReadFromItsStartAndHasNoName) {
  auto file = TempFile::make();
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write(bytes("forgotten, and longer")));
  ASSERT_TRUE(file->clear());
  ASSERT_TRUE(file->write(bytes("su")));
  ASSERT_TRUE(file->write(bytes("ng")));
  EXPECT_EQ(file->size(), 4U);
  const auto opened = std::move(*file).open();
  ASSERT_TRUE(opened);
  std::string text(16, '\0');
  EXPECT_EQ(::read(opened->fd(), text.data(), text.size()), 4);
  EXPECT_EQ(text.substr(0, 4), "sung");
  struct stat seen{};
  ASSERT_EQ(::fstat(opened->fd(), &seen), 0);
  EXPECT_EQ(seen.st_nlink, 0U);
}

TEST(TempFile, WhereThereIsNoFolderSaysSo) {
  const TempFolder none("/nonexistent/folder");
  const auto file = TempFile::make();
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, "objects_unavailable");
  EXPECT_EQ(file.error().kind, ErrorKind::retry);
}

/// Runs in a child, on a disk of its own that holds 1 MiB. Gives 77 where the system does not let us make
/// one.
int on_a_full_disk() {
  const auto user = ::getuid();
  const auto group = ::getgid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return 77;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
  std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  const fs::path disk = fs::temp_directory_path() / "orak-full-temp";
  fs::create_directories(disk);
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=1m") != 0) return 77;
  const TempFolder small(disk);
  auto file = TempFile::make();
  if (!file || !file->write(bytes(std::string(512U << 10, 'x')))) return 1;
  const auto written = file->write(bytes(std::string(1U << 20, 'x')));
  if (written || written.error().code != "disk_full" || written.error().kind != ErrorKind::retry) return 2;
  return file->clear() && file->write(bytes("room again")) ? 0 : 3;
}

TEST(TempFile, OnAFullDiskSaysSo) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(on_a_full_disk());
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) GTEST_SKIP() << "no disk of one's own here";
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace orakgarak::uploads
