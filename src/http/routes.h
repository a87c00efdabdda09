#pragma once
// The handlers, one file a resource. Each takes what the router has admitted and read.
#include "http/call.h"

namespace orakgarak::http {

// session_routes.cpp
Result<net::Response> about(Service&, const Call&);
Result<net::Response> get_session(Service&, const Call&);
Result<net::Response> consent(Service&, const Call&);
Result<net::Response> sign_out(Service&, const Call&);
Result<net::Response> delete_everything(Service&, const Call&);
Result<net::Response> export_everything(Service&, const Call&);

// account_routes.cpp
Result<net::Response> sign_up(Service&, const Call&);
Result<net::Response> sign_in(Service&, const Call&);
Result<net::Response> change_password(Service&, const Call&);
Result<net::Response> list_sessions(Service&, const Call&);
Result<net::Response> end_one_session(Service&, const Call&);
Result<net::Response> end_other_sessions(Service&, const Call&);

// upload_routes.cpp
Result<net::Response> list_uploads(Service&, const Call&);
Result<net::Response> create_upload(Service&, const Call&);
Result<net::Response> get_upload(Service&, const Call&);
Result<net::Response> strike_ends(Service&, const Call&);
Result<net::Response> delete_upload(Service&, const Call&);
Result<net::Response> sign_upload(Service&, const Call&);
Result<net::Response> upload_sent(Service&, const Call&);
Result<net::Response> redrive_upload(Service&, const Call&);
Result<net::Response> upload_history(Service&, const Call&);
Result<net::Response> upload_report(Service&, const Call&);

// event_routes.cpp
Result<net::Response> event_stream(Service&, const Call&);
Result<net::Response> transitions(Service&, const Call&);

// profile_routes.cpp
Result<net::Response> get_profile(Service&, const Call&);
Result<net::Response> recommendations(Service&, const Call&);

// song_routes.cpp
Result<net::Response> find_songs(Service&, const Call&);
Result<net::Response> get_song(Service&, const Call&);
Result<net::Response> give_feedback(Service&, const Call&);
Result<net::Response> take_feedback_back(Service&, const Call&);
Result<net::Response> list_feedback(Service&, const Call&);
Result<net::Response> catalogue_lines(Service&, const Call&);

// person_routes.cpp
Result<net::Response> get_own_profile(Service&, const Call&);
Result<net::Response> put_own_profile(Service&, const Call&);
Result<net::Response> get_person(Service&, const Call&);
Result<net::Response> person_recordings(Service&, const Call&);
Result<net::Response> person_albums(Service&, const Call&);

// recording_routes.cpp
Result<net::Response> list_recordings(Service&, const Call&);
Result<net::Response> get_recording(Service&, const Call&);
Result<net::Response> change_recording(Service&, const Call&);
Result<net::Response> recording_sound(Service&, const Call&);
Result<net::Response> recording_waveform(Service&, const Call&);

// album_routes.cpp
Result<net::Response> list_albums(Service&, const Call&);
Result<net::Response> create_album(Service&, const Call&);
Result<net::Response> get_album(Service&, const Call&);
Result<net::Response> edit_album(Service&, const Call&);
Result<net::Response> delete_album(Service&, const Call&);
Result<net::Response> set_album_state(Service&, const Call&);
Result<net::Response> track_sound(Service&, const Call&);
Result<net::Response> track_waveform(Service&, const Call&);

// storage_event_routes.cpp
Result<net::Response> storage_event(Service&, const Call&);

// ops_overview_routes.cpp
Result<net::Response> ops_overview(Service&, const Call&);
Result<net::Response> ops_alerts(Service&, const Call&);

// ops_routes.cpp
Result<net::Response> ops_list_uploads(Service&, const Call&);
Result<net::Response> ops_get_upload(Service&, const Call&);
Result<net::Response> ops_upload_history(Service&, const Call&);
Result<net::Response> ops_redrive_upload(Service&, const Call&);
Result<net::Response> ops_dead_letters(Service&, const Call&);
Result<net::Response> ops_dead_letter(Service&, const Call&);
Result<net::Response> ops_replay(Service&, const Call&);
Result<net::Response> ops_discard(Service&, const Call&);
Result<net::Response> ops_events_lag(Service&, const Call&);
Result<net::Response> ops_decisions(Service&, const Call&);

}  // namespace orakgarak::http
