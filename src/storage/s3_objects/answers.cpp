#include "storage/s3_objects/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "net/http.h"
#include "storage/sigv4/encoding.h"
#include "storage/sigv4/signature.h"
#include "uploads/sha256.h"

namespace orakgarak::storage::s3 {
namespace {

constexpr std::size_t longest_word = 1024;  ///< of an id, a marker or a key
constexpr std::size_t longest_code = 64, longest_etag = 255;
constexpr std::uint64_t most_parts = 10'000;  ///< of S3, in one multipart upload

/// The answer, where its outermost element has this name.
class Document {
 public:
  Document(std::string_view xml, const char* name) {
    if (xml_.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8))
      root_ = xml_.child(name);
  }
  explicit operator bool() const { return !root_.empty(); }
  pugi::xml_node operator*() const { return root_; }

 private:
  pugi::xml_document xml_;
  pugi::xml_node root_;
};

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// An id or a marker: visible ASCII; it goes back into a query.
std::optional<std::string> word(const pugi::xml_node& node, const char* name) {
  std::string text = node.child_value(name);
  if (text.size() > longest_word || !is_visible(text)) return std::nullopt;
  return text;
}

std::optional<std::uint64_t> number(const pugi::xml_node& node, const char* name) {
  const std::string_view text = node.child_value(name);
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A key or a marker that is one, as encoding-type=url writes it where the server knows that.
std::optional<std::string> key_of(const pugi::xml_node& root, const pugi::xml_node& node, const char* name) {
  std::string text = node.child_value(name);
  if (root.child_value("EncodingType") == std::string_view("url")) {
    std::ranges::replace(text, '+', ' ');
    auto decoded = net::percent_decode(text);
    if (!decoded) return std::nullopt;
    text = *std::move(decoded);
  }
  if (text.size() > longest_word) return std::nullopt;
  return text;
}

bool is_truncated(const pugi::xml_node& root) {
  return root.child_value("IsTruncated") == std::string_view("true");
}

std::optional<uploads::StoredPart> read_part(const pugi::xml_node& node) {
  const auto part = number(node, "PartNumber"), size = number(node, "Size");
  auto etag = read_etag(node.child_value("ETag"));
  if (!part || *part < 1 || *part > most_parts || !size || !etag) return std::nullopt;
  const auto digest = sigv4::from_base64(node.child_value("ChecksumSHA256"));
  std::string sha256 = digest && digest->size() == sizeof(uploads::Digest) ? uploads::to_hex(*digest) : "";
  return uploads::StoredPart{static_cast<int>(*part), *size, std::move(sha256), *std::move(etag)};
}

}  // namespace

std::string error_code(std::string_view xml) {
  const Document error(xml, "Error");
  const std::string code = (*error).child_value("Code");
  const bool good = code.size() <= longest_code && std::ranges::all_of(code, [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                    });
  return good ? code : "";
}

std::optional<std::string> read_etag(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (text.empty() || text.size() > longest_etag || !is_visible(text) || text.contains('"'))
    return std::nullopt;
  return std::string(text);
}

std::optional<Time> read_time(std::string_view text) {
  constexpr std::size_t seconds = std::string_view("2026-11-24T12:00:00").size();
  constexpr std::size_t most_digits = 9;
  if (text.size() <= seconds || !text.ends_with('Z') || text.size() > seconds + 1 + most_digits + 1 ||
      text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const std::string_view fraction = text.substr(seconds, text.size() - seconds - 1);
  if (!fraction.empty() && (fraction.size() == 1 || fraction[0] != '.' ||
                            fraction.substr(1).find_first_not_of("0123456789") != std::string_view::npos))
    return std::nullopt;
  std::string plain(text.substr(0, seconds));
  std::erase_if(plain, [](char c) { return c == '-' || c == ':'; });
  return sigv4::parse_amz_time(plain + "Z");
}

std::optional<ObjectPage> read_objects(std::string_view xml) {
  const Document document(xml, "ListBucketResult");
  if (!document) return std::nullopt;
  const auto root = *document;
  ObjectPage page;
  for (const auto& node : root.children("Contents")) {
    auto key = key_of(root, node, "Key");
    const auto changed = read_time(node.child_value("LastModified"));
    if (!key || !changed) return std::nullopt;
    page.objects.push_back({*std::move(key), *changed});
  }
  auto next = word(root, "NextContinuationToken");
  if (!next || (is_truncated(root) && next->empty())) return std::nullopt;
  if (is_truncated(root)) page.next = *std::move(next);
  return page;
}

std::optional<VersionPage> read_versions(std::string_view xml) {
  const Document document(xml, "ListVersionsResult");
  if (!document) return std::nullopt;
  const auto root = *document;
  VersionPage page;
  for (const auto& node : root.children()) {
    const std::string_view name = node.name();
    if (name != "Version" && name != "DeleteMarker") continue;
    auto key = key_of(root, node, "Key");
    auto id = word(node, "VersionId");
    if (!key || !id || id->empty()) return std::nullopt;
    page.versions.push_back({*std::move(key), *std::move(id)});
  }
  if (!is_truncated(root)) return page;
  auto next_key = key_of(root, root, "NextKeyMarker");
  auto next_id = word(root, "NextVersionIdMarker");
  if (!next_key || next_key->empty() || !next_id) return std::nullopt;
  page.next_key = *std::move(next_key);
  page.next_id = *std::move(next_id);
  return page;
}

std::optional<PartPage> read_parts(std::string_view xml) {
  const Document document(xml, "ListPartsResult");
  if (!document) return std::nullopt;
  const auto root = *document;
  PartPage page;
  for (const auto& node : root.children("Part")) {
    auto part = read_part(node);
    if (!part) return std::nullopt;
    page.parts.push_back(*std::move(part));
  }
  if (!is_truncated(root)) return page;
  const auto next = number(root, "NextPartNumberMarker");
  if (!next || *next < 1 || *next > most_parts) return std::nullopt;
  page.next = static_cast<int>(*next);
  return page;
}

std::optional<MultipartPage> read_multiparts(std::string_view xml) {
  const Document document(xml, "ListMultipartUploadsResult");
  if (!document) return std::nullopt;
  const auto root = *document;
  MultipartPage page;
  for (const auto& node : root.children("Upload")) {
    auto key = key_of(root, node, "Key");
    auto id = word(node, "UploadId");
    const auto opened = read_time(node.child_value("Initiated"));
    if (!key || !id || id->empty() || !opened) return std::nullopt;
    page.multiparts.push_back({*std::move(key), *std::move(id), *opened});
  }
  if (!is_truncated(root)) return page;
  auto next_key = key_of(root, root, "NextKeyMarker");
  auto next_id = word(root, "NextUploadIdMarker");
  if (!next_key || next_key->empty() || !next_id) return std::nullopt;
  page.next_key = *std::move(next_key);
  page.next_id = *std::move(next_id);
  return page;
}

std::optional<std::string> read_opened(std::string_view xml) {
  const Document document(xml, "InitiateMultipartUploadResult");
  auto id = document ? word(*document, "UploadId") : std::nullopt;
  return id && !id->empty() ? id : std::nullopt;
}

std::optional<std::string> read_completed(std::string_view xml) {
  const Document document(xml, "CompleteMultipartUploadResult");
  return document ? read_etag((*document).child_value("ETag")) : std::nullopt;
}

std::string write_parts(const std::vector<uploads::StoredPart>& parts) {
  pugi::xml_document document;
  auto root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  for (const uploads::StoredPart& part : parts) {
    auto node = root.append_child("Part");
    node.append_child("PartNumber").text() = part.number;
    node.append_child("ETag").text() = fmt::format("\"{}\"", part.etag).c_str();
    if (const auto digest = uploads::parse_digest(part.sha256))
      node.append_child("ChecksumSHA256").text() = sigv4::to_base64(*digest).c_str();
  }
  struct Text final : pugi::xml_writer {
    void write(const void* data, std::size_t size) override {
      text.append(static_cast<const char*>(data), size);
    }
    std::string text;
  } writer;
  document.save(writer, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return std::move(writer.text);
}

}  // namespace orakgarak::storage::s3
