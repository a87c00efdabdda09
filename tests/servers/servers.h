#pragma once
// How the real servers of a test are reached. ctest starts them (the fixture "servers") and names the file in
// ORAKGARAK_TEST_SERVERS; by hand: `tests/servers/servers.py start FILE`, then run with that variable set to
// FILE.
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace orakgarak::testing {

/// The value of NAME: ORAKGARAK_TEST_POSTGRES (postgres://USER:WORD@HOST:PORT/postgres, a superuser; make a
/// database or schema of your own), ORAKGARAK_TEST_S3 (http://HOST:PORT; make a bucket of your own),
/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ORAKGARAK_TEST_KAFKA (HOST:PORT; use a topic prefix of your
/// own). Throws where there are no servers: a test that needs them fails, it does not pass by itself.
inline std::string server(std::string_view name) {
  const char* file = std::getenv("ORAKGARAK_TEST_SERVERS");
  if (file == nullptr)
    throw std::runtime_error("ORAKGARAK_TEST_SERVERS is not set; run: tests/servers/servers.py start FILE");
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name) && line.substr(name.size()).starts_with('='))
      return line.substr(name.size() + 1);
  throw std::runtime_error("no " + std::string(name) + " in " + file);
}

}  // namespace orakgarak::testing
