#pragma once
// The port to what people show each other. Every function is one transaction. Each adapter passes
// tests/contract/social_store. Errors of every function, beside those named: retry "store_unavailable". What
// a viewer may not see is not found, whatever the reason.
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "people/social.h"

namespace orakgarak::people {

class SocialStore {
 public:
  virtual ~SocialStore() = default;

  /// Takes the place of what was there; `since` stays. Errors: not_found "no_such_guest"; conflict
  /// "nickname_taken".
  virtual Result<PublicProfile> put_profile(const OwnerId&, const Nickname&, const std::string& introduction,
                                            Shown, Time now) = 0;
  /// Errors: not_found "no_profile".
  virtual Result<PublicProfile> profile(const OwnerId&) = 0;
  /// By the nickname's key. Errors: not_found "no_such_person".
  virtual Result<PublicProfile> person(const std::string& nickname_key, const Viewer&) = 0;

  // Lists: newest first, at most `limit`, those before `before` where one is named, which need not exist any
  // more.

  /// All of one's own.
  virtual Result<std::vector<Recording>> recordings(const OwnerId&,
                                                    const std::optional<uploads::UploadId>& before,
                                                    std::size_t limit) = 0;
  /// Those that this person's page shows to others.
  virtual Result<std::vector<Recording>> shown_recordings(const OwnerId&,
                                                          const std::optional<uploads::UploadId>& before,
                                                          std::size_t limit) = 0;
  /// Errors: not_found "no_such_recording".
  virtual Result<Recording> recording(const uploads::UploadId&, const Viewer&) = 0;
  /// What is not named stays. Errors: not_found "no_such_recording" (of this owner); conflict
  /// "nickname_needed" (to show it to others).
  virtual Result<Recording> change_recording(const OwnerId&, const uploads::UploadId&,
                                             const std::optional<std::string>& title,
                                             std::optional<bool> shown) = 0;

  /// A draft. Errors: not_found "no_such_guest"; conflict "too_many_albums"; rejected "not_your_recording",
  /// "not_your_picture" (another's, deleted, or not COMPLETED).
  virtual Result<Album> add_album(const AlbumId&, const OwnerId&, const AlbumWords&, Time now) = 0;
  /// Errors: not_found "no_such_album" (of this owner); rejected as of add_album.
  virtual Result<Album> edit_album(const AlbumId&, const OwnerId&, const AlbumWords&) = 0;
  /// link_hash: of the link's token, exactly where it becomes unlisted; an older link ends with every call.
  /// Errors: not_found "no_such_album" (of this owner); conflict "nickname_needed" (to publish it),
  /// "album_empty" (all its recordings were deleted).
  virtual Result<Album> set_album_state(const AlbumId&, const OwnerId&, AlbumState,
                                        const std::string& link_hash, Time now) = 0;
  /// Errors: not_found "no_such_album" (of this owner).
  virtual Result<void> remove_album(const AlbumId&, const OwnerId&) = 0;
  /// An album that lost all its recordings is its owner's alone. Errors: not_found "no_such_album".
  virtual Result<Album> album(const AlbumId&, const Viewer&) = 0;
  /// All of one's own.
  virtual Result<std::vector<Album>> albums(const OwnerId&, const std::optional<AlbumId>& before,
                                            std::size_t limit) = 0;
  /// Those that everybody sees.
  virtual Result<std::vector<Album>> published_albums(const OwnerId&, const std::optional<AlbumId>& before,
                                                      std::size_t limit) = 0;
};

}  // namespace orakgarak::people
