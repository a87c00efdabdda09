#include "net/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <system_error>

namespace orakgarak::net {
namespace {

/// The library's words for what went wrong last, and empties its list of errors.
std::string openssl_reason() {
  const unsigned long error = ::ERR_peek_last_error();
  const char* const reason = ::ERR_reason_error_string(error);
  ::ERR_clear_error();
  return reason ? reason : "unreadable";
}

std::unexpected<Error> bad(std::string detail) { return rejected("bad_certificate", std::move(detail)); }

Result<void> check_readable(const std::string& path, const char* what) {
  errno = 0;
  std::ifstream file(path);
  if (file.good() && file.peek() != std::ifstream::traits_type::eof()) return {};
  const std::string why = errno != 0 ? std::generic_category().message(errno) : "it is empty";
  return bad(fmt::format("The {} file {} cannot be read ({}): name a PEM file that this user may read.", what,
                         path, why));
}

/// A key under a passphrase is refused, not asked for: a server starts without anybody at the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

}  // namespace

void FreeTlsContext::operator()(ssl_ctx_st* context) const { ::SSL_CTX_free(context); }

Result<TlsContext> load_tls(const TlsFiles& files) {
  if (auto readable = check_readable(files.certificate, "certificate"); !readable)
    return std::unexpected(std::move(readable.error()));
  if (auto readable = check_readable(files.key, "key"); !readable)
    return std::unexpected(std::move(readable.error()));

  TlsContext context(::SSL_CTX_new(::TLS_server_method()));
  ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  ::SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  ::SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // A connection that waits holds no buffer, and a write goes on from wherever its bytes are then.
  ::SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ::SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // tickets resume without memory here
  ::SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
  ::ERR_clear_error();
  if (::SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
    return bad(fmt::format(
        "The certificate file {} holds no certificate that can be used ({}): it has to be PEM, the "
        "server's own certificate first, then its chain.",
        files.certificate, openssl_reason()));
  if (::SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const bool mismatch = ERR_GET_REASON(::ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    if (!mismatch)
      return bad(fmt::format(
          "The key file {} holds no private key that can be used ({}): it has to be PEM, without a "
          "passphrase.",
          files.key, openssl_reason()));
  }
  if (::SSL_CTX_check_private_key(context.get()) != 1)
    return bad(fmt::format(
        "The key in {} does not belong to the certificate in {} ({}): name the two that were made "
        "together.",
        files.key, files.certificate, openssl_reason()));
  return context;
}

std::optional<Time> certificate_end(const TlsContext& context) {
  const X509* const certificate = context ? ::SSL_CTX_get0_certificate(context.get()) : nullptr;
  tm parts{};
  if (!certificate || ::ASN1_TIME_to_tm(::X509_get0_notAfter(certificate), &parts) != 1) return std::nullopt;
  return Time(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace orakgarak::net
