// How a server that cannot start says so.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "commands/program.h"

namespace orakgarak::commands {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Serve : public ProgramTest {
 protected:
  /// Where it fails as it has to, it ends by itself.
  Ended serve(const std::string& listen = "127.0.0.1:0") const {
    return run({"--data", path("data"), "serve", "--listen", listen});
  }
};

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(fd_); }
  int fd() const { return fd_; }

 private:
  int fd_;
};

TEST_F(Serve, OneFolderHasOneServer) {
  std::filesystem::create_directories(folder_ / "data");
  write("data/serve.lock", "4711");
  const Descriptor held(open(path("data/serve.lock").c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(flock(held.fd(), LOCK_EX | LOCK_NB), 0);
  const auto ended = serve();
  EXPECT_EQ(ended.code, 5);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("another server (process 4711)"), HasSubstr(path("data")),
                               HasSubstr("--data")));
  EXPECT_FALSE(std::filesystem::exists(path("data/orakgarak.db"))) << "nothing of it was touched";
}

TEST_F(Serve, ABusyPortIsNamedWithWhoHoldsItAndWhatToDo) {
  const Descriptor held(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  ASSERT_EQ(bind(held.fd(), reinterpret_cast<sockaddr*>(&at), size), 0);
  ASSERT_EQ(listen(held.fd(), 1), 0);
  ASSERT_EQ(getsockname(held.fd(), reinterpret_cast<sockaddr*>(&at), &size), 0);
  const auto port = std::to_string(ntohs(at.sin_port));
  const auto ended = run(
      {"--data", path("data"), "serve", "--listen", "127.0.0.1:" + port, "--objects-listen", "127.0.0.1:0"});
  EXPECT_EQ(ended.code, 5);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("port " + port + " is taken by "),
                               HasSubstr("process " + std::to_string(getpid())),
                               HasSubstr("--listen 127.0.0.1:8090"), Not(HasSubstr(".;"))));
}

TEST_F(Serve, AFolderThatMayNotBeWrittenIsNamed) {
  std::filesystem::create_directories(folder_ / "data");
  std::filesystem::permissions(folder_ / "data", std::filesystem::perms(0555));
  std::filesystem::permissions(folder_, std::filesystem::perms(0755));
  Surroundings other;
  if (getuid() == 0) other.user = 65534;  // root may write everything
  const auto ended = run({"--data", path("data"), "serve", "--listen", "127.0.0.1:0"}, other);
  if (ended.code == 127) GTEST_SKIP() << "another user may not start the program here";
  EXPECT_EQ(ended.code, 5);
  EXPECT_THAT(ended.err, AllOf(HasSubstr(path("data")), HasSubstr("Permission denied"), HasSubstr("--data")));
}

}  // namespace
}  // namespace orakgarak::commands
