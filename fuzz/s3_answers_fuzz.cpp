// Any bytes as the XML of an S3 server: what is read of them can stand in a header, a query and a log line,
// and is asked for again as it was read. First byte: as which answer.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "storage/s3_objects/answers.h"
#include "uploads/sha256.h"

namespace {

using namespace orakgarak;
using namespace orakgarak::storage::s3;

void expect(bool holds) {
  if (!holds) std::abort();
}

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

void objects(std::string_view xml) {
  const auto page = read_objects(xml);
  if (!page) return;
  expect(is_visible(page->next));
  for (const auto& object : page->objects) expect(object.key.size() <= 1024);
}

void versions(std::string_view xml) {
  const auto page = read_versions(xml);
  if (!page) return;
  expect(is_visible(page->next_id));
  for (const auto& version : page->versions) expect(!version.id.empty() && is_visible(version.id));
}

void parts(std::string_view xml) {
  const auto page = read_parts(xml);
  if (!page) return;
  expect(page->next >= 0 && page->next <= 10'000);
  for (const auto& part : page->parts) {
    expect(part.number >= 1 && part.number <= 10'000);
    expect(!part.etag.empty() && is_visible(part.etag) && read_etag('"' + part.etag + '"') == part.etag);
    expect(part.sha256.empty() || uploads::parse_digest(part.sha256));
  }
  expect(!page->parts.empty() || write_parts(page->parts).size() < 100);
}

void multiparts(std::string_view xml) {
  const auto page = read_multiparts(xml);
  if (!page) return;
  expect(is_visible(page->next_id));
  for (const auto& multipart : page->multiparts) expect(!multipart.id.empty() && is_visible(multipart.id));
}

void words(std::string_view text) {
  const auto opened = read_opened(text), completed = read_completed(text), etag = read_etag(text);
  expect(!opened || (!opened->empty() && is_visible(*opened)));
  expect(!completed || (is_visible(*completed) && error_code(text).empty()));
  expect(!etag || (is_visible(*etag) && !etag->contains('"')));
  expect(error_code(text).size() <= 64 && is_visible(error_code(text)));
  const auto time = read_time(text);
  expect(!time || to_rfc3339(*time).substr(0, 19) == text.substr(0, 19));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      objects(text);
      break;
    case 1:
      versions(text);
      break;
    case 2:
      parts(text);
      break;
    case 3:
      multiparts(text);
      break;
    default:
      words(text);
  }
  return 0;
}
