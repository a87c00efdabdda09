#include "app/alertmanager.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <new>

namespace orakgarak::app {
namespace {

constexpr auto good_for = std::chrono::seconds(1);

struct EndHandle {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

std::unexpected<Error> no_answer(std::string_view why) {
  return fail(ErrorKind::retry, "alerts_unavailable",
              fmt::format("Alertmanager gives no answer ({}). Is it running, and is --alertmanager-url its "
                          "address?",
                          why));
}

/// Ends the exchange where the body is too long.
std::size_t take_body(char* data, std::size_t one, std::size_t size, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (one * size > http::most_alerts_bytes + 1 - body.size()) return 0;
  body.append(data, one * size);
  return one * size;
}

}  // namespace

Alertmanager::Alertmanager(std::string url, std::chrono::milliseconds patience)
    : url_(std::move(url) + "/api/v2/alerts"), patience_(patience) {}

Result<std::vector<http::Alert>> Alertmanager::firing() {
  const std::scoped_lock lock(mutex_);
  if (!asked_ || std::chrono::steady_clock::now() - *asked_ > good_for) {
    answer_ = ask();
    asked_ = std::chrono::steady_clock::now();
  }
  return answer_;
}

Result<std::vector<http::Alert>> Alertmanager::ask() const {
  const std::unique_ptr<CURL, EndHandle> curl(curl_easy_init());
  if (!curl) throw std::bad_alloc();
  std::string body;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url_.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(patience_.count()));
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  const CURLcode outcome = curl_easy_perform(curl.get());
  if (outcome == CURLE_WRITE_ERROR) return no_answer("it says more than 1 MiB");
  if (outcome != CURLE_OK) return no_answer(curl_easy_strerror(outcome));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return no_answer(fmt::format("status {}", status));
  return http::read_alerts(body);
}

}  // namespace orakgarak::app
