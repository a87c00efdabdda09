#pragma once
// What `serve` runs, put together: the page's server, the port that takes files where they are not in S3,
// event streams, and, unless told otherwise, the work.
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "app/journal.h"
#include "app/settings.h"
#include "base/result.h"

namespace orakgarak::app {

class Serving {
 public:
  /// Everything runs when this returns. journal must outlive it. pause: as in Opening.
  /// Errors: those of net::Server::start, open_adapters and load_library.
  static Result<std::unique_ptr<Serving>> start(const ServeCommand& command, const Settings& settings,
                                                Journal& journal,
                                                std::function<bool(std::chrono::milliseconds)> pause);
  virtual ~Serving() = default;

  /// By which a browser here reaches the page: "http://localhost:8080".
  virtual std::string url() const = 0;
  virtual std::string objects_url() const = 0;
  virtual std::string metrics_url() const = 0;  ///< empty: nowhere
  /// /readyz says no from now on; all else goes on.
  virtual void drain() = 0;
  /// Takes nothing new, and lets what runs come to its end until the deadline. Gives whether all did; what
  /// did not is taken up again by the next start.
  virtual bool stop(std::chrono::milliseconds deadline) = 0;
};

}  // namespace orakgarak::app
