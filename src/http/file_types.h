#pragma once
// The declared types of files that are taken. What a file really is, is looked at when it has come.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uploads/state.h"

namespace orakgarak::http {

/// `content_type` without its parameters and in lower case ("audio/webm;codecs=opus" is "audio/webm"), where
/// files of this kind may have it.
std::optional<std::string> taken_type(uploads::Kind kind, std::string_view content_type);

/// All of them, for the sentence of a refusal.
std::vector<std::string_view> taken_types(uploads::Kind kind);

}  // namespace orakgarak::http
