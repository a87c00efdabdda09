#pragma once
// One connection to PostgreSQL by libpq, as plain calls that throw. Nothing thrown here leaves the adapter:
// pool.h makes errors of it.
#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "storage/postgres/postgres.h"

namespace orakgarak::storage::postgres {

/// The server refused a statement; the connection works on.
struct StatementFailed : std::runtime_error {
  StatementFailed(std::string sqlstate, const std::string& what)
      : std::runtime_error(what), state(std::move(sqlstate)) {}
  std::string state;  ///< SQLSTATE: "40P01"; appendix A of PostgreSQL's manual
};

/// The connection broke, did not come about, or its server did not answer: it is of no use any more.
struct ConnectionLost : std::runtime_error {
  ConnectionLost(std::string sqlstate, const std::string& what)
      : std::runtime_error(what), state(std::move(sqlstate)) {}
  std::string state;  ///< empty where the server said nothing
};

/// What libpq is given: a URL that was understood. The password is in it: it is shown nowhere.
class Address {
 public:
  /// Errors: rejected "store_unusable". They quote nothing of the URL, for libpq may have taken a part of the
  /// password for something else.
  static Result<Address> parse(const std::string& url);

  const std::vector<std::pair<std::string, std::string>>& parameters() const { return parameters_; }
  /// "app on 127.0.0.1:5432": the database and where it is.
  std::string place() const;
  std::size_t hosts() const;  ///< that are tried one after the other
  /// `text` of libpq or of the server on one line, and without the password in case it quotes it.
  std::string without_secrets(std::string text) const;

 private:
  std::string value(std::string_view keyword) const;
  std::vector<std::pair<std::string, std::string>> parameters_;
};

/// One value for a statement, in PostgreSQL's binary format, or in text where its type says so (rows.h).
struct Parameter {
  Oid type = 0;
  std::optional<std::string> bytes;  ///< nothing: NULL
  bool text = false;
};

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Rows = std::unique_ptr<PGresult, FreeResult>;
struct FreeConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};

/// Not safe from several threads at once.
class Connection {
 public:
  /// Waits `patience` for each host. Throws ConnectionLost.
  Connection(const Address&, const PostgresOptions&);

  /// Runs one statement, with $1, $2, … filled in; it is prepared the first time. Rows are binary.
  Rows run(const std::string& sql, std::span<const Parameter>);
  /// Runs one or more statements without parameters, for which there is no more to know than that they went
  /// well. `patient`: for as long as they take.
  void execute(const char* sql, bool patient = false);

  bool works() const;  ///< is it there, with nothing to say? Asks nobody
  int server_version() const { return PQserverVersion(connection_.get()); }
  std::string server_encoding() const;

  struct Told {
    std::string channel, payload;
  };
  int socket() const { return PQsocket(connection_.get()); }
  /// The notifications that have arrived. Throws ConnectionLost.
  std::vector<Told> told();

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  void connect(Deadline);
  const std::string& prepare(const std::string& sql, std::span<const Parameter>);
  /// The last result of what was sent; an error in any is thrown.
  Rows answer(Deadline);
  Rows next_result(Deadline);
  void wait(short events, Deadline);
  Deadline statement_deadline() const;
  [[noreturn]] void throw_lost(const std::string& what) const;
  [[noreturn]] void throw_failed(const PGresult*) const;

  const Address address_;
  const std::chrono::milliseconds patience_, statement_;
  std::unique_ptr<PGconn, FreeConnection> connection_;
  std::unordered_map<std::string, std::string> prepared_;  ///< names by statement
};

}  // namespace orakgarak::storage::postgres
