#pragma once
// The refusals of the endpoint, as S3 words them: a code, a status, a sentence.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/local_objects/form_data.h"
#include "storage/sigv4/signature.h"

namespace orakgarak::storage {

struct S3Error {
  int status = 0;
  std::string_view code;
  std::string_view message;  ///< what is wrong and what to do; never a value that came
};

inline constexpr S3Error entity_too_large{400, "EntityTooLarge", "The file is longer than was declared."};
inline constexpr S3Error entity_too_small{400, "EntityTooSmall", "The file is shorter than was declared."};
inline constexpr S3Error bad_digest{
    400, "BadDigest", "The bytes that came do not have the SHA-256 that was declared. Send them again."};
inline constexpr S3Error incomplete_body{400, "IncompleteBody", "The body ended before its Content-Length."};
inline constexpr S3Error missing_length{411, "MissingContentLength",
                                        "Send the request with a Content-Length."};
inline constexpr S3Error malformed_post{400, "MalformedPOSTRequest",
                                        "The body is not well-formed multipart/form-data."};
inline constexpr S3Error not_a_form{412, "PreconditionFailed",
                                    "Send a POST as multipart/form-data with a boundary."};
inline constexpr S3Error form_too_long{400, "MaxPostPreDataLengthExceededError",
                                       "The fields before the file are longer than 20 KiB."};
inline constexpr S3Error twice_a_field{400, "InvalidArgument", "A form field came twice."};
inline constexpr S3Error no_file{400, "InvalidArgument", "The form has no field named file."};
inline constexpr S3Error bad_part_number{400, "InvalidArgument", "partNumber is a number from 1 to 10000."};
inline constexpr S3Error no_checksum{400, "InvalidRequest",
                                     "x-amz-checksum-sha256 is the SHA-256 in base64."};
inline constexpr S3Error loosely_signed{403, "AccessDenied",
                                        "The URL does not sign the length and checksum of the body."};
inline constexpr S3Error bad_object_key{403, "AccessDenied", "No object has this key."};
inline constexpr S3Error no_such_upload{404, "NoSuchUpload",
                                        "The multipart upload is completed, was thrown away or never was."};
inline constexpr S3Error too_many_at_once{
    503, "SlowDown", "This file is being sent already, more than once. Try again in half a minute."};
inline constexpr S3Error method_not_allowed{405, "MethodNotAllowed",
                                            "POST to /, PUT a part or GET an object; nothing else."};
inline constexpr S3Error no_such_key{404, "NoSuchKey", "There is no object of this key any more."};
inline constexpr S3Error invalid_range{416, "InvalidRange", "The object has none of these bytes."};
inline constexpr S3Error cors_refused{403, "AccessForbidden", "This page's origin may not send files here."};

S3Error s3_error(sigv4::Refusal);
S3Error s3_error(FormFault);
/// Of the folder: 404, 507 where the disk is full, 503.
S3Error s3_error(const Error&);

/// <Error><Code>…</Code><Message>…</Message></Error>
std::string to_xml(const S3Error&);

}  // namespace orakgarak::storage
