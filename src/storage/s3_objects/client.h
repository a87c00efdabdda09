#pragma once
// Signed requests to one bucket, over connections that are kept. Safe from any thread. The program ignores
// SIGPIPE, which TLS raises where a peer has gone.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "storage/s3_objects/errors.h"
#include "storage/s3_objects/s3.h"
#include "storage/sigv4/presigned_upload.h"

namespace orakgarak::storage::s3 {

/// How long we wait. A body may take as long as it needs while bytes go by.
struct Patience {
  std::chrono::milliseconds connect{3'000};
  std::chrono::seconds stall{10};      ///< at less than 1 KiB a second, either way
  std::chrono::seconds complete{120};  ///< the same, where the server first has to put parts together
};

/// The body of a request, read again from its start where a connection that was kept turns out to be dead.
struct FileBody {
  int fd = -1;
  std::uint64_t size = 0;
  std::string sha256;  ///< 64 hexadecimal digits
};

struct Call {
  std::string method;    ///< HEAD, GET, PUT, POST or DELETE
  std::string key = {};  ///< empty: of the bucket itself
  sigv4::Pairs query = {}, headers = {};
  std::variant<std::string, FileBody> body = {};
  bool puts_together = false;  ///< Patience::complete instead of Patience::stall
};

struct Answer {
  int status = 0;
  std::map<std::string, std::string, std::less<>> fields;  ///< names in lower case
  std::string body;                                        ///< 8 MiB at most
  bool is_good() const { return status / 100 == 2; }
  /// Empty where there is none.
  const std::string& field(std::string_view name) const;
};

/// Takes the body of a good answer as it comes; head: without its body.
using BodySink = std::function<Result<void>(const Answer& head, std::span<const std::byte>)>;

class Client {
 public:
  explicit Client(S3Options options, Clock clock = system_now, Patience patience = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Any answer, also one that refuses. into: where given, gets the body of one that does not.
  /// Errors: retry "objects_unavailable" (there was none, or it broke off); those of `into`.
  Result<Answer> ask(const Call& call, const BodySink& into = {}) const;
  /// A good answer. Errors: those of ask(), and what refused() says of a bad one.
  Result<Answer> get(const Call& call, const BodySink& into = {}) const;

  std::unexpected<Error> refused(const Answer& answer) const;
  /// An answer that is none of S3's.
  std::unexpected<Error> unreadable() const;

  const S3Options& options() const { return options_; }
  const sigv4::Signer& signer() const { return signer_; }
  const sigv4::Place& place() const { return place_; }

 private:
  class Handle;
  struct Exchange;

  void prepare(void* curl, const Call& call, Exchange& exchange) const;
  void set_body(void* curl, const Call& call, Exchange& exchange) const;

  S3Options options_;
  Clock clock_;
  Patience patience_;
  sigv4::Signer signer_;
  sigv4::Place place_;
  std::string origin_, host_;
  Asked asked_;
  mutable std::mutex mutex_;
  mutable std::vector<void*> idle_;  ///< curl handles, each with the connections that it keeps
};

}  // namespace orakgarak::storage::s3
