#pragma once
// E-mail addresses as accounts know them: in one form each, so that one mailbox is one account.
#include <optional>
#include <string>
#include <string_view>

namespace orakgarak::people {

/// `text` in NFC with its domain in lower case; what stands before the @ keeps its case, which is the mail
/// server's to judge (RFC 5321, 2.4). Nothing for what can be no address: no @, no domain, more than 64 bytes
/// before the @ or 254 in all, a space, a control character, a quoted name, an address in brackets.
std::optional<std::string> parse_email(std::string_view text);

}  // namespace orakgarak::people
