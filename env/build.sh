# shellcheck shell=sh
# Read by sim.sh: builds the root filesystem $ROOT from the Debian packages $PKGS of $SUITE, once.
# Atomic (a temporary folder, a stamp, a rename), under a lock, and nothing stays behind when it is interrupted.

# Runs a command as root, through sudo where needed.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
  else
    echo "neither root nor sudo"
    return 1
  fi
}

apt_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; }

# Installs Debian packages on this machine: the few tools that building needs.
need() {
  command -v apt-get >/dev/null || die "this is no Debian: use environment.yml (conda) or the Containerfile instead"
  say "installing $* with apt-get"
  { apt_install "$@" || { as_root apt-get update && apt_install "$@"; }; } >>"$LOG" 2>&1 ||
    die "could not install $*; as root: apt-get update && apt-get install $* (log: $LOG)"
}

knows_trixie() { ls /usr/share/keyrings/debian-archive-trixie-stable.* >/dev/null 2>&1; }

# Sees to the tools: mmdebstrap, keys that know Debian 13, and for a user subordinate ids for the files' owners.
tools() {
  missing=''
  command -v mmdebstrap >/dev/null || missing=mmdebstrap
  knows_trixie || missing="$missing debian-archive-keyring"
  [ "$(id -u)" = 0 ] || command -v newuidmap >/dev/null || missing="$missing uidmap"
  # shellcheck disable=SC2086 # names without blanks
  [ -z "$missing" ] || need $missing
  knows_trixie || die "the keys of Debian 13 are missing; as root: apt-get install --reinstall debian-archive-keyring"
  KEYS=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -e "$KEYS" ] || KEYS=${KEYS%.gpg}.pgp
  [ "$(id -u)" = 0 ] || subordinate_ids
}

# A user's files in the root filesystem belong to ids of a range that /etc/subuid gives to the user.
subordinate_ids() {
  me=$(id -un)
  if ! grep -qs "^$me:" /etc/subuid || ! grep -qs "^$me:" /etc/subgid; then
    ids="--add-subuids 100000-165535 --add-subgids 100000-165535"
    # shellcheck disable=SC2086 # options
    as_root usermod $ids "$me" >>"$LOG" 2>&1 || die "user $me has no subordinate ids; as root: usermod $ids $me"
  fi
}

# The mirror that this machine's apt uses, else Debian's own.
mirror() {
  # shellcheck disable=SC2016 # apt's own placeholder
  apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -E '^(https?|file):.*/debian/?$' | head -n 1 |
    grep . || echo http://deb.debian.org/debian
}

# The proxies that this machine's apt uses; and mirrors that lag are good enough.
apt_options() {
  apt-config dump 2>/dev/null | grep -E '^Acquire::(https?|ftp)::|^Acquire::Retries' || :
  echo 'Acquire::Check-Valid-Until "false";'
}

# The first error of the build, in one line.
reason() { grep -m 1 '^E: ' "$LOG" || grep -m 1 -E '^(unshare|setpriv|dpkg: error)' "$LOG" || tail -n 1 "$LOG"; }

# Removes a half-built root filesystem, in which some files may belong to subordinate ids.
sweep() {
  # shellcheck disable=SC2086 # options
  rm -rf --one-file-system "$1" 2>/dev/null || unshare $SUBIDS rm -rf --one-file-system "$1" 2>/dev/null || :
}

# Ends the builder and clears up.
stop_build() {
  trap '' INT TERM HUP
  [ -z "$BUILDER" ] || { kill -KILL -- "-$BUILDER" && wait "$BUILDER"; } 2>/dev/null || :
  [ -z "$TMP" ] || sweep "$TMP"
}

interrupted() {
  stop_build
  trap - EXIT
  say "set-up interrupted; nothing is left half done"
  exit "$1"
}

# Says every 20 s how far the build is, until it ends.
watch_build() {
  seconds=0
  while kill -0 "$BUILDER" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    [ $((seconds % 20)) != 0 ] || say "  $seconds s: $(grep -c '^Unpacking' "$LOG" || :) packages unpacked," \
      "$(grep -c '^Setting up' "$LOG" || :) set up"
  done
  wait "$BUILDER"
}

# Starts mmdebstrap in namespaces of its own, in which nothing survives the launcher; root of a container may have to
# do without.
start_build() {
  apart="unshare $SUBIDS --mount --pid --fork --kill-child --mount-proc"
  # shellcheck disable=SC2086 # options
  $apart true 2>>"$LOG" || [ "$(id -u)" != 0 ] || apart=''
  # shellcheck disable=SC2086
  setpriv --pdeathsig KILL setsid $apart sh -eu "$REPO/env/debootstrap.sh" "$TMP/root" \
    --include="$PKGS" --aptopt="$TMP/apt.conf" "$SUITE" "$TMP/root" "deb [signed-by=$KEYS] $1 $SUITE main" \
    </dev/null >>"$LOG" 2>&1 9>&- &
  BUILDER=$!
}

build() {
  { mkdir -p "$CACHE" && [ -w "$CACHE" ]; } 2>/dev/null ||
    die "cannot write to $CACHE: set SIM_CACHE to a folder with 4 GB of space"
  exec 9>"$CACHE/lock"
  flock -n 9 || { say "the environment is being set up by another process; waiting for it"; flock 9; }
  if [ -e "$ROOT/.complete" ]; then
    exec 9>&-
    return
  fi
  [ "$(df -Pk "$CACHE" | awk 'NR == 2 {print $4}')" -gt 4000000 ] ||
    die "less than 4 GB free in $CACHE: set SIM_CACHE to a folder with more space"
  [ -z "$LACKS" ] || say "$LACKS: it gets an environment of its own"
  LOG=$CACHE/build.log BUILDER='' TMP='' SUBIDS=''
  [ "$(id -u)" = 0 ] || SUBIDS='--map-root-user --map-auto'
  : >"$LOG"
  for old in "$CACHE"/build.*/; do [ ! -d "$old" ] || sweep "$old"; done # of a launcher that was killed
  tools
  from=${SIM_MIRROR:-$(mirror)}
  say "setting up Debian $SUITE with dolfinx in $ROOT (once, 1-2 minutes, 3 GB)"
  start=$(date +%s)
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM
  trap 'interrupted 129' HUP
  trap stop_build EXIT
  TMP=$(mktemp -d "$CACHE/build.XXXXXX")
  chmod 755 "$TMP"
  apt_options >"$TMP/apt.conf"
  start_build "$from"
  watch_build || die "could not set it up: $(reason) (mirror $from, log $LOG)"
  touch "$TMP/root/.complete"
  mv -T "$TMP/root" "$ROOT"
  BUILDER=''
  stop_build
  trap - INT TERM HUP EXIT
  exec 9>&-
  say "ready after $(($(date +%s) - start)) s"
}
