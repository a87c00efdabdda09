#!/bin/sh
# page_tests.sh NODE PAGE_FOLDER: the page's unit tests (vitest).
vitest="$2/node_modules/vitest/vitest.mjs"
[ -e "$vitest" ] || { echo "skipped: the page's packages are not installed; run npm ci in $2"; exit 77; }
cd "$2" && exec "$1" "$vitest" run
