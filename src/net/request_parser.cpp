#include "net/request_parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>

namespace orakgarak::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

std::unexpected<Refusal> refused(int status, std::string code, std::string detail) {
  return std::unexpected(Refusal{status, std::move(code), std::move(detail)});
}

std::unexpected<Refusal> refused(const error_code& error) {
  if (error == http::error::bad_version)
    return refused(505, "http_version", "This server speaks HTTP/1.1 and HTTP/1.0: use one of them.");
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length ||
      error == http::error::bad_transfer_encoding)
    return refused(400, "bad_length",
                   "The lengths of the request contradict each other: send one Content-Length, or "
                   "Transfer-Encoding: chunked.");
  if (error == http::error::header_limit)
    return refused(431, "head_too_large", "The request has more fields than this server reads: send fewer.");
  if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension ||
      error == http::error::bad_line_ending)
    return refused(400, "bad_chunk", "The chunks of the request's body are not well-formed.");
  return refused(400, "bad_head", "The head of the request is not well-formed HTTP.");
}

std::string text(string_view view) { return {view.data(), view.size()}; }

}  // namespace

struct RequestParser::Beast : http::basic_parser<true> {
  RawHead* head = nullptr;      ///< set while a head is read
  std::string* body = nullptr;  ///< set while a body is read

  Beast() {
    eager(true);
    body_limit(boost::none);                                  // the exchange decides how much it takes
    header_limit(std::numeric_limits<std::uint32_t>::max());  // ServerOptions::head_bytes holds before this
  }

  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       error_code&) override {
    head->method = text(method);
    head->target = text(target);
    head->version = version;
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(http::field, string_view name, string_view value, error_code& error) override {
    if (!head) return;  // a trailer, which nobody here reads
    if (head->fields.all().size() == most_fields) {
      error = http::error::header_limit;
      return;
    }
    head->fields.add(text(name), text(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view bytes, error_code&) override {
    body->append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) override {
    body->append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_finish_impl(error_code&) override {}
};

std::expected<std::optional<std::size_t>, Refusal> find_head_end(std::string_view bytes, std::size_t& from) {
  if (!bytes.empty() && (bytes[0] < 'A' || bytes[0] > 'z'))
    return refused(400, "bad_head",
                   bytes[0] == 0x16 ? "This port speaks HTTP without TLS: use an address with http://."
                                    : "The head of the request is not well-formed HTTP.");
  while (true) {
    const auto newline = bytes.find('\n', from);
    if (newline == std::string_view::npos) {
      from = bytes.size();
      return std::nullopt;
    }
    // A line that ends without a carriage return, or that goes on the one before it (obs-fold), is read in
    // two ways by two programs. A line is gone on only where its next byte is there.
    const bool folded =
        newline + 1 < bytes.size() && (bytes[newline + 1] == ' ' || bytes[newline + 1] == '\t');
    if (newline == 0 || bytes[newline - 1] != '\r' || folded)
      return refused(400, "bad_head",
                     "Every line of a request's head has to end in CRLF and stand by itself.");
    if (newline >= 3 && bytes.substr(newline - 3, 4) == "\r\n\r\n") return newline + 1;
    from = newline;
    if (newline + 1 == bytes.size()) return std::nullopt;
    ++from;
  }
}

RequestParser::RequestParser() : beast_(std::make_unique<Beast>()) {}
RequestParser::~RequestParser() = default;

std::expected<RawHead, Refusal> RequestParser::head(std::string_view bytes) {
  RawHead head;
  error_code error;
  beast_->head = &head;
  beast_->put({bytes.data(), bytes.size()}, error);
  beast_->head = nullptr;
  if (error && error != http::error::need_more) return refused(error);
  if (!beast_->is_header_done()) return refused(http::error::bad_field);
  head.keep_alive = beast_->keep_alive();
  return head;
}

bool RequestParser::whole() const { return beast_->is_done(); }

std::expected<std::size_t, Refusal> RequestParser::body(std::string_view bytes, std::string& body) {
  // Beast 1.81 asserts five bytes where an empty body's "0\r\n" came alone; it has five before it ends.
  if (bytes.size() < 5 && bytes.starts_with("0\r")) return 0;
  error_code error;
  beast_->body = &body;
  const std::size_t used = beast_->put({bytes.data(), bytes.size()}, error);
  beast_->body = nullptr;
  if (error && error != http::error::need_more) return refused(error);
  return used;
}

}  // namespace orakgarak::net
