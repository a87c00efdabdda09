#!/bin/sh
# Writes small recordings in every container and codec that the decoder reads: seeds for decode_fuzz; or, with
# --pictures, small pictures of every kind: seeds for picture_fuzz.
# usage: fuzz/make_seeds.sh [--pictures] FOLDER
set -eu
pictures=
[ "${1:-}" = --pictures ] && pictures=yes && shift
folder=${1:?usage: fuzz/make_seeds.sh [--pictures] FOLDER}
mkdir -p "$folder"
draw() {
  name=$1
  shift
  [ -s "$folder/$name" ] || ffmpeg -nostdin -v error -y -f lavfi -i testsrc=s=24x16:r=2:d=1 "$@" "$folder/$name"
}
if [ -n "$pictures" ]; then
  for format in monob gray gray16be ya8 ya16be pal8 rgb24 rgb48be rgba rgba64be; do
    draw "$format.png" -frames:v 1 -pix_fmt $format
  done
  draw plain.jpg -frames:v 1
  draw full.jpg -frames:v 1 -pix_fmt yuvj444p
  draw gray.jpg -frames:v 1 -pix_fmt gray
  draw lossy.webp -frames:v 1
  draw lossless.webp -frames:v 1 -lossless 1
  draw see_through.webp -frames:v 1 -pix_fmt yuva420p
  draw moving.webp -loop 0
  draw moving.apng
  exit
fi
encode() {
  name=$1
  shift
  [ -s "$folder/$name" ] || ffmpeg -nostdin -v error -y -f lavfi \
    -i "aevalsrc=0.5*sin(2*PI*(200+500*t)*t)|0.3*sin(2*PI*300*t):s=16000:d=0.4" "$@" "$folder/$name"
}
encode s16.wav
encode u8.wav -c:a pcm_u8
encode float.wav -c:a pcm_f32le
encode alaw.wav -c:a pcm_alaw
encode s24.aiff -c:a pcm_s24be
encode s16.caf -c:a pcm_s16be
encode lossless.flac -c:a flac
encode lossless.oga -c:a flac
encode lossless.m4a -c:a alac
encode lame.mp3 -c:a libmp3lame -b:a 32k
encode untagged.mp3 -c:a libmp3lame -b:a 32k -write_xing 0 -id3v2_version 0
encode index_last.m4a -c:a aac -b:a 32k
encode fragments.mp4 -c:a aac -b:a 32k -movflags frag_keyframe+empty_moov+default_base_moof
encode raw.aac -c:a aac -b:a 32k
encode vorbis.ogg -c:a libvorbis
encode opus.ogg -c:a libopus -b:a 24k
encode opus.webm -c:a libopus -b:a 24k
encode live.webm -c:a libopus -b:a 24k -f webm -live 1
encode rate96k.wav -ar 96000 -t 0.1
