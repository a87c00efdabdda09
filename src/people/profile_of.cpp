#include "people/profile_of.h"

#include <algorithm>

namespace orakgarak::people {
namespace {

std::optional<songs::Felt> felt(Verdict verdict) {
  switch (verdict) {
    case Verdict::easy:
      return songs::Felt::easy;
    case Verdict::fits:
      return songs::Felt::fits;
    case Verdict::too_hard:
      return songs::Felt::too_hard;
    case Verdict::not_for_me:
      break;
  }
  return std::nullopt;
}

Result<std::vector<songs::SungTake>> read_takes(uploads::UploadStore& uploads, const OwnerId& owner,
                                                const ReadTake& read, PersonProfile& person) {
  const auto completed =
      uploads.list({.owner = owner, .state = uploads::State::completed, .kind = uploads::Kind::take}, {},
                   most_merged_takes);
  if (!completed) return std::unexpected(completed.error());
  std::vector<songs::SungTake> takes;
  for (const uploads::Upload& upload : *completed) {
    const auto report = uploads.report(upload.id);
    if (!report && report.error().kind != ErrorKind::not_found) return std::unexpected(report.error());
    if (!report) continue;  // deleted this moment
    auto take = read(*report, upload.created);
    if (!take) {
      person.unreadable.push_back(upload.id);
      continue;
    }
    auto counted = songs::without_struck(*std::move(take), upload.struck.lowest, upload.struck.highest);
    if (!is_usable(counted)) continue;
    takes.push_back(std::move(counted));
    person.takes.push_back(upload.id);
  }
  return takes;
}

}  // namespace

std::optional<songs::FeltSong> felt_song(const Feedback& feedback, const songs::Song& song) {
  const auto how = felt(feedback.verdict);
  const auto demand = songs::demand_of(song, feedback.key_shift + 12 * feedback.octave_shift);
  if (!how || !demand) return std::nullopt;
  return songs::FeltSong{feedback.song, *how, *demand, feedback.at};
}

Result<PersonProfile> profile_of(uploads::UploadStore& uploads, PeopleStore& people, const OwnerId& owner,
                                 const songs::Matcher& catalogue, const ReadTake& read) {
  PersonProfile person;
  auto said = people.said(owner);
  if (!said) return std::unexpected(std::move(said.error()));
  const auto takes = read_takes(uploads, owner, read, person);
  if (!takes) return std::unexpected(takes.error());
  std::vector<songs::FeltSong> words;
  for (const Feedback& feedback : *said) {
    const auto song = catalogue.find(feedback.song);
    if (!song) continue;
    if (feedback.verdict == Verdict::not_for_me) person.hidden.push_back(*song);
    if (auto word = felt_song(feedback, catalogue.songs()[*song])) words.push_back(*std::move(word));
  }
  std::ranges::sort(person.hidden);
  person.said = *std::move(said);
  person.profile = songs::merge_takes(*takes, words);
  return person;
}

}  // namespace orakgarak::people
