#include "bucket.h"

#include <stdexcept>

#include "base/id.h"
#include "client.h"
#include "net/http.h"
#include "servers.h"
#include "storage/sigv4/presigned_upload.h"
#include "uploads/sha256.h"

namespace orakgarak::uploads {
namespace {

namespace sigv4 = storage::sigv4;

/// The bucket is in the path, whatever the style: these requests are not what is tested.
std::string origin() { return testing::server("ORAKGARAK_TEST_S3"); }

void expect_good(int status, std::string_view doing) {
  if (status / 100 != 2) throw std::runtime_error(std::string(doing) + ": status " + std::to_string(status));
}

/// send() says the host itself.
Fields without_host(Fields headers) {
  std::erase_if(headers, [](const auto& header) { return header.first == "host"; });
  return headers;
}

}  // namespace

int ask_bucket(const storage::S3Options& options, std::string_view method, const std::string& path,
               const std::string& query, const std::string& body, std::string* answer) {
  const std::string whole = "/" + options.bucket + path;
  sigv4::Request request{
      std::string(method), whole, {}, {{"host", sigv4::host_of(origin())}}, to_hex(sha256(body))};
  if (!query.empty()) request.query = *net::parse_query(query);
  const auto headers =
      sigv4::sign_headers({options.access_key, options.secret_key, options.region}, request, system_now());
  const Answer said =
      send(method, origin() + net::percent_encode(whole, true) + (query.empty() ? "" : "?" + query),
           without_host(headers), body);
  if (answer != nullptr) *answer = said.body;
  return said.status;
}

storage::S3Options with_lent_keys(storage::S3Options options) {
  const std::string body = "Action=AssumeRole&Version=2011-06-15&DurationSeconds=900";
  const auto headers = sigv4::sign_headers(
      {options.access_key, options.secret_key, options.region, "sts"},
      {"POST",
       "/",
       {},
       {{"host", sigv4::host_of(origin())}, {"content-type", "application/x-www-form-urlencoded"}},
       to_hex(sha256(body))},
      system_now());
  const Answer said = send("POST", origin() + "/", without_host(headers), body);
  expect_good(said.status, "lending keys");
  const auto inside = [&](const std::string& name) {
    const auto from = said.body.find("<" + name + ">") + name.size() + 2;
    return said.body.substr(from, said.body.find("</" + name + ">") - from);
  };
  options.access_key = inside("AccessKeyId");
  options.secret_key = inside("SecretAccessKey");
  options.session_token = inside("SessionToken");
  return options;
}

storage::S3Options new_bucket(BucketStyle style) {
  storage::S3Options options{.bucket = "takes-" + new_uuid7(system_now()),
                             .endpoint = origin(),
                             .path_style = style != BucketStyle::in_host,
                             .access_key = testing::server("AWS_ACCESS_KEY_ID"),
                             .secret_key = testing::server("AWS_SECRET_ACCESS_KEY"),
                             .session_token = {}};
  expect_good(ask_bucket(options, "PUT", "", "", ""), "making a bucket");
  if (style == BucketStyle::keeping_versions)
    expect_good(ask_bucket(options, "PUT", "", "versioning=",
                           "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                           "<Status>Enabled</Status></VersioningConfiguration>"),
                "keeping versions");
  if (style == BucketStyle::in_host)  // names below localhost are this machine's (RFC 6761)
    options.endpoint = "http://localhost" + origin().substr(origin().rfind(':'));
  return options;
}

}  // namespace orakgarak::uploads
