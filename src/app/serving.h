#pragma once
// Everything that `serve` runs, put together: stores, objects and their endpoint, workers, relay, upkeep, the
// page's server. The one place where adapters are chosen.
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "app/settings.h"
#include "base/result.h"

namespace orakgarak::app {

class Serving {
 public:
  /// Everything runs when this returns. say: one line of what people should know (a catalogue that is
  /// missing, a store that does not answer); from any thread.
  /// Errors: those of net::Server::start, the stores and load_library; rejected "no_data_folder".
  static Result<std::unique_ptr<Serving>> start(const ServeCommand& command, const Settings& settings,
                                                std::function<void(const std::string&)> say);
  virtual ~Serving() = default;

  /// By which a browser here reaches the page: "http://localhost:8080".
  virtual std::string url() const = 0;
  virtual std::string objects_url() const = 0;
  /// Takes nothing new, and lets what runs come to its end until the deadline. Gives whether all did; what
  /// did not is taken up again by the next start.
  virtual bool stop(std::chrono::milliseconds deadline) = 0;
};

}  // namespace orakgarak::app
