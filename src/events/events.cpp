#include "events/events.h"

namespace orakgarak::events {

std::string jobs_topic(uploads::Priority priority, uploads::Stage stage) {
  return "orakgarak.jobs." + std::string(to_string(priority)) + "." + std::string(to_string(stage));
}

std::vector<std::string> jobs_topics(uploads::Stage stage) {
  return {jobs_topic(uploads::Priority::live, stage), jobs_topic(uploads::Priority::batch, stage)};
}

std::vector<std::string> all_jobs_topics() {
  std::vector<std::string> all;
  for (const uploads::Stage stage : uploads::every_stage)
    for (std::string& topic : jobs_topics(stage)) all.push_back(std::move(topic));
  return all;
}

std::vector<std::string> all_topics() {
  std::vector<std::string> all = all_jobs_topics();
  all.insert(all.end(), {std::string(state_changed), std::string(dead_jobs), std::string(storage_events)});
  return all;
}

}  // namespace orakgarak::events
