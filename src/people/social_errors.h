#pragma once
// What the adapters of SocialStore say, in the same words.
#include "base/result.h"

namespace orakgarak::people {

using Where = std::source_location;

inline std::unexpected<Error> no_profile(Where where = Where::current()) {
  return fail(ErrorKind::not_found, "no_profile",
              "You have no nickname yet: choose one with PUT /v1/me/profile.", where);
}
inline std::unexpected<Error> no_such_person(Where where = Where::current()) {
  return fail(ErrorKind::not_found, "no_such_person", "There is nobody of this nickname.", where);
}
inline std::unexpected<Error> nickname_taken(Where where = Where::current()) {
  return fail(ErrorKind::conflict, "nickname_taken", "This nickname is taken or reserved: choose another.",
              where);
}
inline std::unexpected<Error> nickname_needed(Where where = Where::current()) {
  return fail(ErrorKind::conflict, "nickname_needed",
              "Others see who this comes from: choose a nickname with PUT /v1/me/profile first.", where);
}
inline std::unexpected<Error> no_such_recording(Where where = Where::current()) {
  return fail(ErrorKind::not_found, "no_such_recording", "There is no such recording; it may be deleted.",
              where);
}
inline std::unexpected<Error> no_such_album(Where where = Where::current()) {
  return fail(ErrorKind::not_found, "no_such_album",
              "There is no such album; it may be deleted, or its link taken back.", where);
}
inline std::unexpected<Error> not_your_recording(Where where = Where::current()) {
  return rejected("not_your_recording", "A track is none of your finished recordings: choose another.",
                  where);
}
inline std::unexpected<Error> not_your_picture(Where where = Where::current()) {
  return rejected("not_your_picture",
                  "The cover is no finished picture of yours of kind album_cover: send one first.", where);
}
inline std::unexpected<Error> too_many_albums(Where where = Where::current()) {
  return fail(ErrorKind::conflict, "too_many_albums", "You have as many albums as one may: delete one first.",
              where);
}
inline std::unexpected<Error> album_empty(Where where = Where::current()) {
  return fail(ErrorKind::conflict, "album_empty",
              "All recordings of this album were deleted: give it another first.", where);
}
inline std::unexpected<Error> guest_gone(Where where = Where::current()) {
  return fail(ErrorKind::not_found, "no_such_guest", "There is no such guest any more.", where);
}

}  // namespace orakgarak::people
