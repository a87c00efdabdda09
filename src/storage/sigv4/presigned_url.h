#pragma once
// A request that whoever has its URL may send once or often until it expires: Signature V4 in the query.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
#include <expected>
#include <functional>

#include "storage/sigv4/signature.h"

namespace orakgarak::storage::sigv4 {

/// As long as S3 lets a URL live.
inline constexpr std::chrono::seconds longest_url_life = std::chrono::days(7);

/// The query of `request`, with what makes it signed. request.headers: those that must come as they are here;
/// "host" among them. life: at least a second, at most longest_url_life.
std::string presign_query(const Signer& signer, Request request, Time now, std::chrono::seconds life);

/// The value of a header of the request, by its name in lower case.
using HeaderLookup = std::function<std::optional<std::string>(std::string_view name)>;

/// Is this request as it was signed? `path` and `query` are decoded. Gives the names of the headers that are
/// signed.
std::expected<std::vector<std::string>, Refusal> verify_query(const Signer& signer, std::string_view method,
                                                              std::string_view path, const Pairs& query,
                                                              const HeaderLookup& header, Time now);

}  // namespace orakgarak::storage::sigv4
