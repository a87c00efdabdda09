#include "storage/postgres/connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <cstring>

namespace orakgarak::storage::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A server that is gone without a word is noticed after 10 + 3 · 5 seconds of silence.
constexpr const char* keepalives[][2] = {
    {"keepalives", "1"}, {"keepalives_idle", "10"}, {"keepalives_interval", "5"}, {"keepalives_count", "3"}};

/// libpq's text with the SQLSTATE before it, as PQERRORS_VERBOSE writes it: "FATAL:  3D000: database …".
std::string state_in(std::string_view text) {
  for (const std::string_view severity : {"FATAL:  ", "ERROR:  ", "PANIC:  "}) {
    const auto at = text.find(severity);
    if (at == std::string_view::npos) continue;
    const auto state = text.substr(at + severity.size(), 5);
    if (text.substr(at + severity.size() + 5).starts_with(": ")) return std::string(state);
  }
  return {};
}

/// Without where in the server's sources it was.
std::string_view without_location(std::string_view text) { return text.substr(0, text.find("\nLOCATION:")); }

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace

Connection::Connection(const Address& address, const PostgresOptions& options)
    : address_(address), patience_(options.patience), statement_(options.statement) {
  const std::string user_timeout = std::to_string(options.patience.count());
  std::vector<const char*> words, values;
  const auto add = [&](const char* word, const char* value) {
    words.push_back(word);
    values.push_back(value);
  };
  add("application_name", "orakgarak");
  // Before the URL's own, which may say otherwise: of two values of one keyword libpq takes the last.
  for (const auto& [word, value] : keepalives) add(word, value);
  add("tcp_user_timeout", user_timeout.c_str());  // also ends the wait for a host that is not there
  for (const auto& [word, value] : address_.parameters()) add(word.c_str(), value.c_str());
  add("client_encoding", "UTF8");
  add(nullptr, nullptr);
  connection_.reset(PQconnectStartParams(words.data(), values.data(), 0));
  if (!connection_) throw ConnectionLost({}, "there is no memory for a connection");
  connect(steady_clock::now() + patience_ * static_cast<int>(address_.hosts()));
  // A transaction that a stopped process has left open ends as a statement does, and gives its locks back.
  execute(fmt::format("SET statement_timeout = {0}; SET idle_in_transaction_session_timeout = {0}; "
                      "SET idle_session_timeout = 0; SET default_transaction_isolation = 'read committed'; "
                      "SET standard_conforming_strings = on",
                      statement_.count())
              .c_str());
}

void Connection::connect(Deadline deadline) {
  PGconn* connection = connection_.get();
  if (PQstatus(connection) == CONNECTION_BAD) throw_lost(PQerrorMessage(connection));
  PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
  PQsetNoticeProcessor(connection, [](void*, const char*) {}, nullptr);
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK; next = PQconnectPoll(connection)) {
    if (next == PGRES_POLLING_FAILED && PQconnectionNeedsPassword(connection) != 0)
      throw ConnectionLost("28P01", "the server asks for a password and there is none");
    if (next == PGRES_POLLING_FAILED) throw_lost(PQerrorMessage(connection));
    wait(next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline);
  }
}

Rows Connection::run(const std::string& sql, std::span<const Parameter> parameters) {
  const std::string& name = prepare(sql, parameters);
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  for (const Parameter& parameter : parameters) {
    values.push_back(parameter.bytes ? parameter.bytes->data() : nullptr);
    lengths.push_back(parameter.bytes ? static_cast<int>(parameter.bytes->size()) : 0);
    formats.push_back(parameter.text ? 0 : 1);
  }
  if (PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(parameters.size()), values.data(),
                          lengths.data(), formats.data(), 1) == 0)
    throw_lost(PQerrorMessage(connection_.get()));
  return answer(statement_deadline());
}

const std::string& Connection::prepare(const std::string& sql, std::span<const Parameter> parameters) {
  if (const auto known = prepared_.find(sql); known != prepared_.end()) return known->second;
  std::string name = "s" + std::to_string(prepared_.size());
  std::vector<Oid> types;
  for (const Parameter& parameter : parameters) types.push_back(parameter.type);
  if (PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), static_cast<int>(types.size()),
                    types.data()) == 0)
    throw_lost(PQerrorMessage(connection_.get()));
  answer(statement_deadline());
  return prepared_.emplace(sql, std::move(name)).first->second;
}

void Connection::execute(const char* sql, bool patient) {
  if (PQsendQuery(connection_.get(), sql) == 0) throw_lost(PQerrorMessage(connection_.get()));
  answer(patient ? Deadline::max() : statement_deadline());
}

Rows Connection::answer(Deadline deadline) {
  Rows last, failed;
  while (Rows result = next_result(deadline)) {
    const auto status = PQresultStatus(result.get());
    const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    (good ? last : failed) = std::move(result);
  }
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    throw_lost(failed ? PQresultErrorMessage(failed.get()) : PQerrorMessage(connection_.get()));
  if (failed) throw_failed(failed.get());
  if (!last) throw StatementFailed({}, "the server gave no answer");
  return last;
}

Rows Connection::next_result(Deadline deadline) {
  while (PQisBusy(connection_.get()) != 0) {
    wait(POLLIN, deadline);
    if (PQconsumeInput(connection_.get()) == 0) break;  // PQgetResult tells what it was
  }
  return Rows(PQgetResult(connection_.get()));
}

void Connection::wait(short events, Deadline deadline) {
  pollfd ready{PQsocket(connection_.get()), events, 0};
  for (;;) {
    int timeout = -1;
    if (deadline != Deadline::max()) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
      if (left.count() <= 0) throw ConnectionLost({}, "the server did not answer in time");
      timeout = static_cast<int>(std::min<milliseconds::rep>(left.count(), 1'000'000));
    }
    const int count = poll(&ready, 1, timeout);
    if (count > 0) return;
    if (count < 0 && errno != EINTR) throw ConnectionLost({}, std::strerror(errno));
  }
}

/// The server ends a statement by itself; that one does not is waited for a little longer.
Connection::Deadline Connection::statement_deadline() const {
  return steady_clock::now() + statement_ + patience_;
}

bool Connection::works() const {
  if (PQstatus(connection_.get()) != CONNECTION_OK) return false;
  // Between two statements a server says nothing, or that it goes.
  pollfd ready{PQsocket(connection_.get()), POLLIN, 0};
  return poll(&ready, 1, 0) == 0;
}

std::string Connection::server_encoding() const {
  const char* encoding = PQparameterStatus(connection_.get(), "server_encoding");
  return encoding == nullptr ? std::string() : std::string(encoding);
}

std::vector<Connection::Told> Connection::told() {
  if (PQconsumeInput(connection_.get()) == 0) throw_lost(PQerrorMessage(connection_.get()));
  std::vector<Told> all;
  while (auto* one = PQnotifies(connection_.get())) {
    all.push_back({one->relname, one->extra});
    PQfreemem(one);
  }
  if (PQstatus(connection_.get()) != CONNECTION_OK) throw_lost(PQerrorMessage(connection_.get()));
  return all;
}

void Connection::throw_lost(const std::string& what) const {
  throw ConnectionLost(state_in(what), address_.without_secrets(std::string(without_location(what))));
}

void Connection::throw_failed(const PGresult* result) const {
  throw StatementFailed(field(result, PG_DIAG_SQLSTATE),
                        address_.without_secrets(field(result, PG_DIAG_MESSAGE_PRIMARY)));
}

}  // namespace orakgarak::storage::postgres
