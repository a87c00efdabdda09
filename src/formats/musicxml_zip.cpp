#include "formats/musicxml_zip.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <optional>
#include <pugixml.hpp>

#include "formats/song_import.h"

namespace orakgarak::formats {

namespace {

constexpr std::size_t container_bytes = 64u << 10;
constexpr zip_int64_t max_entries = 1000;

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using Entry = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

std::unexpected<Error> bad(std::string_view what) {
  return rejected("bad_song_file", fmt::format("Compressed MusicXML: {}.", what));
}

Archive open_archive(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr && source != nullptr) zip_source_free(source);
  zip_error_fini(&error);
  return {archive, &zip_discard};
}

/// A whole file of the archive; nullopt where it is not there, broken, or longer than `limit`.
std::optional<std::string> unpack(zip_t* archive, const char* name, std::size_t limit, bool& over_limit) {
  const Entry entry(zip_fopen(archive, name, 0), &zip_fclose);
  if (!entry) return std::nullopt;
  std::string out;
  char block[16384];
  while (true) {
    const zip_int64_t got = zip_fread(entry.get(), block, sizeof block);
    if (got < 0) return std::nullopt;
    if (got == 0) return out;
    out.append(block, static_cast<std::size_t>(got));
    over_limit = out.size() > limit;
    if (over_limit) return std::nullopt;
  }
}

std::string score_name(zip_t* archive) {
  bool over_limit = false;
  if (const auto container = unpack(archive, "META-INF/container.xml", container_bytes, over_limit)) {
    pugi::xml_document document;
    if (document.load_buffer(container->data(), container->size()))
      for (const pugi::xml_node root : document.child("container").child("rootfiles").children("rootfile")) {
        const std::string_view type = root.attribute("media-type").value();
        if (type.empty() || type.find("musicxml") != std::string_view::npos)
          return root.attribute("full-path").value();
      }
  }
  const zip_int64_t entries = std::min(zip_get_num_entries(archive, 0), max_entries);
  for (zip_int64_t i = 0; i < entries; ++i) {
    const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
    const std::string_view entry = name == nullptr ? "" : name;
    if (!entry.starts_with("META-INF/") && (entry.ends_with(".xml") || entry.ends_with(".musicxml")))
      return std::string(entry);
  }
  return {};
}

}  // namespace

bool is_zip(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

Result<std::string> unpack_mxl(std::string_view bytes) {
  const Archive archive = open_archive(bytes);
  if (!archive) return bad("the archive is broken or cut off");
  const std::string name = score_name(archive.get());
  if (name.empty()) return bad("the archive holds no .musicxml or .xml file");
  bool over_limit = false;
  auto score = unpack(archive.get(), name.c_str(), limits::song_file_bytes, over_limit);
  if (over_limit)
    return rejected("too_large", fmt::format("The song unpacks to more than {} bytes, which is the limit.",
                                             limits::song_file_bytes));
  if (!score) return bad("the score in the archive is missing, broken or encrypted");
  return std::move(*score);
}

}  // namespace orakgarak::formats
