#pragma once
// Keys that an operator hands to another service and to this program by a file.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace orakgarak::app {

/// One key a line, of 16 to 512 printable characters without spaces; several while the old one is replaced.
/// Empty lines and those that begin with '#' say nothing. name: of the file, for errors. Errors: rejected
/// "bad_key_file" (which line; never what is in it), also where there is no key.
Result<std::vector<std::string>> parse_keys_of_file(std::string_view text, std::string_view name);

/// The keys of a file of 64 KiB at most. Errors: as above; rejected "bad_key_file" where it cannot be read.
Result<std::vector<std::string>> read_key_file(const std::string& path);

}  // namespace orakgarak::app
