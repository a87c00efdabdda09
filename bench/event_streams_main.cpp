// How long a singer waits for word of a transition, and what the waiting costs the server: `serve` with
// thousands of open event streams while takes go through all of their states, and, as the baseline, the same
// singers asking once a second.
//
//   bench_event_streams ORAKGARAK [--sessions N] [--seconds N]      default 5000, 30
//
// The server is the program itself, in a process of its own. Its sessions are made in its database before it
// starts; transitions are those of takes that are declared, sent and heard by its own workers. Ends with 1
// when a transition comes too late, twice, or not at all, or the server takes more memory than was promised.
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <thread>

#include "client.h"
#include "event_clients.h"
#include "process_usage.h"
#include "storage/sqlite/people.h"
#include "storage/sqlite/uploads.h"
#include "uploads/sha256.h"

namespace {

namespace fs = std::filesystem;
using namespace orakgarak;
using bench::Client, bench::EventClients, bench::Heard, bench::Way;
using std::chrono::seconds, std::chrono::milliseconds, std::chrono::steady_clock;

constexpr double most_p99_ms = 1000, most_mib = 100;
constexpr int transitions_a_second = 50, transitions_a_take = 8;
constexpr rlim_t usual_open_files = 1024;  ///< of a login shell

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// `serve` on free ports, with as many open files as a shell gives it.
class ServerProcess {
 public:
  ServerProcess(const fs::path& program, const fs::path& data) {
    int out[2];
    if (::pipe(out) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      rlimit files{};
      ::getrlimit(RLIMIT_NOFILE, &files);
      files.rlim_cur = std::min(files.rlim_max, usual_open_files);
      ::setrlimit(RLIMIT_NOFILE, &files);
      ::dup2(out[1], STDOUT_FILENO);
      ::execl(program.c_str(), program.c_str(), "--data", data.c_str(), "serve", "--listen", "127.0.0.1:0",
              "--objects-listen", "127.0.0.1:0", "--uploads-an-hour", "1000000", nullptr);
      ::_exit(127);
    }
    ::close(out[1]);
    std::string said;
    char letter = 0;
    while (said.find("stops it") == std::string::npos && ::read(out[0], &letter, 1) == 1) said += letter;
    ::close(out[0]);
    const auto port = said.find("localhost:");
    if (port == std::string::npos) throw std::runtime_error("serve did not start");
    port_ = static_cast<std::uint16_t>(std::stoi(said.substr(port + 10, 5)));
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }
  std::uint16_t port() const { return port_; }

 private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

struct Singers {
  std::vector<Client> clients;
  std::vector<uploads::OwnerId> owners;
};

Singers make_singers(people::PeopleStore& people, int count) {
  Singers singers;
  const Time now = system_now();
  for (int i = 0; i < count; ++i) {
    const auto owner = uploads::OwnerId::make(now);
    const auto token = people::new_token();
    ok(people.begin(owner, people::hash_of(token), 1, now, now + std::chrono::hours(1)));
    singers.owners.push_back(owner);
    singers.clients.push_back({.cookie = "orakgarak_session=" + token.text});
  }
  return singers;
}

/// A quarter of a second of silence as WAV: all states, little to hear.
std::string short_take() {
  const auto little = [](std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 255U);
    return text;
  };
  constexpr std::uint32_t rate = 8000, size = rate / 4 * 2;
  return "RIFF" + little(36 + size, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) + little(1, 2) +
         little(rate, 4) + little(2 * rate, 4) + little(2, 2) + little(16, 2) + "data" + little(size, 4) +
         std::string(size, '\0');
}

/// Declares a take and sends it, as a browser does.
void send_take(std::uint16_t port, const std::string& cookie, const std::string& take) {
  const nlohmann::json declared{{"kind", "take"},
                                {"size", take.size()},
                                {"content_type", "audio/wav"},
                                {"sha256", uploads::to_hex(uploads::sha256(take))}};
  const auto made =
      uploads::send("POST", fmt::format("http://127.0.0.1:{}/v1/uploads", port),
                    {{"Cookie", cookie}, {"Content-Type", "application/json"}}, declared.dump());
  if (made.status != 201) throw std::runtime_error(fmt::format("{} {}", made.status, made.body));
  const auto form = nlohmann::json::parse(made.body).at("send");
  uploads::Fields fields;
  for (const auto& [name, value] : form.at("fields").items()) fields.emplace_back(name, value);
  const auto sent = uploads::send_form(form.at("url"), fields, take);
  if (sent.status != 204) throw std::runtime_error(fmt::format("{} {}", sent.status, sent.body));
}

/// Takes of singers by chance, evenly over the time.
void send_takes(std::uint16_t port, const std::vector<std::string>& cookies, seconds duration) {
  const auto take = short_take();
  std::minstd_rand random(1);
  const auto begun = steady_clock::now();
  const auto count = duration.count() * transitions_a_second / transitions_a_take;
  for (int i = 0; i < count; ++i) {
    std::this_thread::sleep_until(begun + duration * i / count);
    send_take(port, cookies[random() % cookies.size()], take);
  }
}

struct Bench {
  const ServerProcess& server;
  uploads::UploadStore& store;
  Singers& singers;
};

bool all_is_done(uploads::UploadStore& store) {
  const auto backlog = ok(store.backlog(system_now()));
  return backlog.events == 0 && std::ranges::all_of(backlog.stages, [](const auto& stage) {
           return stage.waiting == 0 && stage.running == 0;
         });
}

/// Transitions that the table has and the clients have not heard of.
std::int64_t missing(const Bench& bench) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < bench.singers.owners.size(); ++i)
    count += ok(bench.store.last_sequence(bench.singers.owners[i])) - bench.singers.clients[i].after;
  return count;
}

struct Load {
  double seconds = 0;
  double cores = 0;  ///< that the server used
};

/// Sends takes for `duration`, and goes on with `meanwhile` until the server is done with them.
Load under_load(const Bench& bench, seconds duration, const std::function<void(milliseconds)>& meanwhile) {
  std::vector<std::string> cookies;
  for (const auto& client : bench.singers.clients) cookies.push_back(client.cookie);
  std::exception_ptr fault;
  const double before = bench::cpu_seconds(bench.server.pid());
  const auto begun = steady_clock::now();
  {
    std::jthread sending([&] {
      try {
        send_takes(bench.server.port(), cookies, duration);
      } catch (...) {
        fault = std::current_exception();
      }
    });
    meanwhile(duration);
  }
  if (fault) std::rethrow_exception(fault);
  for (int i = 0; i < 200 && !all_is_done(bench.store); ++i) meanwhile(milliseconds(50));
  const std::chrono::duration<double> took = steady_clock::now() - begun;
  return {took.count(), (bench::cpu_seconds(bench.server.pid()) - before) / took.count()};
}

struct Measured {
  double p50 = 0, p99 = 0, most = 0;  ///< milliseconds
  std::size_t transitions = 0;
  double a_second = 0;
  std::int64_t lost = 0, repeated = 0, broken = 0;
  double cores = 0, added_cores = 0, peak_mib = 0, added_mib = 0;
};

Measured measure(const Bench& bench, Way way, seconds duration, double idle_cores) {
  const pid_t server = bench.server.pid();
  bench::forget_peak(server);
  const double before_mib = bench::status_mib(server, "VmRSS:");
  EventClients clients(bench.server.port(), way, bench.singers.clients);
  Measured measured;
  const Load load = under_load(bench, duration, [&](milliseconds time) { clients.run(time); });
  for (int i = 0; i < 20 && missing(bench) > 0; ++i) clients.run(milliseconds(100));
  const Heard& heard = clients.heard();
  auto waits = heard.milliseconds;
  if (waits.empty()) throw std::runtime_error("nobody heard anything");
  std::ranges::sort(waits);
  measured.p50 = waits[waits.size() / 2];
  measured.p99 = waits[waits.size() * 99 / 100];
  measured.most = waits.back();
  measured.transitions = waits.size();
  measured.a_second = static_cast<double>(waits.size()) / load.seconds;
  measured.lost = heard.lost + missing(bench);
  measured.repeated = heard.repeated;
  measured.broken = heard.broken;
  measured.cores = load.cores;
  measured.added_cores = load.cores - idle_cores;
  measured.peak_mib = bench::status_mib(server, "VmHWM:");
  measured.added_mib = measured.peak_mib - before_mib;
  return measured;
}

void print(std::string_view name, const Measured& m) {
  fmt::print(
      "{:<21} p50 {:5.0f} ms, p99 {:5.0f} ms, most {:5.0f} ms; server {:.1f} MiB at most, {:.1f} added; "
      "{:.3f} "
      "cores, {:.3f} added; {} transitions, {:.1f} a second, {} lost, {} repeated; {} connections ended\n",
      name, m.p50, m.p99, m.most, m.peak_mib, m.added_mib, m.cores, m.added_cores, m.transitions, m.a_second,
      m.lost, m.repeated, m.broken);
  std::fflush(stdout);
}

bool kept(const Measured& streams) {
  // What ends the last take is no part of the pace.
  const bool tried = streams.a_second >= 0.9 * transitions_a_second;
  if (!tried) fmt::print("this machine does not come to {} transitions a second\n", transitions_a_second);
  return tried && streams.p99 <= most_p99_ms && streams.peak_mib < most_mib && streams.lost == 0 &&
         streams.repeated == 0 && streams.broken == 0;
}

bool run(const fs::path& program, const fs::path& data, int sessions, seconds duration) {
  const auto store = ok(storage::open_sqlite_uploads(data / "orakgarak.db"));
  auto singers = make_singers(*ok(storage::open_sqlite_people(data / "orakgarak.db")), sessions);
  const ServerProcess server(program, data);
  const Bench bench{server, *store, singers};
  // Nobody listens: what the takes alone cost; also warms everything.
  const double idle_cores =
      under_load(bench, duration / 2, [](milliseconds time) { std::this_thread::sleep_for(time); }).cores;
  for (std::size_t i = 0; i < singers.owners.size(); ++i)
    singers.clients[i].after = ok(store->last_sequence(singers.owners[i]));

  fmt::print("{} sessions, {} transitions a second for {} s; the takes alone cost {:.3f} cores:\n", sessions,
             transitions_a_second, duration.count(), idle_cores);
  std::fflush(stdout);
  const auto streams = measure(bench, Way::streams, duration, idle_cores);
  print("event streams", streams);
  const auto polls = measure(bench, Way::polls, duration, idle_cores);
  print("asking once a second", polls);
  fmt::print("ratio: p99 {:.3f}, cores added {:.2f} (limits: p99 {} ms, {} MiB)\n", streams.p99 / polls.p99,
             streams.added_cores / polls.added_cores, most_p99_ms, most_mib);
  return kept(streams);
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  int sessions = 5000, duration = 30;
  for (int i = 2; i + 1 < count; i += 2) {
    if (std::string_view(words[i]) == "--sessions") sessions = std::stoi(words[i + 1]);
    if (std::string_view(words[i]) == "--seconds") duration = std::stoi(words[i + 1]);
  }
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  std::string folder = fs::temp_directory_path() / "orak-event-streams-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 1;
  bool all_kept = false;
  try {
    all_kept = run(fs::absolute(words[1]), folder, sessions, seconds(duration));
  } catch (const std::exception& fault) {
    fmt::print(stderr, "{}\n", fault.what());
  }
  fs::remove_all(folder);
  return all_kept ? 0 : 1;
}
