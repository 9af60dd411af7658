#!/bin/sh
# debootstrap.sh ROOT ARGS...: run by build.sh as (namespace) root: mmdebstrap ARGS, then what sim.sh wants of ROOT.
set -eu
root=$1
shift
# Documentation and translations are left out: a third of the files, none of the functions.
mmdebstrap --mode=root --verbose --variant=apt --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' "$@"
cd "$root"
rm -f etc/apt/apt.conf.d/99mmdebstrap etc/localtime # the machine's proxies, a link
touch etc/localtime etc/resolv.conf etc/hosts etc/hostname etc/pip.conf # the machine's own are mounted over these
grep -q 4294967295 /proc/self/uid_map || chown -hR 0:0 . # one owner, the user, who may then delete it
