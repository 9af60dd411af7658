#!/bin/sh
# inside.sh CMD [ARGS...]: run by sim.sh in a private mount namespace: lays out the root that CMD will see, and execs
# CMD in it.  Nothing of this is seen outside or left behind.  Given by sim.sh, lists with one path a line:
#   SIM_R      the root filesystem
#   SIM_TOP    folders of the machine shown as they are
#   SIM_NAMED  files and folders to show that lie below folders the root filesystem has too
#   SIM_DROP   command that gives up the powers of a user namespace
set -eu
N=$SIM_R/mnt
mount -t tmpfs -o mode=755 sim "$N"
touch "$N/.separator-sim" # tells sim.sh that it is inside
mount --make-unbindable "$N" # or it would appear again below the folder that holds the cache

mkdir "$N/usr" "$N/etc" "$N/var"
for dir in usr etc var; do
  mount --bind "$SIM_R/$dir" "$N/$dir"
done
for dir in bin sbin lib lib64; do [ ! -L "$SIM_R/$dir" ] || ln -s "usr/$dir" "$N/$dir"; done
for link in /*; do [ ! -L "$link" ] || [ -e "$N$link" ] || [ -L "$N$link" ] || cp -P "$link" "$N$link"; done

IFS='
'
set -f # names with blanks and asterisks
# shellcheck disable=SC2046 # one name a line
mkdir -p $(for dir in $SIM_TOP; do printf '%s\n' "$N$dir"; done)
for dir in $SIM_TOP; do
  mount --rbind "$dir" "$N$dir" 2>/dev/null || : # a mount of another user's
done
for file in resolv.conf hosts hostname localtime passwd group pip.conf ssl/certs/ca-certificates.crt; do
  [ ! -e "/etc/$file" ] || [ ! -e "$N/etc/$file" ] || mount --bind "$(realpath "/etc/$file")" "$N/etc/$file"
done
if ! grep -q "^[^:]*:[^:]*:$(id -u):" /etc/passwd && getent passwd "$(id -u)" >"$N/passwd"; then
  cat /etc/passwd >>"$N/passwd" # a user from LDAP or the like, whom mpirun wants to know
  mount --bind "$N/passwd" "$N/etc/passwd"
fi

# Shows the uppermost part of a path that the root filesystem does not have: /var/lib/ci for /var/lib/ci/job/pia.yaml.
show() {
  part='' rest=${1#/}
  while [ -n "$rest" ]; do
    part=$part/${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
    if [ -f "$part" ] && [ ! -s "$N$part" ]; then
      touch "$N$part" && mount --bind "$part" "$N$part"
      return
    elif [ -d "$part" ] && { [ ! -e "$N$part" ] || [ -z "$(ls -A "$N$part")" ]; }; then
      mkdir -p "$N$part" && mount --rbind "$part" "$N$part"
      return
    fi
  done
}
for path in $SIM_NAMED; do show "$path" || echo "sim.sh: cannot show $path inside the environment" >&2; done

for dir in usr etc var; do mount -o remount,bind,ro "$N/$dir" 2>/dev/null || :; done # a guard, not a need
unset IFS
# shellcheck disable=SC2086 # a command and its options
exec chroot "$N" $SIM_DROP env -u SIM_R -u SIM_TOP -u SIM_NAMED -u SIM_DROP -C "$PWD" "$@"
