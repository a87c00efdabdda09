#pragma once
// A self-signed certificate for 127.0.0.1 and localhost, made on the spot.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "net/server.h"

namespace orakgarak::net::testing {

class CertificateFiles {
 public:
  CertificateFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "orakgarak-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    const std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> key(::EVP_EC_gen("P-256"), ::EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&::X509_free)> certificate(::X509_new(), ::X509_free);
    ::X509_set_version(certificate.get(), 2);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), 1);
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -60);
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), 3600);
    ::X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const subject = ::X509_get_subject_name(certificate.get());
    ::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    ::X509_set_issuer_name(certificate.get(), subject);
    X509_EXTENSION* const names =
        ::X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    ::X509_add_ext(certificate.get(), names, -1);
    ::X509_EXTENSION_free(names);
    ::X509_sign(certificate.get(), key.get(), ::EVP_sha256());
    write(files().certificate, [&](std::FILE* to) { ::PEM_write_X509(to, certificate.get()); });
    write(files().key, [&](std::FILE* to) {
      ::PEM_write_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  ~CertificateFiles() { std::filesystem::remove_all(folder_); }
  CertificateFiles(const CertificateFiles&) = delete;
  CertificateFiles& operator=(const CertificateFiles&) = delete;

  TlsFiles files() const { return {folder_ / "certificate.pem", folder_ / "key.pem"}; }

 private:
  template <class Write>
  static void write(const std::string& path, Write into) {
    std::FILE* const file = std::fopen(path.c_str(), "we");
    into(file);
    std::fclose(file);
  }
  std::filesystem::path folder_;
};

}  // namespace orakgarak::net::testing
