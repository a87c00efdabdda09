#pragma once
// Runs the real program and keeps what it printed.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace orakgarak::commands {

struct Ended {
  int code = -1;   ///< exit code; −1 where a signal ended it
  int signal = 0;  ///< 0 where it exited
  std::string out, err;
};

struct Surroundings {
  std::map<std::string, std::string> environment{};  ///< beside HOME, PATH and LANG
  bool terminal = false;                             ///< both outputs are one terminal; all comes in `out`
  unsigned short columns = 80;                       ///< of the terminal
  bool close_output_early = false;                   ///< the reader of standard output goes at once
  std::function<bool()> interrupt_when{};  ///< asked while it runs; once true, the program gets SIGINT
  unsigned user = 0;                       ///< other than 0: run as this user, where the test may change it
};

/// A folder that is its own home, gone after the test.
class ProgramTest : public testing::Test {
 protected:
  ProgramTest();
  ~ProgramTest() override;

  Ended run(const std::vector<std::string>& arguments, const Surroundings& surroundings = {}) const;
  /// A path in the folder.
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, std::string_view bytes) const;
  static std::string read(const std::string& path);
  /// A take of the demo singer.
  std::string sung(const std::string& name = "sung.wav", const std::string& voice = "tenor") const;

  std::filesystem::path folder_;
};

}  // namespace orakgarak::commands
