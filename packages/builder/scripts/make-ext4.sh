#!/bin/sh
# make-ext4.sh TREE OUTPUT UUID LABEL SIZE_BYTES FEATURES ROOT_PERCENT ON_ERROR EXTENDED LISTING PRUNE_FILE
#
# Makes an ext4 file system of the directory TREE, and removes TREE.
# ROOT_PERCENT and ON_ERROR are for mke2fs -m and -e, EXTENDED is a list for its -E, or empty.
# Runs as root of a user namespace (or as root). SIZE_BYTES 0 means: as small as the files allow.
# LISTING receives one line per file: its bytes (0 for a further name of a file that is listed
# already), a tab, the path. PRUNE_FILE contains shell patterns, one per line, of files to leave out.
# No file is newer than SOURCE_DATE_EPOCH, and the same TREE makes the same bytes at any time.
set -eu
tree="$1"
shift
output="$1" uuid="$2" label="$3" size="$4" features="$5" percent="$6" on_error="$7" extended="$8"
listing="$9" prune="${10}"

messages="$(mktemp)"
trap 'rm -rf --one-file-system "$tree" "$messages"' EXIT
trap 'exit 143' TERM INT HUP
while IFS= read -r pattern; do
	# Unquoted on purpose: a pattern is expanded, relative to the tree.
	# shellcheck disable=SC2086
	[ -z "$pattern" ] || (cd "$tree" && rm -rf --one-file-system -- .$pattern)
done <"$prune"

# What was changed in the tree has today's time, and an image must be the same if it is made again.
find "$tree" -xdev -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

(cd "$tree" && find . -xdev -type f -printf '%i:%s\t%P\n') | sort -k 2 |
	awk '{ split($1, file, ":"); sub(/^[0-9:]+/, seen[file[1]]++ ? 0 : file[2]); print }' >"$listing"

# Inodes: every file and directory, and a small reserve. Blocks of 4 KiB: file data, one per
# directory at least, the inode tables (256 bytes an inode) and 3 % + 4 MiB for the rest.
inodes=$(($(find "$tree" -xdev | wc -l) + 64))
if [ "$size" -eq 0 ]; then
	# Count the blocks of a file with several hard links (Ubuntu's coreutils has 116) once.
	size=$(find "$tree" -xdev -printf '%s %y %i\n' | awk -v inodes="$inodes" '
		seen[$3]++ { next }
		{ blocks += int(($1 + 4095) / 4096); if ($2 == "d") blocks += 1 }
		END { blocks += inodes / 16; bytes = blocks * 4096 * 1.03 + 4194304
		      printf "%d", int((bytes + 1048575) / 1048576) * 1048576 }')
	set -- -N "$inodes"
else
	set --
fi

# Truncated, not recreated, to keep its mode: it may be readable by its owner only.
: >"$output"
truncate -s "$size" "$output"
mke2fs -q -F -t ext4 -b 4096 -I 256 -m "$percent" -e "$on_error" -O "$features" -U "$uuid" -L "$label" \
	-E "hash_seed=$uuid,nodiscard${extended:+,$extended}" -d "$tree" "$@" "$output"

# mke2fs copies the times at which the files of the tree were made and read: those of this run.
# All inodes in use but the reserved ones, 1 to 10; 2 is the root.
dumpe2fs "$output" 2>/dev/null | awk -v time="$SOURCE_DATE_EPOCH" '
	/^Inode count:/ { count = $3 }
	/^ *Free inodes: / {
		sub(/^ *Free inodes: /, "")
		ranges = split($0, range, ", ")
		for (i = 1; i <= ranges; i++) {
			ends = split(range[i], end, "-")
			for (inode = end[1]; inode <= end[ends]; inode++) free[inode]
		}
	}
	END {
		for (inode = 2; inode <= count; inode++) {
			if (inode in free || (inode > 2 && inode < 11)) continue
			printf "set_inode_field <%d> atime @%d\nset_inode_field <%d> ctime @%d\n", inode, time, inode, time
		}
	}' | debugfs -w -f - "$output" >/dev/null 2>"$messages"
# It exits with 0 whatever happens; the first line is its version.
if sed 1d "$messages" | grep . >&2; then
	exit 1
fi
