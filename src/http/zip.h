#pragma once
// A zip as it is made: entry after entry into a file without a name. Entries are stored as they are, for
// audio does not shrink. libarchive underneath.
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "uploads/temp_file.h"

struct archive;

namespace orakgarak::http {

class Zip {
 public:
  /// Errors: those of uploads::TempFile.
  static Result<Zip> make(Time now);

  /// name: "takes/1/report.json", each once. Errors: those of uploads::TempFile.
  Result<void> add(const std::string& name, std::string_view text);
  /// The file from its start, `size` bytes of it. Errors: the same; retry "objects_unavailable" (it ends
  /// early).
  Result<void> add(const std::string& name, const uploads::OpenFile& file, std::uint64_t size);
  /// The whole of it, and how long it is. Errors: those of uploads::TempFile.
  struct Finished {
    uploads::OpenFile file;
    std::uint64_t size = 0;
  };
  Result<Finished> finish() &&;

 private:
  struct Out {
    uploads::TempFile file;
    Result<void> written;
  };
  struct Free {
    void operator()(archive* of) const;
  };
  Zip(Time now, uploads::TempFile file);
  Result<void> begin(const std::string& name, std::uint64_t size);
  Result<void> write(const void* bytes, std::size_t count);
  Result<void> fault() const;

  Time now_;
  std::unique_ptr<Out> out_;  ///< stays where it is: the writer points to it
  std::unique_ptr<archive, Free> writer_;
};

}  // namespace orakgarak::http
