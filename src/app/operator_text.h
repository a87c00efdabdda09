#pragma once
// Uploads, dead letters, decisions and lag as an operator reads them, as text and as JSON
// (docs/schema/uploads, upload, dead_letter, decision, events_lag). Ids and codes: never a file name, nor
// whose it is.
#include <span>
#include <string>
#include <vector>

#include "app/terminal.h"
#include "events/events.h"
#include "uploads/store.h"

namespace orakgarak::app {

/// All that is shown of one upload.
struct UploadStory {
  uploads::Upload upload;
  std::vector<uploads::HistoryEntry> history;
  std::vector<uploads::JobStatus> jobs;
};

std::string upload_list_text(std::span<const uploads::Upload> all, const Output& output);
/// now: for how long it has been in its state.
std::string upload_text(const UploadStory& story, Time now, const Output& output);
std::string letter_list_text(std::span<const uploads::DeadLetter> all, const Output& output);
std::string decision_list_text(std::span<const uploads::RecordedDecision> all, const Output& output);
std::string letter_text(const uploads::DeadLetter& letter, const Output& output);

std::string lag_text(const events::Lag& lag);

std::string upload_line_json(const uploads::Upload& upload);
std::string upload_json(const UploadStory& story, Time now);
std::string letter_json(const uploads::DeadLetter& letter);
std::string lag_json(const events::Lag& lag);
std::string decision_json(const uploads::RecordedDecision& recorded);

}  // namespace orakgarak::app
