#!/usr/bin/env bash
# run.sh [PYTEST ARGS]: opens results in the programs that users open them with, ParaView and a browser.
#
# The simulator makes run folders and reports in its own environment; the viewers, whose packages cannot stand beside
# the simulator's, look at them in theirs (env/viewer-packages.txt), on a virtual screen.  Exit code: pytest's.
set -euo pipefail
repo=$(realpath "$(dirname "$0")/../..")
[ ! -e /.separator-sim ] || {
  echo "run.sh: start this outside the environment: it enters two" >&2
  exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$repo"

echo "--- viewers: what there is to look at"
sim() { SIM_PACKAGES='' ./sim.sh "$@"; }
sim python -m tests.viewers.make_runs "$work" # run folders: steady, transient, killed
sim python -m tests.viewers.make_reports "$work" # reports of them, of a sweep and of an experiment

echo "--- viewers: looking"
export SIM_PACKAGES=viewer SIM_VIEWER_RUNS=$work
./sim.sh exec python3 -m pytest tests/viewers -p no:cacheprovider "$@"
