// Any bytes as the body of a form: what is read does not depend on how they are cut, nothing is made up, and
// no more is held than a piece and the fields before the file.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "storage/local_objects/form_data.h"

namespace {

using namespace orakgarak::storage;

/// All events as text, those of the file's bytes joined.
std::string read(std::string_view boundary, std::string_view body, std::size_t step) {
  FormReader reader(boundary);
  std::string seen;
  std::size_t file_bytes = 0;
  bool file_ended = false;
  for (std::size_t at = 0; at < body.size(); at += step) {
    reader.append(std::as_bytes(std::span(body.substr(at, step))));
    for (;;) {
      const auto event = reader.next();
      // Where it breaks off, what the file had until then depends on the cut.
      if (!event) return seen + '!' + std::to_string(static_cast<int>(event.error()));
      if (!*event) break;
      const FormEvent& found = **event;
      if (file_ended) std::abort();
      if (found.kind == FormEvent::Kind::field &&
          (found.name.empty() || found.value.size() > most_form_bytes))
        std::abort();
      if (found.kind == FormEvent::Kind::file_begins && reader.before_file() > most_form_bytes) std::abort();
      file_ended = found.kind == FormEvent::Kind::file_ends;
      file_bytes += found.bytes.size();
      if (found.kind != FormEvent::Kind::file_bytes)
        seen += std::to_string(static_cast<int>(found.kind)) + found.name + '=' + found.value + '\n';
      if (file_ended) seen += std::to_string(file_bytes) + '\n';
    }
  }
  if (file_bytes > body.size()) std::abort();
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = std::min(text.find('\n'), text.size());
  const auto boundary = form_boundary(text.substr(0, line));
  if (!boundary) return 0;
  const auto body = text.substr(std::min(line + 1, size));
  const std::string whole = read(*boundary, body, std::max<std::size_t>(body.size(), 1));
  if (read(*boundary, body, 1) != whole || read(*boundary, body, 1 + body.size() / 3) != whole) std::abort();
  return 0;
}
