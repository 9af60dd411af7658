#!/usr/bin/env bash
# The way into the environment, seen from outside, where pytest cannot look: exit codes, signals, owners, files in odd
# places.  Run by .ci/run; ends with exit 1 at the first thing that is not as it should be.
set -euo pipefail
sim=$(realpath "$(dirname "$0")/../../sim.sh")
work=$(mktemp -d)
odd=/usr/local/src/separator-sim-check.$$ # below a folder that the environment has too; needs root
trap 'rm -rf "$work" "$odd"' EXIT

fail() {
  echo "launcher: $*" >&2
  exit 1
}
same() { [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"; }
code() {
  local got=0
  "$@" >/dev/null 2>&1 || got=$?
  echo $got
}

for n in 0 2 3 75 130; do same "exit code" $n "$(code "$sim" exec sh -c "exit $n")"; done

cat >"$work/wait.py" <<'PY'
import os, signal, sys, time
for name, code in (("SIGTERM", 75), ("SIGUSR1", 75), ("SIGINT", 130)):
    signal.signal(getattr(signal, name), lambda *_, code=code: sys.exit(code))
print(os.getpid(), flush=True)
for _ in range(300):  # short naps: a signal just before a long one would wait for its end
    time.sleep(0.1)
PY
for pair in TERM:75 USR1:75 INT:130; do
  rm -f "$work/pid"
  "$sim" python "$work/wait.py" >"$work/pid" &
  pid=$!
  for _ in $(seq 100); do [ -s "$work/pid" ] || sleep 0.1; done
  same "process id" $pid "$(cat "$work/pid")"
  kill "-${pair%:*}" $pid
  got=0
  wait $pid || got=$?
  same "exit code after ${pair%:*}" "${pair#*:}" $got
done

mkdir "$work/with blanks"
(cd "$work/with blanks" && "$sim" exec sh -c 'echo inside >result; pwd' >"$work/pwd")
same "current folder" "$work/with blanks" "$(cat "$work/pwd")"
same "owner of results" "$(id -u)" "$(stat -c %u "$work/with blanks/result")"

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$odd"
  echo odd >"$odd/file"
  same "file below /usr" odd "$("$sim" exec cat "$odd/file")"
  same "file below /usr, after an equals sign" odd "$("$sim" exec sh -c "cat $odd/file" sh "--config=$odd/file")"
fi

export SIM_FORCE_ROOTFS=1
same "no cache" 69 "$(SIM_CACHE=/proc/none code "$sim" env)"
same "lines about it" 1 "$(SIM_CACHE=/proc/none "$sim" env 2>&1 | wc -l)"
unset SIM_FORCE_ROOTFS

ranks='from mpi4py import MPI; c = MPI.COMM_WORLD; r = c.gather(c.rank); c.rank or print(*r)'
same "ranks" "0 1" "$("$sim" exec mpirun -n 2 python3 -c "$ranks" | xargs)"
# the best of five, as the machine may be busy: what must not happen is that a call builds or checks anything again
took=1000000
for _ in 1 2 3 4 5; do
  start=$(date +%s%N)
  "$sim" exec true
  one=$((($(date +%s%N) - start) / 1000000))
  [ $one -ge $took ] || took=$one
done
[ $took -lt 1000 ] || fail "a call takes $took ms of overhead"
echo "launcher: as it should be ($took ms to start)"
