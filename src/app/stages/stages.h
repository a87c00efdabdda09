#pragma once
// The real work of the stages: what happens to the bytes of an upload.
//
//   check     uploads/check.h
//   convert   decodes the take in the sandboxed child and keeps its mono samples at hand (samples.h)
//   analyze   the voice core hears them, or the take decoded again where they are not at hand, less the
//             backing that was played meanwhile where its owner has sent that (hearing.h); the report of
//             docs/openapi.yaml (Report), `curve` included. Of a backing nothing: it is no voice
//   optimize  the picture as a JPEG of at most 1600 pixels a side, without metadata
//   thumbnail the same at 320
//
// A take that cannot be decoded FAILS with the decoder's code (media/decode.h). One that can be is COMPLETED,
// whatever was heard: silence, speech, an instrument or too little singing give a report that says
// `answered: false` and why.
#include <functional>
#include <string>

#include "media/decode.h"
#include "media/picture.h"
#include "uploads/objects.h"
#include "uploads/store.h"
#include "uploads/worker.h"
#include "voice/network.h"

namespace orakgarak::app {

struct StageOptions {
  media::DecodeOptions decode;
  media::PictureOptions picture;
  voice::NetworkMaker network = {};  ///< of analyze; empty: over the processor
};

/// What a Worker wants.
struct StageWork {
  std::function<uploads::StageEffect(uploads::Stage)> effect;
  std::function<uploads::TakeLength(const uploads::Upload&)> length;
};
/// rows and objects must outlive it. Safe from any number of threads.
StageWork stage_work(uploads::UploadStore& rows, uploads::ObjectStore& objects,
                     const StageOptions& options = {});

}  // namespace orakgarak::app
