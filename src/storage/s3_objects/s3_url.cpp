#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "net/http.h"
#include "storage/s3_objects/s3.h"

namespace orakgarak::storage {
namespace {

constexpr std::string_view form = "s3://BUCKET?endpoint=URL&region=NAME&path_style=true";

std::unexpected<Error> bad(std::string_view what) {
  return rejected("bad_objects_url", fmt::format("the objects' URL {}; write {}", what, form));
}

bool is_small(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
bool is_bucket(std::string_view name) {
  constexpr std::size_t shortest = 3, longest = 63;
  return name.size() >= shortest && name.size() <= longest && is_small(name.front()) &&
         is_small(name.back()) && !name.contains("..") &&
         std::ranges::all_of(name, [](char c) { return is_small(c) || c == '-' || c == '.'; });
}

bool is_region(std::string_view name) {
  constexpr std::size_t longest = 64;
  return !name.empty() && name.size() <= longest &&
         std::ranges::all_of(name, [](char c) { return is_small(c) || c == '-'; });
}

std::string_view scheme_of(std::string_view endpoint) { return endpoint.substr(0, endpoint.find("://") + 3); }
std::string_view host_of(std::string_view endpoint) { return endpoint.substr(scheme_of(endpoint).size()); }

/// Has no name that a bucket could stand before.
bool is_address(std::string_view host) {
  const std::string_view name = host.substr(0, host.find(':'));
  return host.starts_with('[') || name.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_port(std::string_view text) {
  constexpr std::size_t longest = 5;
  return !text.empty() && text.size() <= longest &&
         text.find_first_not_of("0123456789") == std::string_view::npos &&
         std::stoi(std::string(text)) >= 1 && std::stoi(std::string(text)) <= 65'535;
}

bool is_host(std::string_view host) {
  const auto colon = host.find(':', host.starts_with('[') ? host.find(']') : 0);
  const std::string_view name = host.substr(0, colon);
  if (colon != std::string_view::npos && !is_port(host.substr(colon + 1))) return false;
  if (name.starts_with('['))
    return name.size() > 2 && name.ends_with(']') &&
           name.substr(1, name.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") ==
               std::string_view::npos;
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return is_small(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
  });
}

/// Without a slash at the end and without the port that goes without saying, as it is signed.
Result<std::string> read_endpoint(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://"))
    return bad("has an endpoint that is neither https:// nor http://");
  if (text.ends_with('/')) text.remove_suffix(1);
  if (!is_host(host_of(text))) return bad("has an endpoint that is not just a scheme, a host and a port");
  const std::string_view port = text.starts_with("https:") ? ":443" : ":80";
  if (text.ends_with(port)) text.remove_suffix(port.size());
  return std::string(text);
}

Result<void> read_parameter(const std::string& name, const std::string& value, S3Options& options) {
  if (name == "endpoint") {
    auto endpoint = read_endpoint(value);
    if (!endpoint) return std::unexpected(std::move(endpoint.error()));
    options.endpoint = *std::move(endpoint);
  } else if (name == "region") {
    if (!is_region(value)) return bad("has a region that is none (\"ap-northeast-2\")");
    options.region = value;
  } else if (name == "path_style") {
    if (value != "true" && value != "false") return bad("has a path_style that is neither true nor false");
    options.path_style = value == "true";
  } else {
    return bad("has a parameter other than endpoint, region and path_style");
  }
  return {};
}

Result<void> read_keys(S3Options& options) {
  const auto value = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string(text == nullptr ? "" : text);
  };
  options.access_key = value("AWS_ACCESS_KEY_ID");
  options.secret_key = value("AWS_SECRET_ACCESS_KEY");
  options.session_token = value("AWS_SESSION_TOKEN");
  if (options.access_key.empty() || options.secret_key.empty())
    return rejected("bad_objects_url",
                    "the object store has no keys; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  const auto goes_into_a_header = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  };
  if (!goes_into_a_header(options.access_key) || !goes_into_a_header(options.session_token))
    return rejected("bad_objects_url",
                    "AWS_ACCESS_KEY_ID or AWS_SESSION_TOKEN holds a blank or a line end; set it without");
  return {};
}

/// A bucket's name becomes part of the host's, where that works.
Result<void> check_style(const S3Options& options) {
  if (options.path_style) return {};
  if (is_address(host_of(options.endpoint)))
    return bad("names a host by its address, before which no bucket can stand: add path_style=true");
  if (options.bucket.contains('.') && options.endpoint.starts_with("https:"))
    return bad("names a bucket with a dot, for which no certificate is good: add path_style=true");
  return {};
}

}  // namespace

Result<S3Options> parse_s3_url(std::string_view url) {
  constexpr std::string_view scheme = "s3://";
  if (!url.starts_with(scheme)) return bad("does not begin with s3://");
  url.remove_prefix(scheme.size());
  const auto mark = std::min(url.find('?'), url.size());
  std::string_view bucket = url.substr(0, mark);
  if (bucket.ends_with('/')) bucket.remove_suffix(1);
  if (!is_bucket(bucket))
    return bad("has no name of a bucket: 3 to 63 small letters, digits, '-' and '.', and nothing after it");
  S3Options options{
      .bucket = std::string(bucket), .endpoint = {}, .access_key = {}, .secret_key = {}, .session_token = {}};
  const auto parameters = net::parse_query(url.substr(std::min(mark + 1, url.size())));
  if (!parameters) return bad("has parameters that are wrongly encoded");
  std::set<std::string> seen;
  for (const auto& [name, value] : *parameters) {
    if (!seen.insert(name).second) return bad("has a parameter twice");
    if (auto read = read_parameter(name, value, options); !read)
      return std::unexpected(std::move(read.error()));
  }
  if (options.endpoint.empty()) options.endpoint = fmt::format("https://s3.{}.amazonaws.com", options.region);
  if (auto good = check_style(options); !good) return std::unexpected(std::move(good.error()));
  if (auto keys = read_keys(options); !keys) return std::unexpected(std::move(keys.error()));
  return options;
}

std::string s3_origin(const S3Options& options) {
  if (options.path_style) return options.endpoint;
  return fmt::format("{}{}.{}", scheme_of(options.endpoint), options.bucket, host_of(options.endpoint));
}

}  // namespace orakgarak::storage
