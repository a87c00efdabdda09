#include "app/pending_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace orakgarak::app {
namespace {

namespace fs = std::filesystem;

class PendingFileTest : public testing::Test {
 protected:
  PendingFileTest() {
    std::string name = (fs::temp_directory_path() / "pending.XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~PendingFileTest() override { fs::remove_all(folder); }

  static std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  fs::path folder;
};

TEST_F(PendingFileTest, LeavesNothingWithoutCommit) {
  {
    ASSERT_TRUE(PendingFile::open(folder / "a"));
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(PendingFileTest, TheOldContentStaysUntilTheNewIsWhole) {
  std::ofstream(folder / "a") << "old";
  auto file = PendingFile::open(folder / "a");
  ASSERT_TRUE(file);
  EXPECT_EQ(content(folder / "a"), "old");
  ASSERT_TRUE(file->commit("new"));
  EXPECT_EQ(content(folder / "a"), "new");
  EXPECT_EQ(files(), 1u);
}

TEST_F(PendingFileTest, ALinkKeepsPointing) {
  std::ofstream(folder / "a") << "old";
  fs::create_symlink("a", folder / "link");
  ASSERT_TRUE(PendingFile::open(folder / "link")->commit("new"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(content(folder / "a"), "new");
}

TEST_F(PendingFileTest, SaysBeforeTheWorkThatAPathCannotBeWritten) {
  EXPECT_EQ(PendingFile::open(folder / "no" / "a").error().code, "not_writable");
  EXPECT_NE(
      PendingFile::open(folder / "no" / "a").error().detail.find("no folder " + (folder / "no").string()),
      std::string::npos);
  EXPECT_EQ(PendingFile::open(folder).error().code, "not_writable");
}

TEST_F(PendingFileTest, ADeviceIsWrittenDirectly) {
  auto file = PendingFile::open("/dev/null");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->commit("x"));
}

TEST_F(PendingFileTest, AFullDiskIsAnError) {
  auto file = PendingFile::open("/dev/full");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->commit("x").error().code, "not_written");
}

}  // namespace
}  // namespace orakgarak::app
