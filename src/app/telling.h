#pragma once
// What a process opened, and the way from what is written to whoever waits for it, here or in another
// process: the outbox's relay, and what is heard of others.
#include <functional>
#include <memory>

#include "app/adapters.h"
#include "app/journal.h"
#include "app/meters.h"
#include "events/relay.h"

namespace orakgarak::app {

/// Who waits in this process; an empty function where nobody does. From any thread; must not block.
struct Waiting {
  std::function<void(const uploads::OwnerId&)> moved;  ///< this person's uploads have moved
  std::function<void()> any_moved;                     ///< anybody's may have
  std::function<void()> jobs;                          ///< there may be work to do
};

class Telling {
 public:
  /// The relay runs from now on, under the one lease. journal and meters must outlive it.
  Telling(Adapters adapters, Journal& journal, Meters& meters);

  Adapters& adapters() { return adapters_; }
  /// The rows; what is written through this is told at once.
  uploads::UploadStore& uploads() { return *told_; }

  /// The rows, the objects and the events are asked whether they answer, until meters.stop_looking().
  void be_asked(Meters& meters);
  /// Errors: those of Events::subscribe.
  Result<void> listen(const Settings& settings, const Waiting& waiting);
  /// Nobody in this process is told any more when it returns.
  void stop_listening();

 private:
  static Adapters counted(Adapters adapters, Meters& meters);
  static events::StoreWatch watch(Telling& self, Journal& journal, Meters& meters);
  Result<void> subscribe(std::span<const std::string> topics, events::EventHandler handler);

  Adapters adapters_;
  std::unique_ptr<events::Relay> relay_;
  std::unique_ptr<uploads::UploadStore> told_;
  std::vector<std::unique_ptr<events::Subscription>> subscriptions_;
  std::unique_ptr<storage::PostgresWatching> watching_;
};

}  // namespace orakgarak::app
