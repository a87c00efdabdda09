#pragma once
// What --store, --objects and --events say, before anything is opened: whether it can be, and how it is
// shown. These URLs may hold a password: no message repeats one.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/settings.h"

namespace orakgarak::app {

/// Why the value is none of that option, as a sentence without the value; empty where it is one.
std::string check_store(const std::string& url);
std::string check_objects(const std::string& url);
std::string check_events(const std::string& url);

/// Why these settings and this command do not go together, as a sentence that names the option; nothing where
/// they do, and for commands that touch no server's data.
std::optional<std::string> adapters_fault(const Settings&, const Command&);

/// A message about these words, with every such URL among them cut to its scheme: "postgres://…".
std::string without_urls(std::string message, std::span<const std::string> words);

/// "PostgreSQL at db.example:5432/orakgarak": without user, password and parameters. Just "PostgreSQL" where
/// the URL is not plain enough to tell them apart.
std::string shown_store(std::string_view url);

}  // namespace orakgarak::app
