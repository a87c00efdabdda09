#pragma once
// From a file to what it says about a voice.
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "formats/report_json.h"
#include "voice/engine.h"

namespace orakgarak::app {

struct Take {
  formats::TakeFacts facts;
  std::uint64_t damaged_packets = 0;  ///< skipped
  voice::VoiceReport report;
};

/// A file that was played while the take was recorded.
struct BackingFile {
  std::string file;
  Seconds started;  ///< where in the take it is said to begin
};

/// Shows its progress on standard error where that is a terminal. Errors: those of media::decode, of the
/// backing too: somebody named it.
Result<Take> hear_take(const std::string& file, const voice::EngineOptions& options = {},
                       const std::optional<BackingFile>& backing = {});

}  // namespace orakgarak::app
