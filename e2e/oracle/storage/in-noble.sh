#!/bin/sh
# in-noble.sh ROOT SUBIQUITY CURTIN PROBERT: runs verdicts.py, as root, in a root file system of
# Ubuntu 24.04 (see docs/guides/seed.md), with checkouts of the three. Its mounts are removed when
# it ends.
set -eu
root="$1"
here="$(cd "$(dirname "$0")" && pwd)"
exec unshare --mount --fork --pid --mount-proc="$root/proc" sh -eu -c '
	root="$1"
	mount -t tmpfs tmpfs "$root/tmp"
	shift
	for source in "$@"; do
		name="$(basename "$source")"
		mkdir "$root/tmp/$name"
		mount --bind "$source" "$root/tmp/$name"
	done
	exec chroot "$root" python3 "/tmp/storage/verdicts.py" --subiquity "/tmp/$(basename "$2")" \
		--curtin "/tmp/$(basename "$3")" --probert "/tmp/$(basename "$4")"
' in-noble "$root" "$here" "$2" "$3" "$4"
