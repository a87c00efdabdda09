#include "storage/local_objects/objects.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "storage/local_objects/folder.h"
#include "storage/object_key.h"

namespace orakgarak::storage {
namespace {

namespace fs = std::filesystem;
using uploads::ByteSink;
using uploads::ListedObject;
using uploads::ObjectFacts;
using uploads::OpenFile;

class LocalObjects final : public uploads::ObjectStore {
 public:
  explicit LocalObjects(Folder folder) : folder_(std::move(folder)) {}

  Result<ObjectFacts> head(const std::string& key) override {
    if (!is_key(key)) return bad_key();
    return facts_of(path_of(key));
  }

  Result<OpenFile> open(const std::string& key, const std::string& version,
                        const std::function<bool()>&) override {  // takes no time
    if (!is_key(key)) return bad_key();
    OpenFile handle(::open(path_of(key).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat file{};
    if (handle.fd() < 0 || ::fstat(handle.fd(), &file) != 0) return of_errno(errno, "opening an object");
    if (!S_ISREG(file.st_mode)) return of_errno(ENOENT, {});
    if (version_of(file) != version)
      return fail(ErrorKind::conflict, "object_changed", "other bytes have been put under this key");
    return handle;
  }

  Result<ObjectFacts> put(const std::string& key,
                          const std::function<Result<void>(const ByteSink&)>& write) override {
    if (!is_key(key)) return bad_key();
    auto half = HalfFile::make(folder_);
    if (!half) return std::unexpected(std::move(half.error()));
    if (auto written = write([&](std::span<const std::byte> bytes) { return half->write(bytes); }); !written)
      return std::unexpected(std::move(written.error()));
    auto facts = half->flush();
    if (!facts) return facts;
    if (auto placed = place_at_key(folder_, key, *half); !placed)
      return std::unexpected(std::move(placed.error()));
    return facts;
  }

  Result<void> remove(const std::string& key) override {
    if (!is_key(key)) return bad_key();
    if (::unlink(path_of(key).c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
      return of_errno(errno, "removing an object");
    return {};
  }

  Result<std::vector<ListedObject>> list(const std::string& prefix, const std::string& after,
                                         std::size_t limit) override {
    std::vector<ListedObject> found;
    std::error_code fault;
    for (fs::recursive_directory_iterator at(folder_.objects, fault), end; !fault && at != end;
         at.increment(fault)) {
      std::string key = at->path().lexically_relative(folder_.objects).string();
      struct stat file{};
      if (::lstat(at->path().c_str(), &file) != 0) continue;  // removed this moment
      if (S_ISDIR(file.st_mode)) {
        key += '/';
        if (!key.starts_with(prefix) && !prefix.starts_with(key)) at.disable_recursion_pending();
      } else if (key.starts_with(prefix) && key > after) {
        found.push_back({std::move(key), Time(std::chrono::seconds(file.st_mtim.tv_sec))});
      }
    }
    if (fault) return of_errno(fault.value(), "listing objects");
    std::ranges::sort(found, {}, &ListedObject::key);
    if (found.size() > limit) found.resize(limit);
    return found;
  }

 private:
  fs::path path_of(const std::string& key) const { return folder_.objects / key; }

  Folder folder_;
};

}  // namespace

Result<std::unique_ptr<uploads::ObjectStore>> open_local_objects(const fs::path& folder) {
  auto opened = open_folder(folder);
  if (!opened) return std::unexpected(std::move(opened.error()));
  return std::make_unique<LocalObjects>(*std::move(opened));
}

}  // namespace orakgarak::storage
