#!/bin/sh
# in-noble.sh FOLDER ROOT SUBIQUITY CURTIN PROBERT: runs verdicts.py of FOLDER (storage, subiquity), as
# root and without network, in a root file system of Ubuntu 24.04 (see docs/guides/seed.md), with
# checkouts of the three. Whatever it mounts is gone when it ends.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
exec unshare --mount --net --fork --pid --kill-child --mount-proc="$2/proc" sh -eu -c '
	root="$1"
	mount -t tmpfs tmpfs "$root/tmp"
	shift
	for name in oracle subiquity curtin probert; do
		mkdir "$root/tmp/$name"
		mount --bind "$1" "$root/tmp/$name"
		mount -o remount,bind,ro "$root/tmp/$name"
		shift
	done
	ip link set lo up || true
	for device in null zero random urandom; do
		[ -c "$root/dev/$device" ] || { : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; }
	done
	exec chroot "$root" python3 -B /tmp/oracle/verdicts.py --subiquity /tmp/subiquity \
		--curtin /tmp/curtin --probert /tmp/probert
' in-noble "$2" "$here/$1" "$3" "$4" "$5"
