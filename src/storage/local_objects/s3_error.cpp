#include "storage/local_objects/s3_error.h"

#include <fmt/format.h>

namespace orakgarak::storage {

S3Error s3_error(sigv4::Refusal refusal) {
  switch (refusal) {
    case sigv4::Refusal::not_signed:
      return {403, "AccessDenied", "The request is not signed."};
    case sigv4::Refusal::malformed:
      break;
    case sigv4::Refusal::other_key:
      return {403, "InvalidAccessKeyId",
              "The request is signed with another key. Ask for it to be signed again."};
    case sigv4::Refusal::not_yet:
      return {403, "AccessDenied", "The request is signed for a later time."};
    case sigv4::Refusal::expired:
      return {403, "AccessDenied", "The request has expired. Ask for it to be signed again."};
    case sigv4::Refusal::altered:
      return {403, "SignatureDoesNotMatch",
              "The request is not as it was signed. Ask for it to be signed again."};
    case sigv4::Refusal::against_policy:
      return {403, "AccessDenied",
              "The form is not as its policy says. Send exactly the fields that were given."};
  }
  return {400, "AuthorizationQueryParametersError", "What belongs to the signature is missing or senseless."};
}

S3Error s3_error(FormFault fault) {
  switch (fault) {
    case FormFault::too_much_before:
      return form_too_long;
    case FormFault::too_much_after:
      return entity_too_large;
    case FormFault::malformed:
      break;
  }
  return malformed_post;
}

S3Error s3_error(const Error& error) {
  if (error.code == "no_such_multipart") return no_such_upload;
  if (error.code == "disk_full")
    return {507, "InsufficientStorage", "The disk for objects is full. Try again later."};
  return {503, "ServiceUnavailable", "The object could not be written. Try again."};
}

std::string to_xml(const S3Error& error) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message></Error>\n",
      error.code, error.message);
}

}  // namespace orakgarak::storage
