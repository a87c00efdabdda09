#include "http/health.h"

#include "http/problem.h"

namespace orakgarak::http {

Health::Health(std::function<Result<void>()> probe, std::chrono::milliseconds patience)
    : probe_(std::move(probe)), patience_(patience), thread_([this] { run(); }) {}

Health::~Health() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Health::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

Result<void> Health::ready() {
  const auto asked = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  const auto known = [&] { return stopping_ || began_ + patience_ > asked; };
  if (!known()) {
    wanted_ = true;
    changed_.notify_all();
    changed_.wait_until(lock, asked + patience_, known);
  }
  if (stopping_) return fail(ErrorKind::retry, "not_ready", "This server is stopping; another one answers.");
  if (!known() || !well_)
    return fail(ErrorKind::retry, "not_ready",
                "The rows cannot be reached; this server asks again by itself.");
  return {};
}

void Health::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ended_ || wanted_; });
    if (ended_) return;
    wanted_ = false;
    lock.unlock();
    const auto began = std::chrono::steady_clock::now();
    const bool well = probe_().has_value();
    lock.lock();
    began_ = began;
    well_ = well;
    changed_.notify_all();
  }
}

std::optional<net::Response> health_response(Health* health, const net::RequestHead& head,
                                             const std::string& trace_id) {
  if (head.path != "/healthz" && head.path != "/readyz") return std::nullopt;
  if (head.method != net::Method::get && head.method != net::Method::head) {
    auto response = problem(405, "method_not_allowed", "This address takes GET, HEAD only.", trace_id);
    response.fields.set("Allow", "GET, HEAD");
    return response;
  }
  if (head.path == "/readyz" && health)
    if (const auto ready = health->ready(); !ready) return problem(ready.error(), trace_id);
  net::Response response;
  response.fields = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = "ok\n";
  return response;
}

net::Handler observing_handler(Health& health, std::function<std::string()> metrics) {
  return [&health, metrics = std::move(metrics)](const net::RequestHead& head) {
    auto response = health_response(&health, head, head.trace.id());
    if (!response && head.path == "/metrics") {
      response.emplace();
      response->fields = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
                          {"Cache-Control", "no-store"}};
      response->body = metrics();
    }
    return net::answer(response ? std::move(*response)
                                : problem(404, "not_found", "There are /metrics, /healthz and /readyz here.",
                                          head.trace.id()));
  };
}

}  // namespace orakgarak::http
