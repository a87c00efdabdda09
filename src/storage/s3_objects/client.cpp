#include "storage/s3_objects/client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "net/http.h"
#include "storage/s3_objects/answers.h"
#include "uploads/sha256.h"

namespace orakgarak::storage::s3 {
namespace {

constexpr std::size_t most_idle = 32;           ///< handles; more are made while they are needed
constexpr std::size_t most_text = 8U << 20;     ///< bytes of an answer that is kept in memory
constexpr std::size_t most_fields = 64U << 10;  ///< bytes of an answer's header
constexpr long buffer_bytes = 256L << 10;       ///< of curl, for bodies either way

/// Once in a process, before the first handle.
void start_curl() {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!started) throw std::bad_alloc();
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::string payload_of(const Call& call) {
  if (const auto* file = std::get_if<FileBody>(&call.body)) return file->sha256;
  return uploads::to_hex(uploads::sha256(std::get<std::string>(call.body)));
}

}  // namespace

const std::string& Answer::field(std::string_view name) const {
  static const std::string none;
  const auto found = fields.find(name);
  return found == fields.end() ? none : found->second;
}

/// A curl handle that goes back to the idle ones.
class Client::Handle {
 public:
  explicit Handle(const Client& client) : client_(client) {
    {
      const std::scoped_lock lock(client.mutex_);
      if (!client.idle_.empty()) {
        curl_ = client.idle_.back();
        client.idle_.pop_back();
      }
    }
    if (curl_ == nullptr) curl_ = curl_easy_init();
    if (curl_ == nullptr) throw std::bad_alloc();
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    curl_easy_reset(curl_);  // keeps its connections
    {
      const std::scoped_lock lock(client_.mutex_);
      if (client_.idle_.size() < most_idle) {
        client_.idle_.push_back(std::exchange(curl_, nullptr));
      }
    }
    if (curl_ != nullptr) curl_easy_cleanup(curl_);
  }
  CURL* get() const { return curl_; }

 private:
  const Client& client_;
  CURL* curl_ = nullptr;
};

/// One request under way: what curl calls back into.
struct Client::Exchange {
  CURL* curl = nullptr;
  Answer answer;
  const BodySink* into = nullptr;
  std::optional<Error> sink_error;
  bool too_much = false;
  std::size_t field_bytes = 0;
  std::unique_ptr<curl_slist, FreeList> headers;
  const FileBody* file = nullptr;
  off_t sent = 0;

  static std::size_t on_field(char* data, std::size_t one, std::size_t size, void* self) {
    return static_cast<Exchange*>(self)->take_field({data, one * size}) ? size : 0;
  }
  static std::size_t on_body(char* data, std::size_t one, std::size_t size, void* self) {
    return static_cast<Exchange*>(self)->take_body({data, one * size}) ? size : 0;
  }
  static std::size_t on_send(char* into, std::size_t one, std::size_t size, void* self) {
    return static_cast<Exchange*>(self)->give_body({into, one * size});
  }
  static int on_seek(void* self, curl_off_t to, int from) {
    if (from != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Exchange*>(self)->sent = to;
    return CURL_SEEKFUNC_OK;
  }

  bool take_field(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // also after "100 Continue"
      answer.fields.clear();
      field_bytes = 0;
      return true;
    }
    field_bytes += line.size();
    too_much |= field_bytes > most_fields;
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
      answer.fields[sigv4::lower(line.substr(0, colon))] = without_blanks(line.substr(colon + 1));
    return !too_much;
  }

  bool take_body(std::string_view bytes) {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    if (into != nullptr && answer.is_good()) {
      auto taken = (*into)(answer, std::as_bytes(std::span(bytes)));
      if (!taken) sink_error = std::move(taken.error());
      return !sink_error;
    }
    too_much |= bytes.size() > most_text - answer.body.size();
    if (!too_much) answer.body += bytes;
    return !too_much;
  }

  std::size_t give_body(std::span<char> to) {
    ssize_t got = -1;
    do got = ::pread(file->fd, to.data(), to.size(), sent);
    while (got < 0 && errno == EINTR);
    if (got < 0) return CURL_READFUNC_ABORT;
    sent += got;
    return static_cast<std::size_t>(got);
  }

  void add_header(const std::string& line) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(headers.release());
    headers.reset(longer);
  }
};

Client::Client(S3Options options, Clock clock, Patience patience)
    : options_(std::move(options)),
      clock_(std::move(clock)),
      patience_(patience),
      signer_{options_.access_key, options_.secret_key, options_.region, "s3", options_.session_token},
      place_{options_.path_style ? "/" + options_.bucket : "", options_.bucket},
      origin_(s3_origin(options_)),
      host_(sigv4::host_of(origin_)),
      asked_{options_.bucket, options_.endpoint} {
  start_curl();
}

Client::~Client() {
  for (CURL* curl : idle_) curl_easy_cleanup(curl);
}

void Client::set_body(CURL* curl, const Call& call, Exchange& exchange) const {
  if (call.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (call.method == "PUT") {
    exchange.file = &std::get<FileBody>(call.body);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(exchange.file->size));
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, &Exchange::on_send);
    curl_easy_setopt(curl, CURLOPT_READDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, &Exchange::on_seek);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, buffer_bytes);
  } else if (call.method == "POST") {
    const auto& text = std::get<std::string>(call.body);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(text.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, text.c_str());
  } else {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    if (call.method != "GET") curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method.c_str());
  }
}

void Client::prepare(CURL* curl, const Call& call, Exchange& exchange) const {
  exchange.curl = curl;
  const std::string path = place_.path + "/" + call.key;
  sigv4::Request request{call.method, path, call.query, call.headers, payload_of(call)};
  request.headers.emplace_back("host", host_);
  for (const auto& [name, value] : sigv4::sign_headers(signer_, std::move(request), clock_()))
    exchange.add_header(fmt::format("{}: {}", name, value));
  exchange.add_header("Content-Type:");  // none that curl makes up; ours is among those above
  std::string url = origin_ + net::percent_encode(path, true);
  for (std::size_t i = 0; i < call.query.size(); ++i)
    url += fmt::format("{}{}={}", i == 0 ? '?' : '&', net::percent_encode(call.query[i].first),
                       net::percent_encode(call.query[i].second));
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, buffer_bytes);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience_.connect.count()));
  const auto stall = call.puts_together ? patience_.complete : patience_.stall;
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1024L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(stall.count()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, exchange.headers.get());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Exchange::on_field);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
  set_body(curl, call, exchange);
}

Result<Answer> Client::ask(const Call& call, const BodySink& into) const {
  const Handle handle(*this);
  Exchange exchange;
  if (into) exchange.into = &into;
  prepare(handle.get(), call, exchange);
  const CURLcode outcome = curl_easy_perform(handle.get());
  if (exchange.sink_error) return std::unexpected(std::move(*exchange.sink_error));
  if (exchange.too_much) return std::unexpected(no_answer(asked_, "it sends more than an answer can be"));
  if (outcome != CURLE_OK) return std::unexpected(no_answer(asked_, curl_easy_strerror(outcome)));
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  exchange.answer.status = static_cast<int>(status);
  return std::move(exchange.answer);
}

Result<Answer> Client::get(const Call& call, const BodySink& into) const {
  auto answer = ask(call, into);
  if (answer && !answer->is_good()) return refused(*answer);
  return answer;
}

std::unexpected<Error> Client::refused(const Answer& answer) const {
  return std::unexpected(error_of(asked_, answer.status, error_code(answer.body)));
}

std::unexpected<Error> Client::unreadable() const {
  return std::unexpected(no_answer(asked_, "what it says is not S3"));
}

}  // namespace orakgarak::storage::s3
