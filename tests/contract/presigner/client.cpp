#include "client.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace orakgarak::uploads {
namespace {

constexpr timeval patience{20, 0};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

std::string Answer::field(std::string_view name) const {
  const std::string start = "\r\n" + std::string(name) + ": ";
  const auto at = head.find(start);
  if (at == std::string::npos) return {};
  return head.substr(at + start.size(), head.find("\r\n", at + 2) - at - start.size());
}

std::string Answer::code() const {
  const auto from = body.find("<Code>"), to = body.find("</Code>");
  return from == std::string::npos || to == std::string::npos ? "" : body.substr(from + 6, to - from - 6);
}

Url parse_url(std::string_view url) {
  const auto host = url.substr(url.find("://") + 3);
  const auto slash = host.find('/');
  if (slash == std::string_view::npos) return {std::string(host), "/"};
  return {std::string(host.substr(0, slash)), std::string(host.substr(slash))};
}

Connection::Connection(std::string_view url) : fd_(-1) {
  const std::string host = parse_url(url).host;
  const auto colon = host.rfind(':');
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_socktype = SOCK_STREAM;
  std::string name = host.substr(0, colon);
  if (name.ends_with(".localhost")) name = "127.0.0.1";  // RFC 6761; browsers know it, the C library does not
  if (::getaddrinfo(name.c_str(), host.substr(colon + 1).c_str(), &wanted, &found) != 0)
    throw std::runtime_error("no address for " + host);
  for (const addrinfo* at = found; at != nullptr && fd_ < 0; at = at->ai_next) {
    fd_ = ::socket(at->ai_family, at->ai_socktype, 0);
    if (::connect(fd_, at->ai_addr, at->ai_addrlen) == 0) break;
    ::close(std::exchange(fd_, -1));
  }
  ::freeaddrinfo(found);
  if (fd_ < 0) throw std::runtime_error("nobody listens on " + host);
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

Connection::~Connection() { ::close(fd_); }

void Connection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

Answer Connection::answer() {
  Answer answer;
  const auto more = [&] {
    char buffer[16384];
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got > 0) read_.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  };
  while (read_.find("\r\n\r\n") == std::string::npos)
    if (!more()) return answer;
  const auto end = read_.find("\r\n\r\n") + 4;
  answer.head = lower(read_.substr(0, end));
  answer.status = std::stoi(answer.head.substr(answer.head.find(' ') + 1, 3));
  read_.erase(0, end);
  const std::string length = answer.field("content-length");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  while (read_.size() < size)
    if (!more()) break;
  answer.body = read_.substr(0, size);
  read_.erase(0, size);
  return answer;
}

std::string form_body(const Fields& fields, std::string_view file) {
  const std::string start = "--" + std::string(form_type.substr(form_type.find('=') + 1));
  std::string body;
  for (const auto& [name, value] : fields)
    body += start + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  body += start + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"blob\"\r\n" +
          "Content-Type: application/octet-stream\r\n\r\n";
  body += file;
  return body + "\r\n" + start + "--\r\n";
}

Fields fields_of(const PresignedForm& form) { return {form.fields.begin(), form.fields.end()}; }

std::string request(std::string_view method, std::string_view url, const Fields& headers,
                    std::string_view body) {
  const Url parsed = parse_url(url);
  std::string text = std::string(method) + " " + parsed.target + " HTTP/1.1\r\nHost: " + parsed.host + "\r\n";
  bool has_length = false;
  for (const auto& [name, value] : headers) {
    text += name + ": " + value + "\r\n";
    has_length |= name == "Content-Length" || name == "Transfer-Encoding";
  }
  if (!has_length) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

Answer send(std::string_view method, std::string_view url, const Fields& headers, std::string_view body) {
  Connection connection(url);
  connection.send(request(method, url, headers, body));
  return connection.answer();
}

Answer send_form(const std::string& url, const Fields& fields, std::string_view file) {
  return send("POST", url, {{"Content-Type", std::string(form_type)}}, form_body(fields, file));
}

Answer send_part(const PresignedPart& part, std::string_view bytes) {
  return send("PUT", part.url, {part.headers.begin(), part.headers.end()}, bytes);
}

}  // namespace orakgarak::uploads
