#pragma once
// What the routes need, and what they are held to. `app` fills it in; nothing here opens anything.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "http/alerts.h"
#include "http/catalogue.h"
#include "http/events.h"
#include "http/health.h"
#include "http/limits.h"
#include "http/rate.h"
#include "people/account_store.h"
#include "people/passwords.h"
#include "people/social_store.h"
#include "people/store.h"
#include "uploads/device.h"
#include "uploads/objects.h"
#include "uploads/presign.h"
#include "uploads/store.h"

namespace orakgarak::http {

/// The words of the page that one consents to have this number; a change of their sense raises it.
inline constexpr int consent_version = 1;

/// How far a group of those who listen to events is behind, as operators see it.
struct EventsLag {
  std::string group, topic;
  int partition = 0;
  std::int64_t events = 0;  ///< published and not done with
};

struct Service {
  uploads::UploadStore& uploads;
  uploads::ObjectStore& objects;
  uploads::Presigner& presigner;
  people::PeopleStore& people;
  people::AccountStore& accounts;
  people::Passwords& passwords;
  people::SocialStore& social;
  const Catalogue& catalogue;
  EventHub& events;
  Clock clock;
  Limits limits;
  std::string version;             ///< of the program
  std::string public_url;          ///< "https://sing.example"; empty: what the request's Host says
  std::string public_objects_url;  ///< the same of the objects' port
  std::uint16_t objects_port = 0;  ///< where public_objects_url is empty
  std::filesystem::path page;      ///< the built page; empty: there is none
  std::filesystem::path docs;      ///< Swagger UI as it was vendored; empty: there is none
  std::function<void(const Error&)> complain = [](const Error&) {};  ///< of what callers are not told
  Health* health = nullptr;                                          ///< nothing: always ready
  /// Errors: retry "events_unavailable".
  std::function<Result<std::vector<EventsLag>>()> events_lag = [] { return std::vector<EventsLag>(); };
  /// What is given out of the memory of this machine, as its processes count it.
  std::function<std::vector<uploads::DeviceState>()> devices = [] {
    return std::vector<uploads::DeviceState>();
  };
  /// Those that fire; no function: no Alertmanager is configured. Errors: retry "alerts_unavailable".
  std::function<Result<std::vector<Alert>>()> alerts = {};
  std::vector<std::string> storage_event_keys =
      {};                   ///< people::hash_of each; empty: no such events are taken
  std::string bucket = {};  ///< that they have to be of; empty: any

  TokenBuckets uploads_by_address{limits.uploads_an_hour, std::chrono::hours(1)};
  TokenBuckets sessions_by_address{limits.sessions_an_hour, std::chrono::hours(1)};
  TokenBuckets sign_ins_by_address{limits.sign_ins_an_hour, std::chrono::hours(1)};
  GrowingWaits wrong_passwords{};  ///< by address and account, or by session
};

}  // namespace orakgarak::http
