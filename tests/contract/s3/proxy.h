#pragma once
// A line to a server that can be cut: in the middle of what is sent, or altogether.
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace orakgarak::uploads {

class CuttableLine {
 public:
  /// to: "http://127.0.0.1:9000".
  explicit CuttableLine(const std::string& to);
  CuttableLine(const CuttableLine&) = delete;
  CuttableLine& operator=(const CuttableLine&) = delete;
  ~CuttableLine();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// From now on each of the next `times` connections is cut after so many bytes from the server.
  /// Connections that are open already are cut at once.
  void cut_answers(std::int64_t after_bytes, int times, std::function<void()> when_cut = {});
  /// The same, after so many bytes to the server.
  void cut_requests(std::int64_t after_bytes, int times);
  /// What the server answers gets no further.
  void swallow_answers() { swallows_ = true; }
  /// Nobody listens, and what was open is cut.
  void stop();
  /// Somebody listens again, on the same port.
  void start();
  int connections() const { return connections_; }

 private:
  struct Cut {
    std::int64_t answers = 0, requests = 0;  ///< bytes; 0: never
  };
  void accept();
  void carry(int client, Cut cut);
  Cut next_cut();
  void drop_open();

  std::uint16_t to_port_ = 0, port_ = 0;
  int listener_ = -1;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> swallows_ = false;
  std::mutex mutex_;
  Cut cut_;
  int cuts_left_ = 0;
  std::function<void()> when_cut_;
  std::vector<int> open_;
  std::vector<std::jthread> threads_;
  std::jthread accepting_;
};

}  // namespace orakgarak::uploads
