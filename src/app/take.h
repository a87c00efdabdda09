#pragma once
// From a file to what it says about a voice: decoded blocks go straight into the voice core, the samples are
// never held.
#include <cstdint>
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

/// Shows its progress on standard error where that is a terminal. Errors: those of media::decode.
Result<Take> hear_take(const std::string& file, const voice::EngineOptions& options = {});

}  // namespace orakgarak::app
