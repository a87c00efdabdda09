#include "storage/local_objects/presign.h"

#include "storage/local_objects/folder.h"
#include "storage/local_objects/parts.h"
#include "storage/local_objects/signer.h"
#include "storage/sigv4/presigned_upload.h"

namespace orakgarak::storage {
namespace {

using uploads::Declared;
using uploads::Download;
using uploads::ObjectFacts;
using uploads::OpenMultipart;
using uploads::PartWanted;
using uploads::PresignedForm;
using uploads::PresignedPart;
using uploads::StoredPart;

class LocalPresigner final : public uploads::Presigner {
 public:
  LocalPresigner(Folder folder, sigv4::Signer signer)
      : folder_(std::move(folder)), signer_(std::move(signer)) {}

  Result<PresignedForm> form(const std::string& base, const std::string& key, const Declared& declared,
                             Time now, Time expires) override {
    return sigv4::presign_form(signer_, {}, base, key, declared, now, expires);
  }

  Result<std::string> download(const std::string& base, const std::string& key, const Download& download,
                               Time now, Time expires) override {
    return sigv4::presign_download(signer_, {}, base, key, download, now, expires);
  }

  Result<std::string> open_parts(const std::string& key, const Declared&) override {
    return open_multipart(folder_, key);
  }

  Result<PresignedPart> part(const std::string& base, const std::string& key, const std::string& multipart,
                             const PartWanted& part, std::uint64_t length, Time now, Time expires) override {
    return sigv4::presign_part(signer_, {}, base, key, multipart, part, length, now, expires);
  }

  Result<std::vector<StoredPart>> parts(const std::string& key, const std::string& multipart) override {
    return stored_parts(folder_, key, multipart);
  }
  Result<ObjectFacts> complete(const std::string& key, const std::string& multipart,
                               std::span<const StoredPart> parts) override {
    return complete_multipart(folder_, key, multipart, parts);
  }
  Result<void> abort(const std::string& key, const std::string& multipart) override {
    return abort_multipart(folder_, key, multipart);
  }
  Result<std::vector<OpenMultipart>> multiparts(const std::optional<OpenMultipart>& after,
                                                std::size_t limit) override {
    return list_multiparts(folder_, after, limit);
  }

 private:
  Folder folder_;
  sigv4::Signer signer_;
};

}  // namespace

Result<std::unique_ptr<uploads::Presigner>> open_local_presigner(const std::filesystem::path& path) {
  auto folder = open_folder(path);
  if (!folder) return std::unexpected(std::move(folder.error()));
  auto signer = open_signer(*folder);
  if (!signer) return std::unexpected(std::move(signer.error()));
  return std::make_unique<LocalPresigner>(*std::move(folder), *std::move(signer));
}

}  // namespace orakgarak::storage
