#include "app/key_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace orakgarak::app {
namespace {

constexpr std::size_t least = 16, most = 512, most_bytes = std::size_t{64} << 10;

bool is_key(std::string_view line) {
  return least <= line.size() && line.size() <= most &&
         std::ranges::all_of(line, [](char c) { return '!' <= c && c <= '~'; });
}

}  // namespace

Result<std::vector<std::string>> parse_keys_of_file(std::string_view text, std::string_view name) {
  std::vector<std::string> keys;
  for (int number = 1; !text.empty(); ++number) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (!is_key(line))
      return rejected("bad_key_file",
                      fmt::format("{}: line {} is no key: {} to {} letters, digits and signs, without spaces",
                                  name, number, least, most));
    keys.emplace_back(line);
  }
  if (keys.empty()) return rejected("bad_key_file", fmt::format("{}: there is no key in it", name));
  return keys;
}

Result<std::vector<std::string>> read_key_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(most_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  if (file.bad() || (!file.is_open()) || text.size() > most_bytes)
    return rejected("bad_key_file", fmt::format("{} cannot be read as a file of keys, one a line", path));
  return parse_keys_of_file(text, path);
}

}  // namespace orakgarak::app
