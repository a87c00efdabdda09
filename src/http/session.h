#pragma once
// The session cookie, and whether a request comes from our own page.
#include <optional>
#include <string>

#include "http/call.h"

namespace orakgarak::http {

/// Whether browsers come over TLS: to us, to a proxy that says so and is trusted, or as --public-url has it.
bool under_tls(const Service& service, const net::RequestHead& head);

/// Under TLS "__Host-orakgarak_session": a browser then takes it only with Secure, Path=/ and from this host.
std::string_view cookie_name(bool secure);
std::string session_cookie(const people::Token& token, bool secure, Duration lives);
/// Makes the browser forget it.
std::string ended_cookie(bool secure);

/// Nothing where the request has no cookie that could be one. Errors: not_found "no_session"; retry.
Result<std::optional<Caller>> find_caller(const Service& service, const net::RequestHead& head, Time now);

/// Unsafe methods are taken from our own page, and from programs that are no browser (they send neither
/// field): Sec-Fetch-Site has to be same-origin or none, Origin this server's. Errors: rejected "cross_site".
Result<void> check_same_site(const Service& service, const net::RequestHead& head);

/// Whether X-Api-Key is one of the keys for the object store's events. Errors: not_found "not_found" (there
/// are no keys), "no_api_key".
Result<void> check_api_key(const Service& service, const net::RequestHead& head);

/// The operator of an Authorization: Bearer field. What cannot be a token is looked up all the same: how long
/// the answer takes tells nothing. Errors: not_found "no_operator"; retry.
Result<people::Operator> find_operator(people::PeopleStore& people, const net::RequestHead& head);

}  // namespace orakgarak::http
