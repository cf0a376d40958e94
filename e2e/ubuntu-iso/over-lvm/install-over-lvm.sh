#!/bin/sh
# install-over-lvm.sh DISK MEDIUM CURTIN: in a live system of Ubuntu 24.04, as root: lays out DISK as
# Ubuntu Server does by default (LVM, left active), and installs over it from a remastered medium:
# install early, the real curtin with the storage list of our seed, its hook, install late.
#
# CURTIN is a checkout of canonical/curtin at the commit that noble's Subiquity pins.
set -eux
disk="$1"
medium=/cdrom
curtin="$3"
here="$(cd "$(dirname "$0")" && pwd)"
work=/run/over-lvm
mkdir -p "$medium" "$work" /target
mount -o ro "$2" "$medium"
say() { echo "OVER-LVM: $*"; }

# What Subiquity adds for the programs of its snap; ours must not trip over it.
export PYTHONPATH="$curtin"
run_curtin() {
	python3 "$here/curtin-config.py" "$1" "$disk" "$medium" >"$work/$1.yaml"
	python3 -m curtin --showtrace --config "$work/$1.yaml" block-meta custom
}
export WORKING_DIR="$work" TARGET_MOUNT_POINT=/target OUTPUT_FSTAB="$work/fstab" CONFIG="$work/config"
export OUTPUT_NETWORK_CONFIG="$work/network" OUTPUT_NETWORK_STATE="$work/network-state"
export OUTPUT_INTERFACES="$work/interfaces" CURTIN_REPORTSTACK=over-lvm

run_curtin ubuntu-server
umount --recursive /target
lsblk "$disk"
lvs --noheadings -o vg_name,lv_name,lv_active
say "Ubuntu Server's LVM is on the disk, and active"

sh "$medium/micro-linux/install" early
lvs --noheadings -o lv_active | grep active
say 'install early accepts the disk, and has not changed it'

run_curtin micro-linux
lsblk "$disk"
if lvs --noheadings | grep .; then exit 1; fi
say 'curtin has taken the LVM down and made our partitions'

python3 -m curtin --showtrace --config "$work/micro-linux.yaml" extract --target /target \
	"fsimage:$medium/micro-linux/rootfs.squashfs"
"/target/curtin/curtin-hooks"
chroot /target useradd installer --shell /bin/bash --create-home
say 'curtin has copied our source, and its hook has run'

sh "$medium/micro-linux/install" late
findmnt --noheadings --output SOURCE,OPTIONS --mountpoint /target | grep -w ro
umount --recursive /target
say 'install late has made the whole disk'

say 'ALL DONE'
