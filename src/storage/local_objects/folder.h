#pragma once
// What all that works on the folder of local objects shares: where things lie, and how a file appears whole
// or not at all.
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "uploads/objects.h"

namespace orakgarak::storage {

struct Folder {
  std::filesystem::path objects;   ///< the file of key K is objects/K
  std::filesystem::path incoming;  ///< half-written files, renamed when whole
  std::filesystem::path parts;     ///< open multipart uploads: local_objects/parts.h
  std::filesystem::path key_file;  ///< what signs: local_objects/signer.h
};

/// Makes what is missing, and removes what was left half-written more than a day ago.
/// Errors: rejected "not_writable".
Result<Folder> open_folder(const std::filesystem::path& folder);

/// not_found "no_such_object", retry "disk_full", and retry "objects_unavailable" for all others.
std::unexpected<Error> of_errno(int fault, std::string_view doing);

/// Inode, size and time of change: a file renamed over it has another one.
std::string version_of(const struct stat& file);
/// The file of a key. Errors: not_found "no_such_object".
Result<uploads::ObjectFacts> facts_of(const std::filesystem::path& file);

/// So that a renamed file is found under its name after a loss of power.
Result<void> flush_folder(const std::filesystem::path& folder);

/// A file in the making. Where it is not placed it goes with this.
class HalfFile {
 public:
  static Result<HalfFile> make(const Folder& folder);
  HalfFile(HalfFile&& other) noexcept
      : file_(std::move(other.file_)), path_(std::exchange(other.path_, {})) {}
  HalfFile& operator=(HalfFile&&) = delete;
  ~HalfFile();

  int fd() const { return file_.fd(); }
  /// Room for so many bytes, where the file system can promise it. Errors: retry "disk_full".
  Result<void> reserve(std::uint64_t bytes);
  /// Errors: retry "disk_full".
  Result<void> write(std::span<const std::byte> bytes);
  /// On the disk now; what was written so far is what the facts say.
  Result<uploads::ObjectFacts> flush();
  /// Under its name, in the place of what was there; the folder must be there. flush() comes first.
  Result<void> place(const std::filesystem::path& target);
  /// Under its name where nothing is there yet; what is there stays, and is no error.
  Result<void> place_first(const std::filesystem::path& target);

 private:
  HalfFile(uploads::OpenFile file, std::filesystem::path path)
      : file_(std::move(file)), path_(std::move(path)) {}
  uploads::OpenFile file_;
  std::filesystem::path path_;  ///< empty once it is placed
};

/// The file as the object of `key`, in the place of what was there. flush() comes first.
Result<void> place_at_key(const Folder& folder, const std::string& key, HalfFile& half);
/// The file as the object of `key`. Where exactly these bytes are there already, they stay, so that a
/// file that is sent twice is one version. Errors: retry "disk_full".
/// before_it_shows: called with the facts that the object will have, before it has them.
Result<uploads::ObjectFacts> place_object(
    const Folder& folder, const std::string& key, HalfFile half,
    const std::function<Result<void>(const uploads::ObjectFacts&)>& before_it_shows = {});

}  // namespace orakgarak::storage
