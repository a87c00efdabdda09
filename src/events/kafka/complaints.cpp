#include "events/kafka/complaints.h"

namespace orakgarak::events {

Complaints::Complaints(std::function<void(const Error&)> complain, std::vector<std::string> secrets,
                       SteadyClock now)
    : complain_(std::move(complain)), secrets_(std::move(secrets)), now_(std::move(now)) {}

void Complaints::tell(std::string_view kind, std::string_view what) {
  ++errors_;
  {
    const std::lock_guard lock(mutex_);
    const auto now = now_();
    const auto told = told_.find(kind);
    if (told == told_.end()) {
      told_.emplace(kind, Told{now});
    } else {
      if (!told->second.well_since || now - told->second.at < std::chrono::minutes(1)) return;
      told->second = {now};
    }
  }
  if (complain_)
    complain_(fail(ErrorKind::retry, "events_unavailable", "Kafka: " + without_secrets(what)).error());
}

void Complaints::well() {
  const std::lock_guard lock(mutex_);
  for (auto& [kind, told] : told_) told.well_since = true;
}

std::string Complaints::without_secrets(std::string_view text) const {
  std::string clean(text);
  for (const std::string& secret : secrets_)
    for (std::size_t at = 0; !secret.empty() && (at = clean.find(secret, at)) != std::string::npos; at += 3)
      clean.replace(at, secret.size(), "***");
  return clean;
}

}  // namespace orakgarak::events
