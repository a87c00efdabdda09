#include "http/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace orakgarak::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/vnd.microsoft.icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".yaml", "application/yaml"},
    {".wav", "audio/wav"},
}};

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

/// Calls `each` with every element of a comma-separated field until it says true.
bool any_of_list(std::string_view field, auto&& each) {
  while (!field.empty()) {
    const auto comma = field.find(',');
    if (each(trimmed(field.substr(0, comma)))) return true;
    if (comma == std::string_view::npos) break;
    field.remove_prefix(comma + 1);
  }
  return false;
}

/// Does the client say that it takes this coding? "*" does not count: no browser means it.
bool takes_coding(const net::RequestHead& head, std::string_view coding) {
  return any_of_list(head.fields.get("Accept-Encoding").value_or(""), [&](std::string_view element) {
    const auto semicolon = element.find(';');
    if (trimmed(element.substr(0, semicolon)) != coding) return false;
    if (semicolon == std::string_view::npos) return true;
    const auto weight = trimmed(element.substr(semicolon + 1));
    return weight.find_first_not_of("q=0.") != std::string_view::npos;  // "q=0", "q=0.000": not taken
  });
}

/// Segments that are neither empty nor hidden: joined to a folder, a name that began with a slash would take
/// the folder's place.
bool is_plain(std::string_view name) {
  if (name.find_first_of(std::string_view("\\\0", 2)) != std::string_view::npos) return false;
  for (std::size_t from = 0;;) {
    const auto slash = name.find('/', from);
    const auto segment = name.substr(from, slash - from);
    if (segment.empty() || segment.starts_with('.')) return false;
    if (slash == std::string_view::npos) return true;
    from = slash + 1;
  }
}

struct Opened {
  int fd = -1;
  struct stat facts{};
};

std::optional<Opened> open_regular(const std::filesystem::path& file) {
  Opened opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (opened.fd < 0) return std::nullopt;
  if (::fstat(opened.fd, &opened.facts) == 0 && S_ISREG(opened.facts.st_mode)) return opened;
  ::close(opened.fd);
  return std::nullopt;
}

}  // namespace

std::string_view type_of_file(std::string_view name) {
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending)) return type;
  return "application/octet-stream";
}

bool has_already(const net::RequestHead& head, std::string_view tag) {
  return any_of_list(head.fields.get("If-None-Match").value_or(""), [&](std::string_view element) {
    if (element.starts_with("W/")) element.remove_prefix(2);
    return element == "*" || element == tag;
  });
}

std::optional<net::Response> file_response(const std::filesystem::path& folder, std::string_view name,
                                           const net::RequestHead& head, bool immutable) {
  if (folder.empty() || !is_plain(name)) return std::nullopt;
  const auto file = folder / std::filesystem::path(name);
  std::optional<Opened> opened;
  std::string_view coding;
  for (const auto& [ending, one] : {std::pair(".br", "br"), std::pair(".gz", "gzip")})
    if (!opened && takes_coding(head, one) && (opened = open_regular(file.string() + ending))) coding = one;
  if (!opened) opened = open_regular(file);
  if (!opened) return std::nullopt;

  const auto& facts = opened->facts;
  const auto tag = fmt::format("\"{:x}-{:x}.{:x}{}\"", facts.st_size, facts.st_mtim.tv_sec,
                               facts.st_mtim.tv_nsec, coding.empty() ? "" : fmt::format("-{}", coding));
  net::Response response;
  response.fields = {{"ETag", tag},
                     {"Vary", "Accept-Encoding"},
                     {"Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (has_already(head, tag)) {
    ::close(opened->fd);
    response.status = 304;
    return response;
  }
  response.fields.add("Content-Type", std::string(type_of_file(name)));
  if (!coding.empty()) response.fields.add("Content-Encoding", std::string(coding));
  response.body = net::FileBody{opened->fd, 0, static_cast<std::uint64_t>(facts.st_size)};
  return response;
}

}  // namespace orakgarak::http
