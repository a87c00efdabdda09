#pragma once
// Files of one folder, as a browser asks for them: types, entity tags, and what was compressed beforehand.
#include <filesystem>
#include <optional>
#include <string_view>

#include "net/http.h"

namespace orakgarak::http {

/// The file `name` ("assets/index-3f2a.js") under `folder`, or FILE.br or FILE.gz beside it where the client
/// takes that; 304 where If-None-Match has it already. Nothing where there is no such regular file, it is a
/// link, or a segment of the name is empty or begins with a dot.
/// immutable: its name changes with its content, so it is never asked for again.
std::optional<net::Response> file_response(const std::filesystem::path& folder, std::string_view name,
                                           const net::RequestHead& head, bool immutable);

/// "text/javascript; charset=utf-8" by the ending of a name; "application/octet-stream" for others.
std::string_view type_of_file(std::string_view name);

/// Does If-None-Match name this entity tag (weakly compared), or any?
bool has_already(const net::RequestHead& head, std::string_view tag);

}  // namespace orakgarak::http
