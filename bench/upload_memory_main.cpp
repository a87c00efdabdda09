// How much memory a server process takes while many large files come at once: through the endpoint of the
// local objects, in parts and as forms, and, as the baseline, the same bytes through a handler that gathers
// each body and puts it among the objects itself.
//
//   bench_upload_memory [--uploads N] [--mebibytes N]      default 20 of 100 MiB
//
// Every way has a server process of its own; this process is the clients. Ends with 1 when the endpoint takes
// more than was promised, or an object is not whole.
#include <fmt/core.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>

#include "client.h"
#include "net/server.h"
#include "process_usage.h"
#include "storage/local_objects/endpoint.h"
#include "storage/local_objects/objects.h"
#include "storage/local_objects/presign.h"
#include "uploads/sha256.h"

namespace {

namespace fs = std::filesystem;
using namespace orakgarak;
using namespace orakgarak::uploads;

constexpr double most_added_mib = 64;

template <class T>
T ok(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}
void expect(const Answer& answer, int status) {
  if (answer.status != status) throw std::runtime_error(fmt::format("{}: {}", answer.status, answer.body));
}

net::Response plain(int status) { return {.status = status, .fields = {}, .body = {}}; }

/// What takes the bytes: the endpoint at / and, as the API does it, POST /complete?key=…&multipart=….
net::Handler through_the_endpoint(const fs::path& folder) {
  auto endpoint = ok(storage::local_objects_endpoint(folder, {}));
  std::shared_ptr<Presigner> presigner = ok(storage::open_local_presigner(folder));
  return [=](const net::RequestHead& head) -> std::unique_ptr<net::Exchange> {
    if (head.path != "/complete") return endpoint(head);
    const auto query = ok(net::parse_query(head.query));
    ok(presigner->complete(query[0].second, query[1].second,
                           ok(presigner->parts(query[0].second, query[1].second))));
    return net::answer(plain(200));
  };
}

/// The baseline.
net::Handler through_the_api(const fs::path& folder, std::size_t most) {
  std::shared_ptr<ObjectStore> objects = ok(storage::open_local_objects(folder));
  return [=](const net::RequestHead& head) {
    return net::gather(
        head, most,
        [objects, key = head.path.substr(1)](const std::string& body) {
          ok(objects->put(key, [&](const ByteSink& sink) { return sink(std::as_bytes(std::span(body))); }));
          return plain(200);
        },
        [] { return plain(413); });
  };
}

/// A process that serves until it is told to end; its memory as the kernel counts it.
class ServerProcess {
 public:
  explicit ServerProcess(const std::function<net::Handler()>& handler) {
    int port_pipe[2];
    if (::pipe(port_pipe) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      const auto server = ok(net::Server::start({}, handler()));
      const std::uint16_t port = server->port();
      static_cast<void>(::write(port_pipe[1], &port, sizeof port) == sizeof port);
      ::pause();
      ::_exit(0);
    }
    if (::read(port_pipe[0], &port_, sizeof port_) != sizeof port_) throw std::runtime_error("no server");
    ::close(port_pipe[0]);
    ::close(port_pipe[1]);
    if (send("GET", base() + "/warm", {}, "").status == 0)
      throw std::runtime_error("the server does not answer");
    started_mib_ = bench::status_mib(pid_, "VmRSS:");
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::string base() const { return fmt::format("http://127.0.0.1:{}", port_); }
  /// The most it held at any moment, over what it held before the first upload.
  double added_mib() const { return bench::status_mib(pid_, "VmHWM:") - started_mib_; }

 private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  double started_mib_ = 0;
};

/// Sends a body without a copy of it.
Answer send_body(std::string_view method, const std::string& url, Fields headers, std::string_view before,
                 std::string_view bytes, std::string_view after) {
  headers.emplace_back("Content-Length", std::to_string(before.size() + bytes.size() + after.size()));
  Connection connection(url);
  connection.send(request(method, url, headers, before));
  connection.send(bytes);
  connection.send(after);
  return connection.answer();
}

struct Clients {
  int uploads;
  std::string bytes;
  Declared declared;
  std::vector<std::string> part_hashes;
  Time now = system_now(), expires = now + std::chrono::hours(1);
};

using OneUpload = std::function<void(const std::string& base, const std::string& key)>;

void in_parts(const Clients& clients, Presigner& presigner, const std::string& base, const std::string& key) {
  const std::string multipart = ok(presigner.open_parts(key, clients.declared));
  for (int number = 1; number <= part_count(clients.bytes.size()); ++number) {
    const auto bytes = std::string_view(clients.bytes)
                           .substr(static_cast<std::size_t>(number - 1) * part_bytes,
                                   part_length(clients.bytes.size(), number));
    const auto part = ok(presigner.part(base, key, multipart,
                                        {number, clients.part_hashes[static_cast<std::size_t>(number - 1)]},
                                        bytes.size(), clients.now, clients.expires));
    expect(send_body("PUT", part.url, {part.headers.begin(), part.headers.end()}, {}, bytes, {}), 200);
  }
  expect(send("POST", fmt::format("{}/complete?key={}&multipart={}", base, key, multipart), {}, ""), 200);
}

void as_a_form(const Clients& clients, Presigner& presigner, const std::string& base,
               const std::string& key) {
  const auto form = ok(presigner.form(base, key, clients.declared, clients.now, clients.expires));
  const std::string empty = form_body(fields_of(form), "");
  const auto middle = empty.rfind("\r\n--");
  expect(send_body("POST", form.url, {{"Content-Type", std::string(form_type)}},
                   std::string_view(empty).substr(0, middle), clients.bytes,
                   std::string_view(empty).substr(middle)),
         204);
}

void gathered(const Clients& clients, const std::string& base, const std::string& key) {
  expect(send_body("POST", base + "/" + key, {}, {}, clients.bytes, {}), 200);
}

/// All uploads at once; gives what the server held more meanwhile, in MiB.
double measure(std::string_view name, const Clients& clients, const ServerProcess& server,
               ObjectStore& objects, const OneUpload& upload) {
  std::vector<std::string> keys, faults(static_cast<std::size_t>(clients.uploads));
  for (int i = 0; i < clients.uploads; ++i) keys.push_back(object_key(UploadId::make(system_now())));
  const auto begun = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < keys.size(); ++i)
      threads.emplace_back([&, i] {
        try {
          upload(server.base(), keys[i]);
        } catch (const std::exception& fault) {
          faults[i] = fault.what();
        }
      });
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!faults[i].empty()) throw std::runtime_error(faults[i]);
    if (ok(objects.head(keys[i])).size != clients.bytes.size())
      throw std::runtime_error("an object is not whole");
    ok(objects.remove(keys[i]));
  }
  const double added = server.added_mib();
  const double sent_mib = static_cast<double>(clients.bytes.size()) * clients.uploads / (1 << 20);
  fmt::print("{:<34} {:8.1f} MiB added   {:6.1f} s, {:4.0f} MiB/s\n", name, added, took.count(),
             sent_mib / took.count());
  std::fflush(stdout);
  return added;
}

Clients make_clients(int uploads, std::size_t mebibytes) {
  Clients clients{
      .uploads = uploads, .bytes = std::string(mebibytes << 20, '\0'), .declared = {}, .part_hashes = {}};
  std::uint64_t state = 1;  // no block is like another, so that nothing below can share them
  for (std::size_t at = 0; at + 8 <= clients.bytes.size(); at += 8) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    std::memcpy(clients.bytes.data() + at, &state, 8);
  }
  const std::string_view all = clients.bytes;
  for (std::size_t at = 0; at < all.size(); at += part_bytes)
    clients.part_hashes.push_back(to_hex(sha256(all.substr(at, part_bytes))));
  clients.declared = {"audio/wav", all.size(), to_hex(sha256(all)), {}};
  return clients;
}

bool run(const fs::path& folder, const Clients& clients) {
  const auto presigner = ok(storage::open_local_presigner(folder));
  const auto objects = ok(storage::open_local_objects(folder));
  const auto endpoint = [&] { return through_the_endpoint(folder); };
  fmt::print("{} uploads of {} MiB at once:\n", clients.uploads, clients.bytes.size() >> 20);
  std::fflush(stdout);
  const double parts = measure(
      "in parts of 16 MiB", clients, ServerProcess(endpoint), *objects,
      [&](const std::string& base, const std::string& key) { in_parts(clients, *presigner, base, key); });
  const double forms = measure(
      "as one form each", clients, ServerProcess(endpoint), *objects,
      [&](const std::string& base, const std::string& key) { as_a_form(clients, *presigner, base, key); });
  const double proxied =
      measure("proxied through the API, gathered", clients,
              ServerProcess([&] { return through_the_api(folder, clients.bytes.size()); }), *objects,
              [&](const std::string& base, const std::string& key) { gathered(clients, base, key); });
  fmt::print("ratio: {:.4f} in parts, {:.4f} as forms (limit {} MiB)\n", parts / proxied, forms / proxied,
             most_added_mib);
  return parts < most_added_mib && forms < most_added_mib;
}

}  // namespace

int main(int count, char** words) {
  int uploads = 20;
  std::size_t mebibytes = 100;
  for (int i = 1; i + 1 < count; i += 2) {
    if (std::string_view(words[i]) == "--uploads") uploads = std::stoi(words[i + 1]);
    if (std::string_view(words[i]) == "--mebibytes") mebibytes = std::stoul(words[i + 1]);
  }
  std::string folder = fs::temp_directory_path() / "orak-upload-memory-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 1;
  bool kept = false;
  try {
    kept = run(folder, make_clients(uploads, mebibytes));
  } catch (const std::exception& fault) {
    fmt::print(stderr, "{}\n", fault.what());
  }
  fs::remove_all(folder);
  return kept ? 0 : 1;
}
