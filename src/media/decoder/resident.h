#pragma once

namespace orakgarak::media {

/// Loading FFmpeg's hundred libraries touches 20 MB of code that decoding one file never runs again. Hands
/// the clean pages of all loaded code back to the system: what is needed comes back by page fault.
void release_loaded_code();

}  // namespace orakgarak::media
