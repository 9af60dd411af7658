#!/bin/sh
# debootstrap.sh ROOT ARGS...: run by build.sh as root of its namespaces: mmdebstrap ARGS, quickly, and what sim.sh
# wants of ROOT.
set -eu
root=$1
shift

# Left out: documentation, translations, and what only C++ developers need; half of the files, none of the functions.
for path in doc man info locale javascript unicode 'cmake-*'; do
  set -- --dpkgopt="path-exclude=/usr/share/$path/*" "$@"
done
for path in include/boost lib/debug libexec/valgrind; do
  set -- --dpkgopt="path-exclude=/usr/$path/*" "$@"
done

# Debian compiles each Python package by a process of its own as it is set up; all together, on all cores, at the end
# take a quarter of that.  $1 is mmdebstrap's name for ROOT.
# shellcheck disable=SC2016
wait_with_compiling='for p in py3compile py3clean; do
  chroot "$1" dpkg-divert --quiet --local --rename --divert /usr/bin/$p.later --add /usr/bin/$p
  printf "#!/bin/sh\n" >"$1/usr/bin/$p" && chmod 755 "$1/usr/bin/$p"
done'
# shellcheck disable=SC2016
compile_all='for p in py3compile py3clean; do
  rm "$1/usr/bin/$p"
  chroot "$1" dpkg-divert --quiet --local --rename --remove /usr/bin/$p
done
chroot "$1" python3 -m compileall -qq -j 0 /usr/lib/python3/dist-packages || : # some are templates, not Python'

mmdebstrap --mode=root --verbose --variant=apt --dpkgopt=force-unsafe-io \
  --essential-hook="$wait_with_compiling" --customize-hook="$compile_all" "$@"

cd "$root"
rm -f etc/apt/apt.conf.d/99mmdebstrap etc/localtime # the machine's proxies, a link
touch etc/localtime etc/resolv.conf etc/hosts etc/hostname etc/pip.conf # the machine's own are mounted over these
grep -q 4294967295 /proc/self/uid_map || chown -hR 0:0 . # one owner, the user, who may then delete it
