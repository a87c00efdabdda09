#pragma once
// A browser's side of sending, byte for byte: it can say one length and send another.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "uploads/presign.h"

namespace orakgarak::uploads {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Answer {
  int status = 0;    ///< 0: there was none
  std::string head;  ///< lower case
  std::string body;
  std::string field(std::string_view name) const;  ///< name in lower case; empty where there is none
  /// <Code> of S3's XML; empty where there is none.
  std::string code() const;
};

/// One connection to "http://host:port[/…]".
class Connection {
 public:
  explicit Connection(std::string_view url);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();
  /// What the peer still takes: it may have answered already.
  void send(std::string_view bytes) const;
  /// The next answer.
  Answer answer();

 private:
  int fd_;
  std::string read_;
};

struct Url {
  std::string host;  ///< with its port
  std::string target;
};
Url parse_url(std::string_view url);

/// The fields of a form, then the file.
std::string form_body(const Fields& fields, std::string_view file);
Fields fields_of(const PresignedForm& form);
inline constexpr std::string_view form_type = "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk";

/// A request with these header fields beside Host; Content-Length is that of `body` unless it is named.
std::string request(std::string_view method, std::string_view url, const Fields& headers,
                    std::string_view body);
Answer send(std::string_view method, std::string_view url, const Fields& headers, std::string_view body);

Answer send_form(const std::string& url, const Fields& fields, std::string_view file);
Answer send_part(const PresignedPart& part, std::string_view bytes);

}  // namespace orakgarak::uploads
