#include "http/problem.h"

#include <algorithm>
#include <array>

#include "formats/report_number.h"

namespace orakgarak::http {
namespace {

constexpr std::array problems{
    KnownProblem{"bad_json", 400, "The body is not JSON as we take it"},
    KnownProblem{"bad_field", 400, "A field of the body is missing, unknown or out of range"},
    KnownProblem{"bad_query", 400, "A query parameter is unknown, repeated or out of range"},
    KnownProblem{"bad_cursor", 400, "The cursor is none that a page gave"},
    KnownProblem{"bad_option", 400, "What was asked of the matcher is out of range"},
    KnownProblem{"bad_storage_event", 400, "The body is no event of an object store"},
    KnownProblem{"bad_request", 400, "The request is not well-formed"},
    KnownProblem{"no_session", 401, "There is no session: consent first"},
    KnownProblem{"wrong_credentials", 401, "The e-mail address or the password is wrong"},
    KnownProblem{"no_operator", 401, "The operator's token is missing or unknown"},
    KnownProblem{"no_api_key", 401, "The key of the object store's events is missing or unknown"},
    KnownProblem{"consent_needed", 403, "The words have changed: consent to the new ones first"},
    KnownProblem{"nickname_needed", 403, "Others see who this comes from: choose a nickname first"},
    KnownProblem{"cross_site", 403, "Another site sent this request"},
    KnownProblem{"not_found", 404, "There is nothing at this address"},
    KnownProblem{"no_such_upload", 404, "There is no such upload"},
    KnownProblem{"no_report", 404, "The upload has no report"},
    KnownProblem{"no_such_song", 404, "There is no such song"},
    KnownProblem{"no_feedback", 404, "Nothing was said of this song"},
    KnownProblem{"no_such_guest", 404, "This person has left"},
    KnownProblem{"no_such_session", 404, "There is no such session"},
    KnownProblem{"no_account", 404, "This person has no account"},
    KnownProblem{"no_profile", 404, "This person has no nickname yet"},
    KnownProblem{"no_such_person", 404, "There is nobody of this nickname"},
    KnownProblem{"no_such_recording", 404, "There is no such recording, or it is not shown"},
    KnownProblem{"no_waveform", 404, "The recording was measured before waveforms were kept"},
    KnownProblem{"no_such_album", 404, "There is no such album, or it is not shown"},
    KnownProblem{"no_such_letter", 404, "There is no such dead letter"},
    KnownProblem{"method_not_allowed", 405, "This address does not take this method"},
    KnownProblem{"too_slow", 408, "The request did not come in time"},
    KnownProblem{"wrong_consent", 409, "Consent was given to other words than the current ones"},
    KnownProblem{"has_account", 409, "This person has an account already"},
    KnownProblem{"email_taken", 409, "Another account has this e-mail address"},
    KnownProblem{"not_pending", 409, "The upload does not wait for bytes any more"},
    KnownProblem{"already_sent", 409, "The bytes have come and are looked at"},
    KnownProblem{"not_a_take", 409, "Only takes have ends that can be struck out"},
    KnownProblem{"not_failed", 409, "The upload has not failed"},
    KnownProblem{"redrive_cannot_help", 409, "Trying again gives the same answer"},
    KnownProblem{"owner_closed", 409, "Everything of this person is being deleted, or has become another's"},
    KnownProblem{"stale_version", 409, "Somebody else changed it first"},
    KnownProblem{"illegal_move", 409, "The upload cannot go there from its state"},
    KnownProblem{"gone", 409, "The bytes of the upload are removed"},
    KnownProblem{"no_such_multipart", 409, "The parts were given up: declare the file anew"},
    KnownProblem{"bad_part", 409, "A part has a number that the file does not have, or is named twice"},
    KnownProblem{"part_missing", 409, "A part has not arrived"},
    KnownProblem{"part_changed", 409, "A part is not what was declared"},
    KnownProblem{"not_arrived", 409, "The bytes have not arrived"},
    KnownProblem{"nickname_taken", 409, "The nickname is taken or reserved"},
    KnownProblem{"not_your_recording", 409, "A track is none of one's own finished recordings"},
    KnownProblem{"not_your_picture", 409, "The cover is none of one's own finished pictures"},
    KnownProblem{"too_many_albums", 409, "One person has so many albums and no more"},
    KnownProblem{"album_empty", 409, "All recordings of the album were deleted"},
    KnownProblem{"body_too_large", 413, "The body is over the limit"},
    KnownProblem{"upload_too_large", 413, "The file is over the limit"},
    KnownProblem{"body_not_json", 415, "The body is not declared as application/json"},
    KnownProblem{"unsupported_type", 415, "The file is of a type that is not taken"},
    KnownProblem{"busy", 429, "One at a time, and somebody else has the turn"},
    KnownProblem{"too_many_uploads", 429, "Too many uploads in an hour"},
    KnownProblem{"too_many_sessions", 429, "Too many sessions from one address"},
    KnownProblem{"too_many_sign_ins", 429, "Too many attempts to sign in"},
    KnownProblem{"too_many_streams", 429, "Too many event streams of one person"},
    KnownProblem{"head_too_large", 431, "The head of the request is too long"},
    KnownProblem{"internal", 500, "A fault of ours"},
    KnownProblem{"store_unavailable", 503, "The rows cannot be reached"},
    KnownProblem{"objects_unavailable", 503, "The object store cannot be reached"},
    KnownProblem{"unavailable", 503, "No process answers just now; said by the proxy before them"},
    KnownProblem{"events_unavailable", 503, "The broker cannot be reached"},
    KnownProblem{"passwords_busy", 503, "Too many people sign in at this moment"},
    KnownProblem{"not_ready", 503, "This server cannot answer now: ask another one, or later"},
    KnownProblem{"too_many_connections", 503, "All connections are in use"},
    KnownProblem{"store_full", 507, "No room is left for guests' recordings"},
    KnownProblem{"disk_full", 507, "The disk is full"},
};

const KnownProblem* find(std::string_view code) {
  const auto* found = std::ranges::find(problems, code, &KnownProblem::code);
  return found == problems.end() ? nullptr : found;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 409:
      return "Conflict";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

}  // namespace

std::span<const KnownProblem> known_problems() { return problems; }

int status_of(const Error& error) {
  if (const auto* known = find(error.code)) return known->status;
  switch (error.kind) {
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::retry:
      return 503;
    case ErrorKind::rejected:
      break;
  }
  return 400;
}

net::Response problem(int status, std::string_view code, std::string_view detail, std::string_view trace_id) {
  const auto* known = find(code);
  formats::Json json{{"type", "/docs/problems#" + std::string(code)},
                     {"title", known ? known->title : reason_phrase(status)},
                     {"status", status},
                     {"detail", detail},
                     {"code", code}};
  if (!trace_id.empty()) json["trace_id"] = trace_id;
  net::Response response;
  response.status = status;
  response.fields = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}};
  response.body = formats::to_line(json) + "\n";
  return response;
}

net::Response problem(const Error& error, std::string_view trace_id) {
  const int status = status_of(error);
  if (status < 500) return problem(status, error.code, error.detail, trace_id);
  auto response =
      problem(status, error.code,
              status == 507 && error.code == "store_full"
                  ? std::string_view(error.detail)
                  : "The server cannot do this at the moment; nothing is lost, try again in a few seconds.",
              trace_id);
  if (status == 503) response.fields.set("Retry-After", "5");
  return response;
}

net::Response too_many(std::string_view code, std::string_view detail, std::int64_t retry_after_seconds,
                       std::string_view trace_id) {
  auto response = problem(429, code, detail, trace_id);
  response.fields.set("Retry-After", std::to_string(retry_after_seconds));
  return response;
}

}  // namespace orakgarak::http
