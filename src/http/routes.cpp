#include "http/routes.h"

#include <array>

#include "http/router.h"

namespace orakgarak::http {
namespace {

using enum net::Method;
using enum Access;

using Names = std::string_view;
constexpr std::span<const Names> none;
constexpr Names of_uploads[] = {"state", "kind", "cursor", "limit"};
constexpr Names of_events[] = {"after"};
constexpr Names of_transitions[] = {"after", "limit"};
constexpr Names of_songs[] = {"keys", "decade", "language", "prefer_language", "hide_uncertain_octave",
                              "limit"};
constexpr Names of_search[] = {"search", "cursor", "limit"};
constexpr Names of_letters[] = {"limit"};
constexpr Names of_lists[] = {"cursor", "limit"};
constexpr Names of_sounds[] = {"download"};
constexpr Names of_links[] = {"link"};
constexpr Names of_tracks[] = {"link", "download"};

constexpr std::array table{
    Route{get, "/v1/about", anyone, Takes::nothing, none, about},
    Route{get, "/v1/session", anyone, Takes::nothing, none, get_session},
    Route{post, "/v1/session", anyone, Takes::json, none, consent},
    Route{del, "/v1/session", session, Takes::nothing, none, sign_out},
    Route{get, "/v1/sessions", session, Takes::nothing, none, list_sessions},
    Route{del, "/v1/sessions", session, Takes::nothing, none, end_other_sessions},
    Route{del, "/v1/sessions/{id}", session, Takes::nothing, none, end_one_session},
    Route{post, "/v1/account", consented, Takes::json, none, sign_up},
    Route{put, "/v1/account/password", session, Takes::json, none, change_password},
    Route{post, "/v1/sign-in", anyone, Takes::json, none, sign_in},
    Route{del, "/v1/me", session, Takes::nothing, none, delete_everything},
    Route{get, "/v1/me/export", session, Takes::nothing, none, export_everything},

    Route{get, "/v1/uploads", session, Takes::nothing, of_uploads, list_uploads},
    Route{post, "/v1/uploads", consented, Takes::json, none, create_upload},
    Route{get, "/v1/uploads/{id}", session, Takes::nothing, none, get_upload},
    Route{patch, "/v1/uploads/{id}", session, Takes::json, none, strike_ends},
    Route{del, "/v1/uploads/{id}", session, Takes::nothing, none, delete_upload},
    Route{post, "/v1/uploads/{id}/sign", consented, Takes::json, none, sign_upload},
    Route{post, "/v1/uploads/{id}/sent", session, Takes::nothing, none, upload_sent},
    Route{post, "/v1/uploads/{id}/redrive", session, Takes::nothing, none, redrive_upload},
    Route{get, "/v1/uploads/{id}/history", session, Takes::nothing, none, upload_history},
    Route{get, "/v1/uploads/{id}/report", session, Takes::nothing, none, upload_report},

    Route{get, "/v1/events", session, Takes::nothing, of_events, event_stream},
    Route{get, "/v1/transitions", session, Takes::nothing, of_transitions, transitions},

    Route{get, "/v1/profile", session, Takes::nothing, none, get_profile},
    Route{get, "/v1/recommendations", session, Takes::nothing, of_songs, recommendations},

    Route{get, "/v1/songs", anyone, Takes::nothing, of_search, find_songs},
    Route{get, "/v1/songs/{song}", anyone, Takes::nothing, none, get_song},
    Route{put, "/v1/songs/{song}/feedback", consented, Takes::json, none, give_feedback},
    Route{del, "/v1/songs/{song}/feedback", session, Takes::nothing, none, take_feedback_back},
    Route{get, "/v1/feedback", session, Takes::nothing, none, list_feedback},
    Route{get, "/v1/catalogue", anyone, Takes::nothing, none, catalogue_lines},

    Route{get, "/v1/me/profile", session, Takes::nothing, none, get_own_profile},
    Route{put, "/v1/me/profile", consented, Takes::json, none, put_own_profile},
    Route{get, "/v1/people/{nickname}", anyone, Takes::nothing, none, get_person},
    Route{get, "/v1/people/{nickname}/recordings", anyone, Takes::nothing, of_lists, person_recordings},
    Route{get, "/v1/people/{nickname}/albums", anyone, Takes::nothing, of_lists, person_albums},

    Route{get, "/v1/recordings", session, Takes::nothing, of_lists, list_recordings},
    Route{get, "/v1/recordings/{id}", anyone, Takes::nothing, none, get_recording},
    Route{patch, "/v1/recordings/{id}", consented, Takes::json, none, change_recording},
    Route{get, "/v1/recordings/{id}/sound", anyone, Takes::nothing, of_sounds, recording_sound},
    Route{get, "/v1/recordings/{id}/waveform", anyone, Takes::nothing, none, recording_waveform},

    Route{get, "/v1/albums", session, Takes::nothing, of_lists, list_albums},
    Route{post, "/v1/albums", consented, Takes::json, none, create_album},
    Route{get, "/v1/albums/{id}", anyone, Takes::nothing, of_links, get_album},
    Route{put, "/v1/albums/{id}", consented, Takes::json, none, edit_album},
    Route{del, "/v1/albums/{id}", session, Takes::nothing, none, delete_album},
    Route{put, "/v1/albums/{id}/state", consented, Takes::json, none, set_album_state},
    Route{get, "/v1/albums/{id}/tracks/{recording}/sound", anyone, Takes::nothing, of_tracks, track_sound},
    Route{get, "/v1/albums/{id}/tracks/{recording}/waveform", anyone, Takes::nothing, of_links,
          track_waveform},

    Route{post, "/v1/storage-events", store, Takes::event, none, storage_event},

    Route{get, "/v1/ops/overview", operators, Takes::nothing, none, ops_overview},
    Route{get, "/v1/ops/alerts", operators, Takes::nothing, none, ops_alerts},
    Route{get, "/v1/ops/uploads", operators, Takes::nothing, of_uploads, ops_list_uploads},
    Route{get, "/v1/ops/uploads/{id}", operators, Takes::nothing, none, ops_get_upload},
    Route{get, "/v1/ops/uploads/{id}/history", operators, Takes::nothing, none, ops_upload_history},
    Route{post, "/v1/ops/uploads/{id}/redrive", operators, Takes::json, none, ops_redrive_upload},
    Route{get, "/v1/ops/dead-letters", operators, Takes::nothing, of_letters, ops_dead_letters},
    Route{get, "/v1/ops/dead-letters/{id}", operators, Takes::nothing, none, ops_dead_letter},
    Route{post, "/v1/ops/dead-letters/{id}/replay", operators, Takes::json, none, ops_replay},
    Route{post, "/v1/ops/dead-letters/{id}/discard", operators, Takes::json, none, ops_discard},
    Route{get, "/v1/ops/events/lag", operators, Takes::nothing, none, ops_events_lag},
    Route{get, "/v1/ops/decisions", operators, Takes::nothing, of_letters, ops_decisions},
};

}  // namespace

std::span<const Route> routes() { return table; }

}  // namespace orakgarak::http
