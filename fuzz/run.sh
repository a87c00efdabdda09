#!/bin/sh
# Builds the fuzz targets (clang-19) and runs each for SECONDS (default 600), one after another.
# usage: fuzz/run.sh [SECONDS [TARGET...]]     TARGET: jsonl csv ultrastar midi musicxml kern ... (default: all)
# What it finds stays in build/fuzz/found/TARGET; the grown corpus in build/fuzz/corpus/TARGET.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-600}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- $(ls fuzz/*_fuzz.cpp | sed 's|fuzz/\(.*\)_fuzz.cpp|\1|')

[ -f build/fuzz/build.ninja ] || cmake --preset fuzz
for name in "$@"; do targets="${targets:-} ${name}_fuzz"; done
cmake --build build/fuzz --target $targets

status=0
for name in "$@"; do
  mkdir -p "build/fuzz/corpus/$name" "build/fuzz/found/$name" "fuzz/seeds/$name"
  dictionary=
  [ -f "fuzz/dictionaries/$name.dict" ] && dictionary="-dict=fuzz/dictionaries/$name.dict"
  echo "== $name: $seconds s"
  "build/fuzz/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
    -print_final_stats=1 -verbosity=1 $dictionary -artifact_prefix="build/fuzz/found/$name/" \
    "build/fuzz/corpus/$name" "fuzz/seeds/$name" >"build/fuzz/$name.log" 2>&1 || status=1
  grep -E "^(stat::number_of_executed_units|SUMMARY|stat::peak_rss_mb|Done)|ERROR" "build/fuzz/$name.log" || true
done
exit $status
