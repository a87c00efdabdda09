#include "storage/s3_objects/errors.h"

#include <fmt/format.h>

#include <array>
#include <source_location>
#include <utility>

namespace orakgarak::storage::s3 {
namespace {

constexpr std::array<std::pair<std::string_view, Trouble>, 25> codes{{
    {"NoSuchKey", Trouble::no_object},
    {"NoSuchVersion", Trouble::no_object},
    {"NoSuchUpload", Trouble::no_multipart},
    {"XMinioInvalidResourceName", Trouble::no_multipart},  // an id that would climb; our keys never do
    {"PreconditionFailed", Trouble::changed},
    {"XMinioStorageFull", Trouble::full},
    {"QuotaExceeded", Trouble::full},
    {"XMinioAdminBucketQuotaExceeded", Trouble::full},
    {"NoSuchBucket", Trouble::unusable},
    {"AllAccessDisabled", Trouble::unusable},
    {"AccessDenied", Trouble::unusable},
    {"InvalidAccessKeyId", Trouble::unusable},
    {"SignatureDoesNotMatch", Trouble::unusable},
    {"InvalidToken", Trouble::unusable},
    {"ExpiredToken", Trouble::unusable},
    {"RequestTimeTooSkewed", Trouble::unusable},
    {"RequestExpired", Trouble::unusable},
    {"AuthorizationHeaderMalformed", Trouble::unusable},
    {"AuthorizationQueryParametersError", Trouble::unusable},
    {"PermanentRedirect", Trouble::unusable},
    {"TemporaryRedirect", Trouble::unusable},
    {"IllegalLocationConstraintException", Trouble::unusable},
    {"InvalidBucketName", Trouble::unusable},
    {"SlowDown", Trouble::busy},
    {"RequestTimeout", Trouble::busy},
}};

std::string what_to_set_right(const Asked& asked, int status, std::string_view code) {
  const std::string said = code.empty() ? fmt::format("status {}", status) : std::string(code);
  if (code == "NoSuchBucket" || (status == 404 && code.empty()))
    return fmt::format("there is no bucket {} at {}; make it, or name another one", asked.bucket,
                       asked.endpoint);
  if (code == "RequestTimeTooSkewed")
    return fmt::format("{} says that the clock of this machine is wrong; set it right", asked.endpoint);
  if (code == "ExpiredToken")
    return fmt::format(
        "the lent keys for bucket {} at {} have expired; set fresh ones in AWS_ACCESS_KEY_ID, "
        "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
        asked.bucket, asked.endpoint);
  if (status / 100 == 3 || code == "AuthorizationHeaderMalformed" ||
      code == "IllegalLocationConstraintException")
    return fmt::format(
        "bucket {} is not where {} looks for it ({}); name its region and endpoint in the objects' URL",
        asked.bucket, asked.endpoint, said);
  return fmt::format(
      "{} refuses our keys for bucket {} ({}); check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and "
      "that they may list, read, write and delete there",
      asked.endpoint, asked.bucket, said);
}

Error made(ErrorKind kind, std::string code, std::string detail) {
  return {kind, std::move(code), std::move(detail), {{std::source_location::current(), {}}}};
}

}  // namespace

Trouble trouble_of(int status, std::string_view code) {
  for (const auto& [known, trouble] : codes)
    if (known == code) return trouble;
  if (status == 404) return Trouble::no_object;
  if (status == 412) return Trouble::changed;
  if (status == 507) return Trouble::full;
  return status == 401 || status == 403 || status / 100 == 3 ? Trouble::unusable : Trouble::busy;
}

Error error_of(const Asked& asked, int status, std::string_view code) {
  switch (trouble_of(status, code)) {
    case Trouble::no_object:
      return made(ErrorKind::not_found, "no_such_object", "there is no such object");
    case Trouble::no_multipart:
      return made(ErrorKind::not_found, "no_such_multipart", "there is no such multipart upload");
    case Trouble::changed:
      return made(ErrorKind::conflict, "object_changed", "other bytes have been put under this key");
    case Trouble::full:
      return made(
          ErrorKind::retry, "disk_full",
          fmt::format("there is no room left in bucket {} at {}; make some", asked.bucket, asked.endpoint));
    case Trouble::unusable:
      return made(ErrorKind::retry, "objects_unavailable", what_to_set_right(asked, status, code));
    case Trouble::busy:
      break;
  }
  return made(ErrorKind::retry, "objects_unavailable",
              fmt::format("{} could not do it now (status {}{}{})", asked.endpoint, status,
                          code.empty() ? "" : ", ", code));
}

Error no_answer(const Asked& asked, std::string_view why) {
  return made(ErrorKind::retry, "objects_unavailable",
              fmt::format("the object store {} does not answer: {}; see that it runs and can be reached",
                          asked.endpoint, why));
}

}  // namespace orakgarak::storage::s3
