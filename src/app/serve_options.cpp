#include "app/serve_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace orakgarak::app {
namespace {

std::string check_listen(const std::string& text) {
  return parse_listen(text) ? "" : "write it as ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080";
}

std::string check_origin(std::string& text) {
  auto origin = parse_origin(text);
  if (!origin) return "write it as https://HOST or https://HOST:PORT, without a path";
  text = std::move(*origin);
  return "";
}

std::string check_base_url(std::string& text) {
  auto url = parse_base_url(text);
  if (!url) return "write it as http://HOST:PORT, maybe with a path, without a user and a question mark";
  text = std::move(*url);
  return "";
}

/// A size such as 100MiB.
CLI::Option* add_bytes(CLI::App* command, const char* name, std::uint64_t& value, const char* text) {
  return command->add_option(name, value, text)
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 50))
      ->type_name("SIZE")
      ->group("Limits");
}

/// A duration as a whole number of its unit.
template <class Chrono>
void add_time(CLI::App* command, const char* name, Chrono& value, int most, const char* text) {
  command->add_option_function<int>(
             name, [&value](const int& count) { value = Chrono(count); }, text)
      ->check(CLI::Range(1, most))
      ->type_name("N")
      ->default_str(std::to_string(value.count()))
      ->group("Limits");
}

void add_count(CLI::App* command, const char* name, int& value, int most, const char* text) {
  command->add_option(name, value, text)
      ->check(CLI::Range(1, most))
      ->type_name("N")
      ->capture_default_str()
      ->group("Limits");
}

constexpr int a_day = 86'400, a_million = 1'000'000, ten_years = 3650;

/// Of files, and of how long things are kept: what those who work need to know.
void add_work_limits(CLI::App* command, RunOptions& run) {
  auto& limits = run.limits;
  add_bytes(command, "--most-upload", limits.upload_bytes, "of a take (default: 100MiB)");
  add_bytes(command, "--most-image", limits.image_bytes, "of a picture (default: 10MiB)");
  command->add_option("--most-pixels", limits.image_pixels, "of a picture")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 32))
      ->type_name("N")
      ->capture_default_str()
      ->group("Limits");
  add_time(command, "--most-take-seconds", limits.take, a_day, "of a take");
  add_time(command, "--keep-failed-days", limits.keep_failed, ten_years, "that bytes of failed uploads stay");
  add_time(command, "--keep-guest-days", limits.keep_guest, ten_years, "that a guest stays who is not seen");
  add_bytes(command, "--memory-budget", run.memory_bytes,
            "for work, of what all processes here may use (default: 50%)");
  add_bytes(command, "--decoder-memory", run.decoder_bytes, "of the decoder's process (default: 512MiB)");
  add_count(command, "--decoder-cpu-seconds", run.decoder_cpu_seconds, 3600, "of the decoder's process");
}

/// Of requests.
void add_limits(CLI::App* command, http::Limits& limits) {
  add_bytes(command, "--most-body", limits.body_bytes, "of a JSON body (default: 1MiB)");
  add_time(command, "--presign-seconds", limits.presign, a_day, "that a signed address can be used");
  add_time(command, "--pending-hours", limits.pending, 24 * 30, "until an upload that never came expires");
  add_count(command, "--most-page", limits.page, 1000, "items of a list");
  add_count(command, "--uploads-an-hour", limits.uploads_an_hour, a_million, "for a person and an address");
  add_count(command, "--sessions-an-hour", limits.sessions_an_hour, a_million, "for an address");
  add_count(command, "--sign-ins-an-hour", limits.sign_ins_an_hour, a_million, "for an address");
  add_bytes(command, "--most-of-guests", limits.guests_bytes,
            "of all guests' uploads together (default: 10GiB)");
  add_count(command, "--streams-a-person", limits.streams_a_person, 1000, "event streams");
}

CLI::Option* add_seconds(CLI::App* command, const char* name, int& value, const char* text) {
  return command->add_option(name, value, text)
      ->check(CLI::Range(0, 3600))
      ->type_name("N")
      ->capture_default_str();
}

/// Gives --workers.
CLI::Option* add_run(CLI::App* command, RunOptions& run) {
  add_seconds(command, "--stop-seconds", run.stop_seconds, "that running work gets to end in");
  add_seconds(command, "--wait-seconds", run.wait_seconds, "that PostgreSQL gets to answer in at the start");
  command
      ->add_option(
          "--log", run.log,
          "text: a line where somebody should do something; json: of all that happens (default: text "
          "on a terminal, else json)")
      ->transform(
          CLI::Transformer(std::map<std::string, LogForm>{{"text", LogForm::text}, {"json", LogForm::json}}))
      ->type_name("FORM");
  command->add_flag("--gpu", run.gpu, "hear the pitch of takes on the first GPU (the same reports)");
  return command->add_option("--workers", run.workers, "threads that work on uploads (default: one a core)")
      ->check(CLI::Range(1, 256))
      ->type_name("N");
}

CLI::Option* add_address(CLI::App* command, const char* name, std::string& value, const char* text) {
  return command->add_option(name, value, text)->check(check_listen)->type_name("ADDRESS:PORT");
}

void add_metrics_listen(CLI::App* command, std::string& value, const std::string& otherwise) {
  command
      ->add_option(
          "--metrics-listen", value,
          fmt::format("answers /metrics, /healthz and /readyz to operators, who ask from this machine or a "
                      "network of yours; \"off\": nowhere (default: {})",
                      otherwise))
      ->check([](const std::string& text) { return text == "off" ? "" : check_listen(text); })
      ->type_name("ADDRESS:PORT");
}

}  // namespace

void add_serve(CLI::App& app, ServeCommand& words) {
  auto* command = app.add_subcommand("serve", "Serve the page, the API and the uploads until Ctrl-C");
  add_address(command, "--listen", words.listen, "where the page and the API are; port 0: any free one")
      ->capture_default_str();
  add_address(command, "--objects-listen", words.objects_listen,
              "where browsers send files (default: the same address, the port after it)");
  add_metrics_listen(command, words.metrics_listen, "127.0.0.1, the port after that");
  command->add_option("--public-url", words.public_url, "as browsers reach the page (default: as they asked)")
      ->transform(CLI::Validator(check_origin, "URL"))
      ->type_name("URL");
  command->add_option("--public-objects-url", words.public_objects_url, "as browsers reach the files")
      ->transform(CLI::Validator(check_origin, "URL"))
      ->type_name("URL");
  auto* certificate =
      command->add_option("--tls-cert", words.tls_certificate, "PEM file: the certificate, then its chain")
          ->type_name("FILE");
  auto* key = command->add_option("--tls-key", words.tls_key, "PEM file: its key")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  command
      ->add_option("--trusted-proxy", words.trusted_proxies,
                   "address or block whose X-Forwarded-* are believed; may come several times")
      ->delimiter(',')
      ->type_name("CIDR");
  command
      ->add_option("--storage-events-key-file", words.storage_event_keys,
                   "take EventBridge's events of the bucket with one of these keys, one a line")
      ->type_name("FILE");
  auto* workers = add_run(command, words.run);
  command->add_flag("--no-work", words.no_work, "serve only: `worker` processes do the work")
      ->excludes(workers);
  add_seconds(command, "--drain-seconds", words.drain_seconds,
              "after a signal, that /readyz says no before anything else stops");
  command
      ->add_option("--alertmanager-url", words.alertmanager_url,
                   "Alertmanager, whose alerts the operators' page shows")
      ->transform(CLI::Validator(check_base_url, "URL"))
      ->type_name("URL");
  command->add_option("--page", words.page, "folder of another built page")->type_name("DIR");
  add_work_limits(command, words.run);
  add_limits(command, words.run.limits);
}

void add_worker(CLI::App& app, WorkerCommand& words) {
  auto* command = app.add_subcommand("worker", "Work on uploads beside `serve` processes, until Ctrl-C");
  add_run(command, words.run);
  add_metrics_listen(command, words.metrics_listen, "off");
  add_work_limits(command, words.run);
}

std::optional<Listen> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto address = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  else if (address.contains(':'))
    return std::nullopt;  // an IPv6 address without brackets: where would its port begin?
  unsigned port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (address.empty() || digits.empty() || fault != std::errc() || end != digits.data() + digits.size() ||
      port > 65'535)
    return std::nullopt;
  return Listen{std::string(address), static_cast<std::uint16_t>(port)};
}

std::string shown_url(const Listen& listen, std::uint16_t port, bool tls) {
  const bool here = listen.address == "127.0.0.1" || listen.address == "::1" || listen.address == "0.0.0.0" ||
                    listen.address == "::";
  const auto name = here                           ? std::string("localhost")
                    : listen.address.contains(':') ? fmt::format("[{}]", listen.address)
                                                   : listen.address;
  return fmt::format("{}://{}:{}", tls ? "https" : "http", name, port);
}

std::optional<std::string> parse_origin(std::string_view text) {
  if (text.ends_with('/')) text.remove_suffix(1);
  const auto after = text.find("://");
  if (after == std::string_view::npos) return std::nullopt;
  const auto scheme = text.substr(0, after), host = text.substr(after + 3);
  const auto plain = [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') ||
           std::string_view("-.:[]_").contains(c);
  };
  if ((scheme != "http" && scheme != "https") || host.empty() || !std::ranges::all_of(host, plain))
    return std::nullopt;
  return std::string(text);
}

std::optional<std::string> parse_base_url(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  const auto after = text.find("://");
  const auto slash = after == std::string_view::npos ? after : text.find('/', after + 3);
  auto url = parse_origin(text.substr(0, slash));
  if (!url || slash == std::string_view::npos) return url;
  const auto path = text.substr(slash);
  const auto plain = [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') ||
           std::string_view("/-._~").contains(c);
  };
  if (!std::ranges::all_of(path, plain)) return std::nullopt;
  return *url + std::string(path);
}

}  // namespace orakgarak::app
