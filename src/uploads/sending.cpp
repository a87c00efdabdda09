#include "uploads/sending.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "uploads/sha256.h"
#include "uploads/upkeep.h"

namespace orakgarak::uploads {
namespace {

std::unexpected<Error> not_pending(const Upload& upload) {
  return fail(
      ErrorKind::conflict, "not_pending",
      upload.state == State::pending
          ? "the time for sending this upload is over; make a new one"
          : fmt::format("the upload is {} and takes no bytes; make a new one", to_string(upload.state)));
}

Result<bool> has_arrived(const Sending& sending, const Upload& upload) {
  const auto facts = sending.objects.head(upload.object_key);
  if (facts) return true;
  if (facts.error().kind == ErrorKind::not_found) return false;
  return std::unexpected(facts.error());
}

bool has_no_multipart(const Error& error) { return error.code == "no_such_multipart"; }

Result<void> check_wanted(const Declared& declared, std::span<const PartWanted> wanted) {
  const int count = goes_in_parts(declared.size) ? part_count(declared.size) : 0;
  if (count == 0 && !wanted.empty())
    return rejected("bad_part", "this file is sent as one; ask without naming parts");
  std::set<int> seen;
  for (const PartWanted& part : wanted) {
    if (part.number < 1 || part.number > count)
      return rejected("bad_part", fmt::format("there is no part {}; parts are 1 to {}", part.number, count));
    if (!seen.insert(part.number).second)
      return rejected("bad_part", fmt::format("part {} is named twice", part.number));
    if (!parse_digest(part.sha256))
      return rejected(
          "bad_part",
          fmt::format("the sha256 of part {} is not 64 hexadecimal digits in lower case", part.number));
  }
  return {};
}

/// The multipart upload that this upload is sent by, with what has come.
struct OpenedParts {
  std::string multipart;
  std::vector<StoredPart> have;
};

Result<OpenedParts> open_new(const Sending& sending, const Upload& upload) {
  auto multipart = sending.presigner.open_parts(upload.object_key, upload.declared);
  if (!multipart) return std::unexpected(std::move(multipart.error()));
  const auto kept = sending.store.set_multipart(upload.id, upload.multipart, *multipart);
  if (kept) return OpenedParts{*std::move(multipart), {}};
  if (auto thrown = sending.presigner.abort(upload.object_key, *multipart); !thrown)
    return std::unexpected(std::move(thrown.error()));
  return std::unexpected(kept.error());
}

Result<OpenedParts> open_as_known(const Sending& sending, const Upload& upload) {
  if (!upload.multipart.empty()) {
    auto have = sending.presigner.parts(upload.object_key, upload.multipart);
    if (have) return OpenedParts{upload.multipart, *std::move(have)};
    if (!has_no_multipart(have.error())) return std::unexpected(std::move(have.error()));
  }
  return open_new(sending, upload);
}

/// Of two that open one at once, the second uses that of the first.
Result<OpenedParts> open_parts(const Sending& sending, const Upload& upload) {
  auto opened = open_as_known(sending, upload);
  if (opened || opened.error().code != "stale_version") return opened;
  const auto now_known = sending.store.find(upload.id);
  if (!now_known) return std::unexpected(now_known.error());
  if (now_known->state != State::pending) return not_pending(*now_known);
  return open_as_known(sending, *now_known);
}

Result<SendParts> sign_parts(const Sending& sending, const Upload& upload, const std::string& base,
                             std::span<const PartWanted> wanted, Time now, Time expires) {
  auto opened = open_parts(sending, upload);
  if (!opened) return std::unexpected(std::move(opened.error()));
  SendParts send{
      .part_count = part_count(upload.declared.size), .have = std::move(opened->have), .parts = {}};
  for (const PartWanted& part : wanted) {
    auto presigned = sending.presigner.part(base, upload.object_key, opened->multipart, part,
                                            part_length(upload.declared.size, part.number), now, expires);
    if (!presigned) return std::unexpected(std::move(presigned.error()));
    send.parts.push_back(*std::move(presigned));
  }
  return send;
}

/// "1, 2, 5": of the parts that have not come, or not with their length.
std::string missing(const Declared& declared, std::span<const StoredPart> have) {
  std::string numbers;
  for (int number = 1; number <= part_count(declared.size); ++number) {
    const auto part = std::ranges::find(have, number, &StoredPart::number);
    if (part == have.end() || part->size != part_length(declared.size, number))
      numbers += fmt::format("{}{}", numbers.empty() ? "" : ", ", number);
  }
  return numbers;
}

/// Their checksums were signed and checked when they came; that of the whole is checked before UPLOADED.
Result<void> put_together(const Sending& sending, const Upload& upload) {
  if (upload.multipart.empty()) return {};
  const auto have = sending.presigner.parts(upload.object_key, upload.multipart);
  if (!have && has_no_multipart(have.error())) return {};  // done before, or the file never came
  if (!have) return std::unexpected(have.error());
  if (const auto numbers = missing(upload.declared, *have); !numbers.empty())
    return fail(ErrorKind::conflict, "part_missing", fmt::format("send these parts first: {}", numbers));
  const auto made = sending.presigner.complete(upload.object_key, upload.multipart, *have);
  if (made || has_no_multipart(made.error())) return {};
  if (made.error().kind == ErrorKind::rejected)
    return fail(ErrorKind::conflict, made.error().code, made.error().detail);
  return std::unexpected(made.error());
}

}  // namespace

Result<Send> sign(const Sending& sending, const Upload& upload, const std::string& base,
                  std::span<const PartWanted> wanted, Time now) {
  if (upload.state != State::pending || now >= upload.expires) return not_pending(upload);
  if (auto good = check_wanted(upload.declared, wanted); !good)
    return std::unexpected(std::move(good.error()));
  const auto arrived = has_arrived(sending, upload);
  if (!arrived) return std::unexpected(arrived.error());
  if (*arrived)
    return fail(ErrorKind::conflict, "already_sent", "all bytes are there; wait for the next state");
  const Time expires = std::min(now + sending.signed_for, upload.expires);
  if (goes_in_parts(upload.declared.size)) {
    auto parts = sign_parts(sending, upload, base, wanted, now, expires);
    if (!parts) return std::unexpected(std::move(parts.error()));
    return Send{*std::move(parts), expires};
  }
  auto form = sending.presigner.form(base, upload.object_key, upload.declared, now, expires);
  if (!form) return std::unexpected(std::move(form.error()));
  return Send{*std::move(form), expires};
}

Result<Upload> finish_sending(const Sending& sending, const Upload& upload, Time now) {
  if (upload.state == State::failed || upload.state == State::expired) return not_pending(upload);
  if (upload.state != State::pending) return upload;
  if (auto together = put_together(sending, upload); !together)
    return std::unexpected(std::move(together.error()));
  const auto arrived = has_arrived(sending, upload);
  if (!arrived) return std::unexpected(arrived.error());
  if (!*arrived) return fail(ErrorKind::conflict, "not_arrived", "no bytes have come; send the file first");
  if (auto looked = object_arrived(sending.store, upload.object_key, now); !looked)
    return std::unexpected(std::move(looked.error()));
  return sending.store.find(upload.id);
}

Result<void> abort_sending(Presigner& presigner, const Upload& upload) {
  if (upload.multipart.empty()) return {};
  return presigner.abort(upload.object_key, upload.multipart);
}

}  // namespace orakgarak::uploads
