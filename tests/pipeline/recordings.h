#pragma once
// What people send: sung takes, and everything that is none. Made here, or by the ffmpeg command.
#include <string>
#include <vector>

namespace orakgarak::uploads {

/// The demo singer's tenor, about 20 s, as 16-bit mono WAV at 16 kHz.
const std::string& sung_wav();
/// The same as `ffmpeg -i it WORDS… name` makes it.
std::string sung_as(const std::vector<std::string>& words, const std::string& name);
/// Any file that `ffmpeg WORDS… name` makes.
std::string by_ffmpeg(const std::vector<std::string>& words, const std::string& name);

std::string silent_wav(double seconds);
std::string spoken_wav();
std::string piano_wav();
/// The sung take with that piano beside it from 0.4 s on.
std::string sung_over_a_piano_wav();
/// So many seconds of a tone of 8 bits at 8 kHz.
std::string long_wav(int seconds);
/// The sung take, whose header claims `data_bytes` of samples.
std::string lying_wav(unsigned data_bytes);

}  // namespace orakgarak::uploads
