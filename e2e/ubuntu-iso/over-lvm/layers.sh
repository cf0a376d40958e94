#!/bin/sh
# layers.sh DISK OTHER TAKE-DOWN: in the live system, as root: makes what the kernel can stack on a disk, one
# after the other, and has the agent take each of them down. What is only partly on DISK must be refused.
#
# TAKE-DOWN  take-down.ts as one program
# Multipath is tried on a SCSI disk that the machine has by two paths, if it has one.
# Something that could not be made fails too, because the agent then finds nothing.
set -u
disk="$1"
other="$2"
program="$3"
umask 077
work="$(mktemp -d /run/layers.XXXXXX)"
printf 'secret' >"$work/key"
failed=''
say() { echo "OVER-LVM: $*"; }

# Two partitions, of 512 MiB and the rest. The kernel refuses this while anything holds one.
table() {
	printf 'size=512MiB\nsize=+\n' | sfdisk --quiet --label gpt --wipe always --wipe-partitions always "$disk" &&
		udevadm settle
}
take_down() { /cdrom/micro-linux/node "$program" "${on:-$disk}"; }
# Whatever a failure leaves does not fail the next one.
goes() {
	udevadm settle
	if take_down && { [ -n "${on-}" ] || table; }; then
		say "$1: taken down, and the disk can be partitioned"
	else
		say "$1: FAILED"
		failed="$failed, $1"
	fi
}
is_refused() {
	udevadm settle
	status=0
	take_down || status=$?
	if [ "$status" = 3 ]; then
		say "$1: refused"
	else
		say "$1: FAILED ($status)"
		failed="$failed, $1"
	fi
}
luks() {
	cryptsetup luksFormat --batch-mode --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file "$work/key" "$1"
	cryptsetup open --key-file "$work/key" "$1" "$2"
}

modprobe -a bcache dm-crypt raid1 dm-thin-pool dm-snapshot
table

luks "${disk}1" secret
goes 'LUKS'

luks "${disk}2" secret
vgcreate -q vg0 /dev/mapper/secret
lvcreate -q -y -n root -L 64M vg0
lvcreate -q -y -n swap -L 64M vg0
goes 'LVM on LUKS'

pvcreate -q "${disk}1" "${disk}2"
vgcreate -q vg1 "${disk}1" "${disk}2"
lvcreate -q -y --type thin-pool -L 256M -n pool vg1
lvcreate -q -y -V 1G --thin -n thin vg1/pool
lvcreate -q -y -s -n snapshot vg1/thin
lvcreate -q -y --type mirror -m 1 -L 64M -n mirror vg1
lvcreate -q -y --type raid1 -m 1 -L 64M -n raid vg1
lvcreate -q -y -s -L 32M -n old vg1/raid
goes 'LVM with a thin pool, snapshots and a RAID'

mdadm --create /dev/md0 --run --quiet --assume-clean --level=1 --raid-devices=2 "${disk}1" "${disk}2"
printf 'size=64MiB\nsize=+\n' | sfdisk --quiet --label gpt /dev/md0
udevadm settle
pvcreate -q /dev/md0p2
vgcreate -q vg2 /dev/md0p2
lvcreate -q -y -n root -L 64M vg2
goes 'LVM on a partition of a RAID'

mdadm --create /dev/md1 --run --quiet --assume-clean --level=1 --raid-devices=2 "${disk}1" missing
mdadm --stop /dev/md1
mdadm --incremental "${disk}1"
cat /proc/mdstat
goes 'a degraded RAID'

make-bcache --wipe-bcache -C "${disk}1" -B "${disk}2"
udevadm settle
goes 'bcache'

make-bcache --wipe-bcache -C "${disk}1"
make-bcache --wipe-bcache -B "${disk}2"
udevadm settle
goes 'a bcache device with a cache, and one without'

make-bcache --wipe-bcache -C "${disk}1"
udevadm settle
goes 'a cache of bcache alone'

pvcreate -q "${disk}1" "$other"
vgcreate -q vg3 "${disk}1" "$other"
lvcreate -q -y --type striped -i 2 -n root -L 64M vg3
is_refused 'LVM on two disks'
vgremove -q -y vg3
wipefs --all --quiet "${disk}1" "$other"
table

modprobe zfs
zpool create -f -m none tank "${disk}1" log "${disk}2"
zpool list -H -v -P -L tank
goes 'a pool of ZFS with a log'

luks "${disk}1" secret
zpool create -f -m none -O canmount=off tank /dev/mapper/secret
goes 'a pool of ZFS on LUKS'

zpool create -f -m none tank mirror "${disk}1" "$other"
is_refused 'a pool of ZFS on two disks'
zpool destroy tank
zpool labelclear -f "${disk}1"
wipefs --all --quiet "${other}"
table

zpool create -f -m /run/tank tank "${disk}1"
is_refused 'a pool of ZFS that is mounted'
zfs unmount tank
zpool create -f -m none tank2 "$other"
goes 'a pool of ZFS beside another on another disk'
zpool list -H -o name | grep -qx tank2 || { say 'the other pool: FAILED'; failed="$failed, the other pool"; }
zpool destroy tank2
zpool labelclear -f "$other" || zpool labelclear -f "${other}1"
wipefs --all --quiet "$other"

# The only SCSI disk, by its two paths.
modprobe -a dm-multipath dm-service-time
printf 'defaults {\n\tfind_multipaths no\n\tuser_friendly_names yes\n}\n' >/etc/multipath.conf
multipath -v2
multipath -ll
on=/dev/sda
is_refused 'a disk with two paths'
multipath -F
echo 1 >/sys/class/block/sdb/device/delete
multipath -v2
goes 'multipath with one path left'
printf 'size=16MiB\n' | sfdisk --quiet --label gpt --wipe always "$on" || failed="$failed, a table on $on"
on=''

# This is the last one, because what was refused stays.
# While udev reads a device it misses what is written to it: bcache would then open neither.
udevadm settle

make-bcache --wipe-bcache -C "${disk}1" -B "$other"
udevadm settle
is_refused "a cache of bcache for another disk's data"

if [ -n "$failed" ]; then
	say "LAYERS FAILED: ${failed#, }"
	exit 1
fi
say 'LAYERS DONE'
