#!/bin/sh
# unpack-tree.sh TREE TAR...
#
# Unpacks TARs one over the other with their owners into the new directory TREE.
# Runs as root of a user namespace (or as root).
set -eu
tree="$1"
shift

mkdir -m 755 "$tree"
for archive in "$@"; do
	# Only real root can create device nodes, and the kernel's devtmpfs covers them at boot.
	tar --extract --file="$archive" --directory="$tree" --exclude='./dev/*' --preserve-permissions --same-owner \
		--numeric-owner --xattrs --xattrs-include='*' --keep-directory-symlink --overwrite
done
