#pragma once
#include <span>
#include <string>

#include "app/exit_code.h"
#include "app/settings.h"

namespace orakgarak::app {

/// Hears the files, merges what they say and answers with songs.
ExitCode recommend(std::span<const std::string> files, const songs::MatchOptions&, AnswerForm,
                   const Settings&);

}  // namespace orakgarak::app
