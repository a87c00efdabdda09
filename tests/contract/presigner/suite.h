#pragma once
// What every Presigner keeps together with the endpoint that takes what it signed: over HTTP, and nothing
// that S3 does not do.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "client.h"
#include "uploads/objects.h"
#include "uploads/presign.h"
#include "uploads/sha256.h"

namespace orakgarak::uploads {

/// An empty place for one test, with its endpoint running; it goes with the object.
class PresignerPlace {
 public:
  virtual ~PresignerPlace() = default;
  virtual Presigner& presigner() = 0;
  virtual ObjectStore& objects() = 0;
  virtual std::string base() const = 0;
};

struct PresignerAdapter {
  std::string name;
  std::function<std::unique_ptr<PresignerPlace>()> make;
};
inline void PrintTo(const PresignerAdapter& adapter, std::ostream* out) { *out << adapter.name; }

inline std::string hex_of(std::string_view bytes) { return to_hex(sha256(bytes)); }
inline Declared declare(std::string_view bytes) { return {"audio/webm", bytes.size(), hex_of(bytes), {}}; }

class PresignerContract : public testing::TestWithParam<PresignerAdapter> {
 protected:
  PresignerContract() : place(GetParam().make()) {}

  PresignedForm form(const Declared& declared);
  std::string open(std::string_view bytes);
  PresignedPart part(const std::string& multipart, int number, std::string_view bytes);
  std::string download(const Download& download);
  /// The bytes of the object; "none" where there is none.
  std::string object();
  std::string version();

  std::unique_ptr<PresignerPlace> place;
  std::string key = object_key(UploadId::make(system_now()));
  Time now = system_now(), expires = now + std::chrono::minutes(15);
};

}  // namespace orakgarak::uploads
