#include "http/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace orakgarak::http {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() {
    fs::create_directories(page / "assets");
    for (const auto& file :
         {page / "index.html", page / "assets/app.js", page / ".built", page / "assets/.map", beside})
      std::ofstream(file) << "text";
  }
  ~Files() override { fs::remove_all(top); }

  bool served(std::string_view name) const {
    const auto response = file_response(page, name, {}, false);
    if (!response) return false;
    if (const auto* file = std::get_if<net::FileBody>(&response->body)) ::close(file->fd);
    return true;
  }

  const fs::path top = fs::temp_directory_path() / ("files_test." + std::to_string(::getpid()));
  const fs::path page = top / "page", beside = top / "secret.txt";
};

TEST_F(Files, AreThoseOfTheFolder) {
  EXPECT_TRUE(served("index.html"));
  EXPECT_TRUE(served("assets/app.js"));
  EXPECT_FALSE(served("assets"));
  EXPECT_FALSE(served("absent.html"));
}

TEST_F(Files, ANameIsNeverAPathOfTheMachine) {
  EXPECT_FALSE(served(beside.string()));
  EXPECT_FALSE(served("/" + beside.string()));
  EXPECT_FALSE(served("../secret.txt"));
  EXPECT_FALSE(served("assets/../../secret.txt"));
}

TEST_F(Files, SegmentsAreNeitherEmptyNorHidden) {
  for (const auto* name : {"", "/", "/index.html", "assets//app.js", "index.html/", "./index.html", ".built",
                           "assets/.map", "assets\\app.js"})
    EXPECT_FALSE(served(name)) << name;
  using namespace std::string_view_literals;
  EXPECT_FALSE(served("index.html\0.js"sv));
}

TEST_F(Files, ALinkIsNoFile) {
  fs::create_symlink(beside, page / "link.txt");
  EXPECT_FALSE(served("link.txt"));
}

}  // namespace
}  // namespace orakgarak::http
