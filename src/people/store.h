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

  /// A new guest with one session, by consent to words of version `consent`.
  virtual Result<Session> begin(const OwnerId&, const std::string& token_hash, int consent, Time now,
                                Time expires) = 0;
  /// The session of this token, marked as seen (at most once a minute, so that reading writes little).
  /// Errors: not_found "no_session" (none, or it has expired).
  virtual Result<Session> session(const std::string& token_hash, Time now) = 0;
  /// The same person agrees to newer words. Errors: not_found "no_session".
  virtual Result<Session> consent(const std::string& token_hash, int consent, Time now) = 0;
  /// Also where there is none.
  virtual Result<void> end_session(const std::string& token_hash) = 0;

  virtual Result<void> say(const OwnerId&, const Feedback&) = 0;
  virtual Result<void> unsay(const OwnerId&, const std::string& song) = 0;
  virtual Result<std::vector<Feedback>> said(const OwnerId&) = 0;  ///< by time; at most one a song

  /// Ends of a take that its singer struck out: "lowest", "highest".
  virtual Result<void> strike(const OwnerId&, const uploads::UploadId&, bool lowest, bool highest) = 0;
  struct Struck {
    uploads::UploadId upload;
    bool lowest = false, highest = false;
  };
  virtual Result<std::vector<Struck>> struck(const OwnerId&) = 0;

  /// Sessions, feedback and strikes of a person. Its uploads are UploadStore's: erase them first.
  virtual Result<void> erase(const OwnerId&) = 0;
  /// Guests without a living session or seen last before `before`, oldest first.
  virtual Result<std::vector<OwnerId>> unseen_since(Time before, std::size_t limit) = 0;

  /// Errors: conflict "exists" (an operator of that name).
  virtual Result<void> add_operator(const Operator&, const std::string& token_hash) = 0;
  virtual Result<std::vector<Operator>> operators() = 0;
  /// Errors: not_found "no_such_operator".
  virtual Result<void> remove_operator(const std::string& name) = 0;
  /// Errors: not_found "no_such_operator".
  virtual Result<Operator> operator_of(const std::string& token_hash) = 0;
};

}  // namespace orakgarak::people
