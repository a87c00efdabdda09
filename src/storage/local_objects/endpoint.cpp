#include "storage/local_objects/endpoint.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <expected>
#include <map>
#include <memory>

#include "storage/local_objects/byte_range.h"
#include "storage/local_objects/folder.h"
#include "storage/local_objects/form_data.h"
#include "storage/local_objects/parts.h"
#include "storage/local_objects/s3_error.h"
#include "storage/local_objects/signer.h"
#include "storage/local_objects/turns.h"
#include "storage/object_key.h"
#include "storage/sigv4/encoding.h"
#include "storage/sigv4/post_policy.h"
#include "storage/sigv4/presigned_url.h"
#include "uploads/sha256.h"

namespace orakgarak::storage {
namespace {

using net::Exchange;
using net::RequestHead;
using net::Response;
using uploads::Digest;

template <class T>
using Checked = std::expected<T, S3Error>;

/// What all exchanges share.
struct Endpoint {
  Folder folder;
  sigv4::Signer signer;
  EndpointOptions options;
  std::shared_ptr<Turns> turns = std::make_shared<Turns>();
};

/// How one request is answered: with what lets the page read it.
class Answers {
 public:
  Answers(const Endpoint& endpoint, const RequestHead& head) {
    const auto origin = head.fields.get("Origin");
    if (!origin || !endpoint.options.allowed_origin || !endpoint.options.allowed_origin(head, *origin))
      return;
    fields_ = {{"Access-Control-Allow-Origin", std::string(*origin)},
               {"Access-Control-Expose-Headers", "ETag, x-amz-error-code"}};
    allowed_ = true;
  }
  bool allowed_origin() const { return allowed_; }

  Response with(int status) const {
    Response response{.status = status, .fields = fields_, .body = {}};
    response.fields.set("Vary", "Origin");
    return response;
  }
  Response stored(int status, const Digest& digest) const {
    Response response = with(status);
    response.fields.set("ETag", fmt::format("\"{}\"", uploads::to_hex(digest)));
    return response;
  }
  Response refused(const S3Error& error) const {
    Response response = with(error.status);
    response.fields.set("Content-Type", "application/xml");
    response.fields.set("x-amz-error-code", std::string(error.code));
    if (error.status == 405) response.fields.set("Allow", "GET, OPTIONS, POST, PUT");
    response.body = to_xml(error);
    return response;
  }

 private:
  net::Fields fields_;
  bool allowed_ = false;
};

/// A file that comes: held to its length at every byte, and to its checksum at its end.
class Incoming {
 public:
  /// name: what it will be, of which only a few come at once.
  static Checked<Incoming> make(const Endpoint& endpoint, const std::string& name, std::uint64_t least,
                                std::uint64_t most, std::string_view checksum_base64) {
    const auto checksum = sigv4::from_base64(checksum_base64);
    if (!checksum || checksum->size() != std::tuple_size_v<Digest>) return std::unexpected(no_checksum);
    auto turn = endpoint.turns->take(name);
    if (!turn) return std::unexpected(too_many_at_once);
    auto file = HalfFile::make(endpoint.folder);
    if (!file) return std::unexpected(s3_error(file.error()));
    if (auto room = file->reserve(most); !room) return std::unexpected(s3_error(room.error()));
    Incoming made(std::move(turn), *std::move(file), least, most);
    std::ranges::copy(*checksum, made.expected_.begin());
    return made;
  }

  Checked<void> add(std::span<const std::byte> bytes) {
    if (bytes.size() > most_ - size_) return std::unexpected(entity_too_large);
    size_ += bytes.size();
    hash_.add(bytes);
    if (auto written = file_.write(bytes); !written) return std::unexpected(s3_error(written.error()));
    return {};
  }
  Checked<void> end() {
    if (size_ < least_) return std::unexpected(entity_too_small);
    if (hash_.finish() != expected_) return std::unexpected(bad_digest);
    return {};
  }
  const Digest& digest() const { return expected_; }
  HalfFile file() && { return std::move(file_); }

 private:
  Incoming(Turns::Turn turn, HalfFile file, std::uint64_t least, std::uint64_t most)
      : turn_(std::move(turn)), file_(std::move(file)), least_(least), most_(most) {}
  Turns::Turn turn_;  ///< until the file is placed or gone
  HalfFile file_;
  uploads::Sha256 hash_;
  std::uint64_t least_, most_, size_ = 0;
  Digest expected_{};
};

/// POST /: a form with a file.
class FormUpload final : public Exchange {
 public:
  FormUpload(std::shared_ptr<const Endpoint> endpoint, Answers answers, std::uint64_t length,
             std::string_view boundary)
      : endpoint_(std::move(endpoint)), answers_(std::move(answers)), length_(length), reader_(boundary) {}

  std::optional<Response> take(std::span<const std::byte> bytes) override {
    reader_.append(bytes);
    for (;;) {
      const auto event = reader_.next();
      if (!event) return refuse(s3_error(event.error()));
      if (!*event) return std::nullopt;
      if (const auto done = handle(**event); !done) return refuse(done.error());
    }
  }

  Response finish() override {
    if (!whole_) return refuse(file_ ? malformed_post : no_file);
    const Digest digest = file_->digest();
    const auto placed = place_object(endpoint_->folder, key_, std::move(*file_).file());
    file_.reset();
    if (!placed) return refuse(s3_error(placed.error()));
    if (endpoint_->options.arrived) endpoint_->options.arrived(key_);
    return answers_.stored(204, digest);
  }

 private:
  Response refuse(const S3Error& error) {
    file_.reset();  // the disk has it back at once, however slowly the client reads
    return answers_.refused(error);
  }

  Checked<void> handle(const FormEvent& event) {
    switch (event.kind) {
      case FormEvent::Kind::field:
        break;
      case FormEvent::Kind::file_begins:
        return begin_file();
      case FormEvent::Kind::file_bytes:
        return file_->add(event.bytes);
      case FormEvent::Kind::file_ends:
        whole_ = true;
        return file_->end();
    }
    if (!fields_.emplace(event.name, event.value).second) return std::unexpected(twice_a_field);
    return {};
  }

  /// The fields are all there is to know: before a byte of the file is kept, they must be as signed.
  Checked<void> begin_file() {
    const auto policy = sigv4::verify_post(endpoint_->signer, fields_, endpoint_->options.clock());
    if (!policy) return std::unexpected(s3_error(policy.error()));
    key_ = fields_["key"];
    if (!is_key(key_)) return std::unexpected(bad_object_key);
    const auto left = length_ - std::min(length_, reader_.before_file());
    if (left < policy->least) return std::unexpected(entity_too_small);
    if (left > policy->most + most_form_bytes) return std::unexpected(entity_too_large);
    auto file =
        Incoming::make(*endpoint_, key_, policy->least, policy->most, fields_["x-amz-checksum-sha256"]);
    if (!file) return std::unexpected(file.error());
    file_.emplace(*std::move(file));
    return {};
  }
  std::shared_ptr<const Endpoint> endpoint_;
  Answers answers_;
  std::uint64_t length_;
  FormReader reader_;
  std::map<std::string, std::string> fields_;
  std::string key_;
  std::optional<Incoming> file_;
  bool whole_ = false;
};

/// A part of a multipart upload, as its URL names it.
struct PartName {
  std::string key, multipart;
  int number = 0;
};

/// PUT /KEY?partNumber=…&uploadId=…
class PartUpload final : public Exchange {
 public:
  PartUpload(std::shared_ptr<const Endpoint> endpoint, Answers answers, PartName name, std::uint64_t length,
             Incoming file)
      : endpoint_(std::move(endpoint)),
        answers_(std::move(answers)),
        name_(std::move(name)),
        left_(length),
        file_(std::move(file)) {}

  std::optional<Response> take(std::span<const std::byte> bytes) override {
    if (const auto added = file_->add(bytes); !added) return refuse(added.error());
    left_ -= bytes.size();
    return std::nullopt;
  }

  Response finish() override {
    if (left_ > 0) return refuse(incomplete_body);
    if (const auto ended = file_->end(); !ended) return refuse(ended.error());
    const Digest digest = file_->digest();
    const auto put = put_part(endpoint_->folder, name_.key, name_.multipart, name_.number,
                              std::move(*file_).file(), digest);
    file_.reset();
    return put ? answers_.stored(200, digest) : refuse(s3_error(put.error()));
  }

 private:
  Response refuse(const S3Error& error) {
    file_.reset();
    return answers_.refused(error);
  }

  std::shared_ptr<const Endpoint> endpoint_;
  Answers answers_;
  PartName name_;
  std::uint64_t left_;
  std::optional<Incoming> file_;
};

std::string value_of(const sigv4::Pairs& query, std::string_view name) {
  const auto found = std::ranges::find_if(query, [&](const auto& pair) { return pair.first == name; });
  return found == query.end() ? std::string() : found->second;
}

/// The query of a request that is as it was signed, these headers included.
Checked<sigv4::Pairs> check_signed(const Endpoint& endpoint, const RequestHead& head,
                                   std::initializer_list<std::string_view> needed) {
  auto query = net::parse_query(head.query);
  if (!query) return std::unexpected(s3_error(sigv4::Refusal::malformed));
  const auto header = [&](std::string_view name) -> std::optional<std::string> {
    if (name == "host") return head.host;
    if (name == "content-length")
      return head.content_length.transform([](auto n) { return std::to_string(n); });
    const auto value = head.fields.get(name);
    return value ? std::optional(std::string(*value)) : std::nullopt;
  };
  const auto names = sigv4::verify_query(endpoint.signer, net::to_string(head.method), head.path, *query,
                                         header, endpoint.options.clock());
  if (!names) return std::unexpected(s3_error(names.error()));
  for (const std::string_view name : needed)
    if (std::ranges::find(*names, name) == names->end()) return std::unexpected(loosely_signed);
  return *std::move(query);
}

/// Signed for exactly this length and checksum, and naming a part that may come.
Checked<PartName> check_part(const Endpoint& endpoint, const RequestHead& head) {
  const auto query = check_signed(endpoint, head, {"content-length", "host", "x-amz-checksum-sha256"});
  if (!query) return std::unexpected(query.error());
  PartName part{head.path.substr(1), value_of(*query, "uploadId")};
  const std::string number = value_of(*query, "partNumber");
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), part.number);
  if (fault != std::errc{} || end != number.data() + number.size() || part.number < 1 ||
      part.number > most_parts)
    return std::unexpected(bad_part_number);
  if (!is_key(part.key)) return std::unexpected(bad_object_key);
  if (const auto open = multipart_is_open(endpoint.folder, part.key, part.multipart); !open)
    return std::unexpected(s3_error(open.error()));
  return part;
}

std::unique_ptr<Exchange> take_part(const std::shared_ptr<const Endpoint>& endpoint, Answers answers,
                                    const RequestHead& head) {
  auto part = check_part(*endpoint, head);
  if (!part) return net::answer(answers.refused(part.error()));
  const auto name = fmt::format("{}?{}", part->key, part->number);
  auto file = Incoming::make(*endpoint, name, *head.content_length, *head.content_length,
                             head.fields.get("x-amz-checksum-sha256").value_or(""));
  if (!file) return net::answer(answers.refused(file.error()));
  return std::make_unique<PartUpload>(endpoint, std::move(answers), *std::move(part), *head.content_length,
                                      *std::move(file));
}

std::unique_ptr<Exchange> take_form(const std::shared_ptr<const Endpoint>& endpoint, Answers answers,
                                    const RequestHead& head) {
  const auto boundary = form_boundary(head.fields.get("Content-Type").value_or(""));
  if (!boundary) return net::answer(answers.refused(not_a_form));
  return std::make_unique<FormUpload>(endpoint, std::move(answers), *head.content_length, *boundary);
}

/// GET /KEY: all of the object, or the one range that is asked for.
Checked<Response> give(const Endpoint& endpoint, const Answers& answers, const RequestHead& head) {
  const auto query = check_signed(endpoint, head, {"host"});
  if (!query) return std::unexpected(query.error());
  const auto key = head.path.substr(1);
  if (!is_key(key)) return std::unexpected(bad_object_key);
  const uploads::OpenFile file(
      ::open((endpoint.folder.objects / key).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat facts{};
  if (file.fd() < 0 || ::fstat(file.fd(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return std::unexpected(no_such_key);
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  const auto range = byte_range(head.fields.get("Range").value_or(""), size);
  if (!range) return std::unexpected(invalid_range);
  const auto part = range->value_or(ByteRange{0, size});
  Response response = answers.with(*range ? 206 : 200);
  if (*range)
    response.fields.set("Content-Range",
                        fmt::format("bytes {}-{}/{}", part.first, part.first + part.length - 1, size));
  response.fields.set("Accept-Ranges", "bytes");
  response.fields.set("Cache-Control", "private, no-cache");
  response.fields.set("X-Content-Type-Options", "nosniff");
  response.fields.set("Content-Security-Policy", "default-src 'none'; sandbox");
  response.fields.set("Content-Type", value_of(*query, "response-content-type"));
  if (const auto how = value_of(*query, "response-content-disposition"); !how.empty())
    response.fields.set("Content-Disposition", how);
  response.body = net::FileBody{::fcntl(file.fd(), F_DUPFD_CLOEXEC, 0), part.first, part.length};
  return response;
}

/// Before a page of another origin sends, its browser asks whether it may.
Response preflight(const Answers& answers) {
  if (!answers.allowed_origin()) return answers.refused(cors_refused);
  Response response = answers.with(204);
  response.fields.set("Access-Control-Allow-Methods", "POST, PUT");
  response.fields.set("Access-Control-Allow-Headers", "Content-Type, x-amz-checksum-sha256");
  response.fields.set("Access-Control-Max-Age", "3600");
  return response;
}

}  // namespace

Result<net::Handler> local_objects_endpoint(const std::filesystem::path& path, EndpointOptions options) {
  auto folder = open_folder(path);
  if (!folder) return std::unexpected(std::move(folder.error()));
  auto signer = open_signer(*folder);
  if (!signer) return std::unexpected(std::move(signer.error()));
  auto endpoint =
      std::make_shared<const Endpoint>(*std::move(folder), *std::move(signer), std::move(options));
  return [endpoint](const RequestHead& head) -> std::unique_ptr<Exchange> {
    Answers answers(*endpoint, head);
    if (head.method == net::Method::options) return net::answer(preflight(answers));
    if (head.method == net::Method::get) {
      auto given = give(*endpoint, answers, head);
      return net::answer(given ? *std::move(given) : answers.refused(given.error()));
    }
    const bool form = head.method == net::Method::post && head.path == "/";
    if (!form && head.method != net::Method::put) return net::answer(answers.refused(method_not_allowed));
    if (!head.content_length) return net::answer(answers.refused(missing_length));
    return form ? take_form(endpoint, std::move(answers), head)
                : take_part(endpoint, std::move(answers), head);
  };
}

}  // namespace orakgarak::storage
