#pragma once
// Another program of a test: lines to it and from it, and its end.
#include <string>
#include <vector>

namespace orakgarak::events {

class Process {
 public:
  explicit Process(const std::vector<std::string>& arguments);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  ///< ends its input and waits for it

  /// Throws where it ended or said nothing for two minutes.
  std::string read_line();
  void write_line(const std::string& line);
  void kill();    ///< SIGKILL
  void pause();   ///< SIGSTOP
  void resume();  ///< SIGCONT

 private:
  int pid_ = -1, in_ = -1, out_ = -1;
  std::string read_;
};

}  // namespace orakgarak::events
