#pragma once
// Uploads, their transitions and dead letters as docs/openapi.yaml has them.
#include "formats/report_number.h"
#include "uploads/upload.h"

namespace orakgarak::http {

using formats::Json;

/// For its owner; for an operator the file name, which is its owner's alone, is left out.
enum class Reader : std::uint8_t { owner, operators };
Json upload_json(const uploads::Upload& upload, Reader reader = Reader::owner);
Json history_json(const uploads::HistoryEntry& entry);
Json event_json(const uploads::OwnerEvent& event);
Json letter_json(const uploads::DeadLetter& letter);

}  // namespace orakgarak::http
