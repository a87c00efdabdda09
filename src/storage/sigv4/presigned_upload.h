#pragma once
// How a browser is let send the bytes of one object, by a form or the parts of a multipart upload, and fetch
// them. The same for every store that speaks S3, ours included.
#include "storage/sigv4/signature.h"
#include "uploads/presign.h"

namespace orakgarak::storage::sigv4 {

/// Where the objects are, below the `base` of a Presigner.
struct Place {
  std::string path;    ///< "/BUCKET" where the bucket is named in the path; else empty
  std::string bucket;  ///< a form is held to it; empty where there is but one
};

/// Errors: rejected "bad_key"; "bad_checksum" (not 64 hexadecimal digits in lower case).
Result<uploads::PresignedForm> presign_form(const Signer&, const Place&, const std::string& base,
                                            const std::string& key, const uploads::Declared&, Time now,
                                            Time expires);
/// Errors: as of presign_form.
Result<uploads::PresignedPart> presign_part(const Signer&, const Place&, const std::string& base,
                                            const std::string& key, const std::string& multipart,
                                            const uploads::PartWanted&, std::uint64_t length, Time now,
                                            Time expires);

/// Errors: rejected "bad_key".
Result<std::string> presign_download(const Signer&, const Place&, const std::string& base,
                                     const std::string& key, const uploads::Download&, Time now,
                                     Time expires);

/// As a client names the host of `base` ("https://a.example:443"): without the port that goes without saying.
std::string host_of(std::string_view base);

}  // namespace orakgarak::storage::sigv4
