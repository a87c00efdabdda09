#pragma once
// The adapter: one file for profiles and recordings, one for albums.
#include "people/social_store.h"
#include "storage/sqlite/rows.h"

namespace orakgarak::storage {

class SqliteSocial final : public people::SocialStore {
 public:
  explicit SqliteSocial(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  // profiles.cpp
  Result<people::PublicProfile> put_profile(const people::OwnerId&, const people::Nickname&,
                                            const std::string& introduction, people::Shown,
                                            Time now) override;
  Result<people::PublicProfile> profile(const people::OwnerId&) override;
  Result<people::PublicProfile> person(const std::string& nickname_key, const people::Viewer&) override;
  Result<std::vector<people::Recording>> recordings(const people::OwnerId&,
                                                    const std::optional<uploads::UploadId>& before,
                                                    std::size_t limit) override;
  Result<std::vector<people::Recording>> shown_recordings(const people::OwnerId&,
                                                          const std::optional<uploads::UploadId>& before,
                                                          std::size_t limit) override;
  Result<people::Recording> recording(const uploads::UploadId&, const people::Viewer&) override;
  Result<people::Recording> change_recording(const people::OwnerId&, const uploads::UploadId&,
                                             const std::optional<std::string>& title,
                                             std::optional<bool> shown) override;

  // albums.cpp
  Result<people::Album> add_album(const people::AlbumId&, const people::OwnerId&, const people::AlbumWords&,
                                  Time now) override;
  Result<people::Album> edit_album(const people::AlbumId&, const people::OwnerId&,
                                   const people::AlbumWords&) override;
  Result<people::Album> set_album_state(const people::AlbumId&, const people::OwnerId&, people::AlbumState,
                                        const std::string& link_hash, Time now) override;
  Result<void> remove_album(const people::AlbumId&, const people::OwnerId&) override;
  Result<people::Album> album(const people::AlbumId&, const people::Viewer&) override;
  Result<std::vector<people::Album>> albums(const people::OwnerId&,
                                            const std::optional<people::AlbumId>& before,
                                            std::size_t limit) override;
  Result<std::vector<people::Album>> published_albums(const people::OwnerId&,
                                                      const std::optional<people::AlbumId>& before,
                                                      std::size_t limit) override;

 private:
  std::unique_ptr<Database> database_;
};

/// The columns that read_recording reads, of uploads.
#define ORAK_RECORDING_COLUMNS "id, owner, title, shown, created"
people::Recording read_recording(Row&);
/// As a list takes `before`: every id comes before "g".
template <class Tag>
std::string id_before(const std::optional<Id<Tag>>& before) {
  return before ? before->text() : "g";
}
/// Has this person a nickname?
bool has_nickname(SQLite::Database&, const people::OwnerId&);

}  // namespace orakgarak::storage
