#include "storage/object_key.h"

namespace orakgarak::storage {

bool is_key(std::string_view key) {
  if (key.empty() || key.size() > 255 || key.front() == '/' || key.back() == '/') return false;
  char before = '/';
  for (const char c : key) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain && c != '.' && c != '/') return false;
    if (before == '/' && (c == '/' || c == '.')) return false;
    before = c;
  }
  return true;
}

std::unexpected<Error> bad_key() { return rejected("bad_key", "this is no key of an object"); }

}  // namespace orakgarak::storage
