#include "media/input_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "media/testing/recordings.h"

namespace orakgarak::media {
namespace {

constexpr std::uint64_t most_bytes = 1000;

std::string code_for(const std::filesystem::path& file) {
  const auto opened = open_input(file, most_bytes);
  if (opened) return "opened";
  EXPECT_NE(opened.error().detail.find(file.string()), std::string::npos) << opened.error().detail;
  return opened.error().code;
}

TEST(InputFile, NamesWhatIsWrongWithThePath) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "empty", {});
  testing::write_file(folder / "file", testing::text_bytes("x"));
  EXPECT_EQ(code_for(folder / "missing"), "not_found");
  EXPECT_EQ(code_for(folder / "file" / "below"), "not_found");
  EXPECT_EQ(code_for(folder / "empty"), "empty_file");
  EXPECT_EQ(code_for(folder / ""), "is_directory");
  EXPECT_EQ(code_for("/dev/null"), "not_a_file");
  EXPECT_EQ(code_for(folder / "file"), "opened");
}

TEST(InputFile, SaysOfALinkThatItsFileIsMissing) {
  const testing::TemporaryFolder folder;
  ASSERT_EQ(::symlink("nowhere", (folder / "link").c_str()), 0);
  const auto opened = open_input(folder / "link", most_bytes);
  EXPECT_EQ(opened.error().code, "not_found");
  EXPECT_NE(opened.error().detail.find("a link"), std::string::npos) << opened.error().detail;
}

TEST(InputFile, SaysOfADashThatStandardInputIsNotHeard) {
  const auto opened = open_input("-", most_bytes);
  EXPECT_EQ(opened.error().code, "not_found");
  EXPECT_NE(opened.error().detail.find("standard input"), std::string::npos) << opened.error().detail;
}

TEST(InputFile, DoesNotWaitForTheWriterOfANamedPipe) {
  const testing::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_for(folder / "pipe"), "not_a_file");
}

TEST(InputFile, RefusesOneByteOverTheLimit) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "at", testing::Bytes(most_bytes));
  testing::write_file(folder / "over", testing::Bytes(most_bytes + 1));
  EXPECT_EQ(code_for(folder / "at"), "opened");
  EXPECT_EQ(code_for(folder / "over"), "file_too_large");
}

TEST(InputFile, SaysThatAFileMayNotBeRead) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "secret", testing::text_bytes("x"));
  ASSERT_EQ(::chmod((folder / "secret").c_str(), 0), 0);
  ASSERT_EQ(::chmod((folder / "").c_str(), 0755), 0);
  const pid_t pid = ::fork();  // a process of its own, which can stop being root for good
  if (pid == 0) {
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && ::setresuid(nobody, nobody, nobody) != 0) ::_exit(1);
    ::_exit(code_for(folder / "secret") == "no_permission" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST(InputFile, ChecksDescriptorsTheSameWay) {
  const OwnedFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto checked = check_input(null.get(), "standard input", most_bytes);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, "not_a_file");
  EXPECT_FALSE(check_input(-1, "nothing", most_bytes));
}

}  // namespace
}  // namespace orakgarak::media
