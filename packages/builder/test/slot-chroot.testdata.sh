#!/bin/sh
# slot-chroot.testdata.sh DIRECTORY BYTES COMMAND
#
# Runs prepare-state in a namespace as the initramfs does: in a read-only slot. DIRECTORY holds `slot`
# (a small root file system), `partition` (what the data partition holds) and `control` (files that
# say what is wrong). The partition is a tmpfs of so many bytes. COMMAND is run in the slot afterwards.
#
# What a regular user cannot have is replaced by fakes: a block device with an ext4, and the tools
# that check and mount it. All other tools are the real ones.
set -eu
directory="$1"
root="$directory/slot"

mount --bind "$root" "$root"
cd "$root"
mkdir -p proc dev run data home control partition usr/bin usr/sbin usr/lib64 usr/lib/x86_64-linux-gnu \
	usr/lib/micro-linux boot/efi
for link in bin sbin lib lib64; do
	[ -e "$link" ] || ln -s "usr/$link" "$link"
done
for place in /proc /dev /usr/bin /usr/lib/x86_64-linux-gnu /usr/lib64; do
	mount --rbind "$place" ".$place"
done
mount -t tmpfs tmpfs run
mount --bind "$directory/control" control
mount -t tmpfs -o "size=$2" tmpfs partition
cp -a "$directory/partition/." partition
if [ -e control/full ]; then
	head -c "$2" /dev/zero >partition/filler 2>/dev/null || :
fi
mount -o remount,bind,ro "$root"
exec chroot "$root" /bin/sh -c '/usr/lib/micro-linux/prepare-state /dev/vda4 /dev/vda1 || echo "FAILED $?"
'"$3"
