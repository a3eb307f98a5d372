# Shared by deploy/run and deploy/test: installs what is missing and builds. Sourced, not run.
# Asks nothing, says what it does, and on failure which step failed and where its output lies.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
mkdir -p "$root/build"

say() { printf '\033[1m==\033[0m %s\n' "$*"; }
[ -t 1 ] || say() { printf '== %s\n' "$*"; }
fail() { printf 'deploy: %s\n' "$*" >&2; exit 1; }

# step NAME LOG COMMAND…: runs quietly, shows the end of its output when it fails.
step() {
  name=$1 log=$2; shift 2
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    fail "$name failed; the whole output is in $log"
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else fail "installing packages needs root: run as root, or install sudo; missing: $missing"
  fi
}

# install_missing LIST-FILE…: the Debian packages named there that are not installed yet.
install_missing() {
  wanted=$(cat "$@" | sed 's/#.*//' | tr -s ' \t\n' ' ')
  missing=$(for package in $wanted; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
  done)
  [ -n "$missing" ] || return 0
  grep -q '^ID=debian' /etc/os-release 2>/dev/null && grep -q 'VERSION_ID="12"' /etc/os-release ||
    say "this is not Debian 12; the package names may not fit"
  say "installing: $missing"
  step "apt-get update" "$root/build/apt-update.log" as_root apt-get update -q
  step "installing packages" "$root/build/apt-install.log" \
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
}

# build PRESET TARGET…
build() {
  preset=$1; shift
  if [ ! -f "build/$preset/build.ninja" ]; then
    say "configuring ($preset)"
    step "configuring" "$root/build/configure-$preset.log" cmake --preset "$preset"
  fi
  say "building ($preset)"
  if [ -t 1 ]; then
    ninja -C "build/$preset" "$@" || fail "the build failed; see above"
  else
    step "the build" "$root/build/build-$preset.log" ninja -C "build/$preset" "$@"
  fi
}
