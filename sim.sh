#!/bin/sh
# sim.sh: the simulator on a machine that has nothing yet.  `./sim.sh --help` tells how to use it.
#
# Runs in the current Python where that has dolfinx >= 0.9 and the other modules; else inside a Debian root
# filesystem, built once in the user's cache (env/build.sh) and entered through a private mount namespace and chroot
# (env/inside.sh).  Every step on the way in is exec'd: the program keeps this process id, so that signals reach it
# and exit codes are its own.
set -eu
RECIPE=2 # raise it when the way of building changes, so that root filesystems of the old way are not used

say() { printf 'sim.sh: %s\n' "$*" >&2; }
die() { # EX_UNAVAILABLE, none of the simulator's own codes (0, 1, 2, 3, 75, 130)
  say "$*"
  exit 69
}

SELF=$(realpath -- "$0")
REPO=${SELF%/*}

usage() {
  cat <<HELP
Usage: ./sim.sh COMMAND [ARGS...]

The simulator on any Debian 12 or 13 machine; the first use sets up its environment (1-2 minutes, 3 GB).

  run, compare, demo, validate, mesh, ...   the simulator's commands: ./sim.sh run configs/pia.yaml
  COMMAND --help                            what such a command takes
  test [PYTEST ARGS]                        the test suite (paths count from the repository)
  python [ARGS]                             Python in the environment
  exec CMD [ARGS]                           any command in it: ./sim.sh exec mpirun -n 2 sim run configs/pia.yaml
  env                                       only set the environment up, and print where it is

Variables:
  SIM_CACHE           where environments are kept (default: ~/.cache/separator-sim)
  SIM_MIRROR          Debian mirror to build from (default: the one that apt uses)
  SIM_FORCE_ROOTFS=1  use an environment of its own even where this Python has dolfinx
  SIM_SUITE           build it from another Debian release, such as unstable
  SIM_PACKAGES=viewer  build it from env/viewer-packages.txt instead: ParaView and a browser, for tests/viewers
  SIM_BIND            DIR[:DIR...] below /usr, /etc or /var to be seen inside though no argument names them
HELP
}

# --- which environment -------------------------------------------------------------------------------------------

# True when commands run in the current Python.  LACKS: what that one misses, if it has dolfinx at all.
here() {
  LACKS=''
  [ ! -e /.separator-sim ] || return 0 # inside already
  [ -z "${SIM_FORCE_ROOTFS:-}${SIM_SUITE:-}${SIM_PACKAGES:-}" ] || return 1
  command -v python3 >/dev/null || return 1
  LACKS=$(python3 "$REPO/env/probe.py" 2>/dev/null)
}

# Sets ROOT, the root filesystem that this checkout wants, and what it is built from: CACHE, SUITE, PKGS.
locate() {
  [ -n "${HOME:-}" ] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
  [ -n "${HOME}${SIM_CACHE:-}" ] || die "HOME is not set: set it, or SIM_CACHE to a folder with 4 GB of space"
  export HOME="${HOME:-$SIM_CACHE}"
  CACHE=${SIM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/separator-sim}
  SUITE=${SIM_SUITE:-trixie}
  PKGS=$(sed 's/#.*//' "$REPO/env/${SIM_PACKAGES:-debian}-packages.txt" | tr -s '[:space:]' ,)
  PKGS=${PKGS#,}
  PKGS=${PKGS%,}
  hash=$(printf '%s' "$RECIPE $PKGS" | sha256sum)
  ROOT=$CACHE/$SUITE-$(printf %.12s "$hash")
}

# --- entering it -------------------------------------------------------------------------------------------------

# Folders of this machine that are shown as they are, one a line (names may have blanks): all but the system's own.
top_folders() {
  for dir in /* /var/tmp; do
    case $dir in
      /bin | /sbin | /lib | /lib32 | /lib64 | /libx32 | /usr | /etc | /var | /boot | /lost+found | *.usr-is-merged) ;;
      *) [ ! -d "$dir" ] || [ -L "$dir" ] || printf '%s\n' "$dir" ;;
    esac
  done
}

# Prints a path, or what of it exists, when it lies where the root filesystem has folders of its own.
below_system() {
  path=$(realpath -m -- "$1" 2>/dev/null) || return 0
  while [ ! -e "$path" ]; do path=$(dirname -- "$path"); done
  case $path in /usr/* | /etc/* | /var/*) printf '%s\n' "$path" ;; esac
}

# Such paths that the command needs: its arguments, what follows an equals sign (--output=DIR, --set key=FILE), its
# folders.
named_paths() {
  for arg in "$PWD" "$REPO" "$HOME" "${TMPDIR:-/tmp}" "${XDG_CACHE_HOME:-/tmp}"; do below_system "$arg"; done
  printf '%s\n' "${SIM_BIND:-}" | tr : '\n'
  for arg in "$@"; do
    case $arg in
      /*) below_system "$arg" ;;
      *=/*) below_system "${arg#*=}" ;;
      *) [ ! -e "$arg" ] || below_system "$arg" ;;
    esac
  done
}

# Sets what every program is given, in the current Python and in the root filesystem alike.
variables() {
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # mpirun refuses root otherwise
  export ADIOS2_ALWAYS_USE_MPI=1 OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
  export MPLBACKEND="${MPLBACKEND:-Agg}" PYVISTA_OFF_SCREEN="${PYVISTA_OFF_SCREEN:-true}"
  export PYTHONPATH="$REPO${PYTHONPATH:+:$PYTHONPATH}" PATH="$REPO/env/bin:$PATH"
}

enter() {
  unset PYTHONHOME PYTHONPATH VIRTUAL_ENV CONDA_PREFIX LD_LIBRARY_PATH LD_PRELOAD LIBRARY_PATH CPATH
  unset PYTHONDONTWRITEBYTECODE # set in many containers: all of sim/ would be compiled anew with every command, 0.1 s
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  export LC_ALL=C.UTF-8 USER="${USER:-$(id -un)}"
  export OMPI_MCA_btl="${OMPI_MCA_btl:-self,sm}" # one machine: no network
  export PRTE_MCA_rmaps_default_mapping_policy="${PRTE_MCA_rmaps_default_mapping_policy:-:oversubscribe}" # not all on core 0
  variables
  as_user='' SIM_DROP=''
  [ "$(id -u)" = 0 ] || as_user='--map-current-user --keep-caps' SIM_DROP='setpriv --inh-caps=-all'
  # shellcheck disable=SC2086 # options
  if unshare $as_user --mount true 2>/dev/null; then
    SIM_TOP=$(top_folders) SIM_NAMED=$(named_paths "$@")
    export SIM_R="$ROOT" SIM_TOP SIM_NAMED SIM_DROP
    exec unshare $as_user --mount sh "$REPO/env/inside.sh" "$@"
  fi
  enter_by_proot "$@"
}

# Where namespaces are not to be had (some containers): proot, which traces every system call: slower, and it stays the
# program's parent, so that only signals to the whole group (Ctrl-C) reach the program.
enter_by_proot() {
  command -v proot >/dev/null ||
    die "no mount namespaces here: install proot, or run as root, or use the Containerfile or environment.yml"
  [ -e "$ROOT/.separator-sim" ] || touch "$ROOT/.separator-sim"
  paths=$(top_folders && named_paths "$@")
  set -- -w "$PWD" "$@"
  IFS='
'
  set -f # names with asterisks
  for path in $paths /etc/resolv.conf /etc/hosts /etc/passwd /etc/group; do
    set -- -b "$path" "$@"
  done
  set +f
  unset IFS
  export PROOT_NO_SECCOMP=1 PMIX_MCA_gds=hash
  exec proot -r "$ROOT" "$@"
}

# --- the command -------------------------------------------------------------------------------------------------

# Builds the root filesystem unless it is there.
prepare() {
  locate
  [ ! -e "$ROOT/.complete" ] || return 0
  # shellcheck source=env/build.sh
  . "$REPO/env/build.sh"
  build
}

launch() {
  if here; then
    variables
    exec "$@"
  fi
  prepare
  enter "$@"
}

main() {
  case ${1-} in
    '' | -h | --help)
      usage
      ;;
    env)
      if here; then
        python3 -c 'import sys; print(sys.prefix)'
      else
        prepare
        printf '%s\n' "$ROOT"
      fi
      ;;
    test)
      shift
      cd -- "$REPO"
      launch python3 -m pytest "$@"
      ;;
    python)
      shift
      launch python3 "$@"
      ;;
    exec)
      shift
      [ $# != 0 ] || { usage >&2; exit 2; }
      launch "$@"
      ;;
    *) launch python3 -P -m sim "$@" ;;
  esac
}

main "$@"; exit # on one line: nothing is read from this file any more, whoever changes it meanwhile
