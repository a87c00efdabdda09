#!/usr/bin/env bash
# Builds the fuzz targets (clang-19) and runs each for SECONDS (default 600), one after another.
# usage: fuzz/run.sh [SECONDS [TARGET...]]     TARGET: jsonl csv ultrastar midi musicxml kern ... (default: all)
# What it finds stays in build/fuzz/found/TARGET; the grown corpus in build/fuzz/corpus/TARGET. Ends with 1 if
# anything was found.
set -euo pipefail
. "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../tools/setup.sh"

seconds=${1:-600}
[ $# -gt 0 ] && shift
cd "$root"
[ $# -gt 0 ] || set -- $(ls fuzz/*_fuzz.cpp | sed 's|fuzz/\(.*\)_fuzz.cpp|\1|')
install_packages "$test_packages"
build fuzz "${@/%/_fuzz}"

found=0
for name in "$@"; do
  mkdir -p "build/fuzz/corpus/$name" "build/fuzz/found/$name"
  folders=("build/fuzz/corpus/$name")
  [ -d "fuzz/seeds/$name" ] && folders+=("fuzz/seeds/$name")
  dictionary=()
  [ -f "fuzz/dictionaries/$name.dict" ] && dictionary=("-dict=fuzz/dictionaries/$name.dict")
  log="build/fuzz/$name.log"
  if "build/fuzz/bin/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
    -print_final_stats=1 "${dictionary[@]}" -artifact_prefix="build/fuzz/found/$name/" \
    "${folders[@]}" >"$log" 2>&1; then
    echo "$name: nothing found in $seconds s, $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
  else
    echo "$name: FOUND $(grep -m 1 -E 'ERROR|SUMMARY|not found' "$log") (see $log and build/fuzz/found/$name)"
    found=1
  fi
done
exit $found
