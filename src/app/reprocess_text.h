#pragma once
// What `reprocess` says, as text and as JSON (docs/schema/reprocess).
#include <chrono>
#include <string>

#include "uploads/reprocess.h"

namespace orakgarak::app {

/// Of a dry run.
std::string outdated_text(const uploads::Outdated& outdated, int core);
/// At the end of a run. measured, given_up: during it.
std::string reprocessed_text(const uploads::Reprocessing& run, std::size_t measured, std::size_t given_up);
std::string reprocess_json(const uploads::Reprocessing& run, std::size_t measured, int core);

/// "1,234 of 5,000, 12 a minute, about 5 h": as long as the others take as those so far.
std::string progress_note(std::size_t measured, std::size_t of, std::chrono::nanoseconds in);

}  // namespace orakgarak::app
