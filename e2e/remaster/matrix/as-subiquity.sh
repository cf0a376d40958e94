#!/bin/sh
# as-subiquity.sh ESP SLOT (sectors): plays, as root of a machine, what Subiquity and curtin do with a
# remastered medium, as far as it meets what is ours: early-commands, partitions, mounts, copy of our
# source, its hook, the user (from 24.04.4 on), late-commands. The disk to install to is /dev/vdb, the
# medium /dev/vdc: the kernel of a small image may have no driver for a DVD drive.
set -eux
medium=/run/cdrom
target=/run/target
mkdir -p "$medium" "$target" /run/source /run/curtin
mount -o ro /dev/vdc "$medium"

# Environment of a snap, and what curtin adds.
export PYTHONPATH=/snap/subiquity/python PERL5LIB=/snap/subiquity/perl NODE_OPTIONS=--no-such-option
export TARGET_MOUNT_POINT="$target" WORKING_DIR=/run/curtin OUTPUT_FSTAB=/run/curtin/fstab CONFIG=/run/curtin/config

sh "$medium/micro-linux/install" early

# block-meta of storage v2: one script for sfdisk, then file systems, then mounts.
sfdisk --quiet /dev/vdb <<EOF
label: gpt
14: start=2048, size=2048, type=21686148-6449-6E6F-744E-656564454649, name=bios-grub
1: start=4096, size=$1, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name=ESP
2: size=$2, name=rootA
3: size=$2, name=rootB
4: name=data
EOF
udevadm settle
for number in 1 2 3 4; do mkfs.ext4 -q -F "/dev/vdb$number"; done
mount /dev/vdb2 "$target"
mkdir -p "$target/boot/efi" "$target/data"
mount /dev/vdb1 "$target/boot/efi"
mount /dev/vdb4 "$target/data"

# extract
mount -o loop,ro "$medium/casper/../micro-linux/rootfs.squashfs" /run/source
cp -a /run/source/. "$target"
umount /run/source
cp /etc/machine-id "$target/etc/machine-id"

# curthooks, create_users
"$target/curtin/curtin-hooks"
chroot "$target" getent group >/dev/null
mount --bind /dev "$target/dev"
chroot "$target" useradd installer --shell /bin/bash --groups adm,sudo --create-home
echo 'installer:!' | chroot "$target" chpasswd --encrypted
umount "$target/dev"

sh "$medium/micro-linux/install" late

findmnt --noheadings --output SOURCE,OPTIONS --mountpoint "$target"
test -x "$target/usr/bin/ota-agent"
