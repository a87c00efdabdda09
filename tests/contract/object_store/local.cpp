// The suite on a folder, and what a folder does of its own.
#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "storage/local_objects/objects.h"
#include "suite.h"

namespace orakgarak::uploads {
namespace {

namespace fs = std::filesystem;

class Folder final : public ObjectPlace {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "orak-objects-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test");
    path = name;
  }
  ~Folder() override { fs::remove_all(path); }
  std::unique_ptr<ObjectStore> open() override {
    auto opened = storage::open_local_objects(path);
    if (!opened) throw std::runtime_error(opened.error().detail);
    return std::move(*opened);
  }
  fs::path path;
};

INSTANTIATE_TEST_SUITE_P(, ObjectStoreContract,
                         testing::Values(ObjectAdapter{"local", [] { return std::make_unique<Folder>(); }}),
                         [](const auto& info) { return info.param.name; });

TEST(LocalObjects, DoNotFollowALinkOutOfTheFolder) {
  Folder folder;
  const auto store = folder.open();
  ASSERT_TRUE(put_text(*store, "uploads/a", "x"));
  fs::create_symlink("/etc/passwd", folder.path / "objects/uploads/link");
  const auto head = store->head("uploads/link");
  EXPECT_FALSE(head && store->open("uploads/link", head->version));
}

TEST(LocalObjects, RemoveWhatWasLeftHalfWrittenADayAgo) {
  Folder folder;
  static_cast<void>(folder.open());
  const fs::path old = folder.path / "incoming/old", fresh = folder.path / "incoming/fresh";
  std::ofstream(old) << "half";
  std::ofstream(fresh) << "half";
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(25));
  static_cast<void>(folder.open());
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(fresh));
}

TEST(LocalObjects, AFolderThatCannotBeMadeIsSaid) {
  const auto opened = storage::open_local_objects("/dev/null/objects");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "not_writable");
}

}  // namespace
}  // namespace orakgarak::uploads
