#pragma once
// The port to the rows of people. Every function is one transaction. Each adapter passes
// tests/contract/people_store. Errors of every function, beside those named: retry "store_unavailable".
#include <vector>

#include "base/result.h"
#include "people/people.h"

namespace orakgarak::people {

class PeopleStore {
 public:
  virtual ~PeopleStore() = default;

  /// A new guest with one session, by consent to words of version `consent`. Errors: conflict "exists" (the
  /// guest or the token).
  virtual Result<Session> begin(const OwnerId&, const std::string& token_hash, int consent, Time now,
                                Time expires) = 0;
  /// The session of this token, marked as seen (at most once a minute, so that reading writes little).
  /// Errors: not_found "no_session" (none, or it has expired).
  virtual Result<Session> session(const std::string& token_hash, Time now) = 0;
  /// The same person agrees to newer words. Errors: not_found "no_session".
  virtual Result<Session> consent(const std::string& token_hash, int consent, Time now) = 0;
  /// Also where there is none.
  virtual Result<void> end_session(const std::string& token_hash) = 0;
  /// Of this person, seen last first.
  virtual Result<std::vector<OpenSession>> sessions(const OwnerId&, Time now) = 0;
  /// One of this person's. Errors: not_found "no_such_session".
  virtual Result<void> end_session_of(const OwnerId&, const std::string& token_hash) = 0;
  /// All of this person's but that one.
  virtual Result<void> end_other_sessions(const OwnerId&, const std::string& kept_token_hash) = 0;

  /// Errors: not_found "no_such_guest" (it may have left while this was under way).
  virtual Result<void> say(const OwnerId&, const Feedback&) = 0;
  /// Errors: not_found "no_feedback".
  virtual Result<void> unsay(const OwnerId&, const std::string& song) = 0;
  virtual Result<std::vector<Feedback>> said(const OwnerId&) = 0;  ///< latest first; at most one a song

  /// This guest wants everything deleted: its sessions end, and unseen_since() names it until it is erased.
  /// Also where there is none.
  virtual Result<void> leave(const OwnerId&) = 0;
  /// The guest, its sessions and feedback. Its uploads are UploadStore's: erase them first (people/forget.h).
  /// Also where there is none.
  virtual Result<void> erase(const OwnerId&) = 0;
  /// People who leave, then guests seen last before `before`, longest ago first; accounts wait for their
  /// owners.
  virtual Result<std::vector<OwnerId>> unseen_since(Time before, std::size_t limit) = 0;
  /// Sessions that have expired are forgotten; how many.
  virtual Result<std::size_t> end_expired(Time now) = 0;

  /// Errors: conflict "exists" (an operator of that name).
  virtual Result<void> add_operator(const Operator&, const std::string& token_hash) = 0;
  virtual Result<std::vector<Operator>> operators() = 0;
  /// Errors: not_found "no_such_operator".
  virtual Result<void> remove_operator(const std::string& name) = 0;
  /// Errors: not_found "no_such_operator".
  virtual Result<Operator> operator_of(const std::string& token_hash) = 0;
};

}  // namespace orakgarak::people
