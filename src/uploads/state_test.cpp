#include "uploads/state.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace orakgarak::uploads {
namespace {

constexpr Medium media[] = {Medium::audio, Medium::image};

State state_of(int i) { return static_cast<State>(i); }

TEST(State, EveryStateIsReachedAndTwelveHaveNames) {
  std::set<State> reached{State::pending};
  for (const Transition& t : transitions()) reached.insert(t.to);
  EXPECT_EQ(reached.size(), 12U);
  for (int i = 0; i < state_count; ++i) EXPECT_EQ(parse_state(to_string(state_of(i))), state_of(i));
  EXPECT_FALSE(parse_state("UPLOADING"));
}

TEST(State, WhatIsNotInTheTableDoesNotHappen) {
  int legal = 0;
  for (const Medium medium : media)
    for (int from = 0; from < state_count; ++from)
      for (int to = 0; to < state_count; ++to)
        legal += may_move(medium, state_of(from), state_of(to)) ? 1 : 0;
  EXPECT_EQ(legal, 15 + 9);  // audio + image
  EXPECT_FALSE(may_move(Medium::audio, State::pending, State::completed));
  EXPECT_FALSE(may_move(Medium::image, State::uploaded, State::audio_converting));
  EXPECT_FALSE(may_move(Medium::audio, State::uploaded, State::image_optimizing));
}

TEST(State, NothingLeavesAnEndByItself) {
  for (const Medium medium : media)
    for (const State end : {State::completed, State::failed, State::expired})
      for (int to = 0; to < state_count; ++to) EXPECT_FALSE(may_move(medium, end, state_of(to)));
}

TEST(State, EveryStateButTheEndsCanFailOrBeLeft) {
  for (const Medium medium : media)
    for (int from = 0; from < state_count; ++from) {
      bool used = from == 0, left = false;
      for (int other = 0; other < state_count; ++other) {
        used = used || may_move(medium, state_of(other), state_of(from));
        left = left || may_move(medium, state_of(from), state_of(other));
      }
      if (used && !is_end(state_of(from))) {
        EXPECT_TRUE(left && may_move(medium, state_of(from), State::failed)) << to_string(state_of(from));
      }
    }
}

TEST(State, ARedriveGoesToWhereTheFailedStageWaits) {
  for (const Stage stage : {Stage::check, Stage::convert, Stage::analyze})
    EXPECT_TRUE(may_redrive(Medium::audio, queued_for(stage))) << to_string(stage);
  for (const Stage stage : {Stage::check, Stage::optimize, Stage::thumbnail})
    EXPECT_TRUE(may_redrive(Medium::image, queued_for(stage))) << to_string(stage);
  EXPECT_FALSE(may_redrive(Medium::image, State::voice_analysis_pending));
  EXPECT_FALSE(may_redrive(Medium::audio, State::completed));
}

TEST(State, TheDocumentationShowsThisTable) {
  std::ifstream file(ORAK_SOURCE_DIR "/docs/architecture.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(page.find("```mermaid\n" + state_diagram() + "```"), std::string::npos) << state_diagram();
}

TEST(State, KindsAndStagesHaveNamesBothWays) {
  for (const Kind kind : {Kind::take, Kind::profile_image, Kind::album_cover, Kind::backing})
    EXPECT_EQ(parse_kind(to_string(kind)), kind);
  for (int i = 0; i < stage_count; ++i)
    EXPECT_EQ(parse_stage(to_string(static_cast<Stage>(i))), static_cast<Stage>(i));
  EXPECT_FALSE(parse_kind("video"));
  EXPECT_FALSE(parse_stage(""));
}

}  // namespace
}  // namespace orakgarak::uploads
