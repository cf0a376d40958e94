#!/bin/sh
# prove.sh MIRROR CURTIN: installs a remastered medium over Ubuntu Server's LVM with the real curtin, in
# QEMU, has the agent take down everything else that the kernel can stack on a disk, and boots the result by BIOS
# and by UEFI. Run by hand, as root: an archive of Ubuntu 24.04, half an hour without KVM (twice that on a
# busy host), 10 GB below $TMPDIR. The log of the live system is printed as it goes. With
# STORY_STAGE=DIRECTORY medium and live system are made there once, and used again.
#
# MIRROR  URL of an archive of Ubuntu
# CURTIN  checkout of canonical/curtin, at the commit that noble's Subiquity pins
set -eu
mirror="$1"
curtin="$(cd "$2" && pwd)"
here="$(cd "$(dirname "$0")" && pwd)"
repository="$(cd "$here/../../.." && pwd)"
if [ -n "${STORY_STAGE-}" ]; then
	mkdir -p "$STORY_STAGE"
	work="$(cd "$STORY_STAGE" && pwd)"
else
	work="$(mktemp -d "${TMPDIR:-/var/tmp}/over-lvm.XXXXXX")"
	trap 'rm -rf "$work"' EXIT
fi
cd "$repository"
PATH="$repository/node_modules/.bin:$PATH"
artifacts="$work/artifacts"

if [ ! -d "$artifacts" ]; then
	node e2e/ubuntu-iso/over-lvm/make-source-iso.ts "$work/source.iso" "$work"
	./micro-linux iso --source-iso "$work/source.iso" --profile bookworm --artifacts "$artifacts"
fi

packages=systemd-sysv,udev,kmod,dbus,initramfs-tools,linux-image-virtual,lvm2,mdadm,cryptsetup-bin
packages=$packages,bcache-tools,multipath-tools,thin-provisioning-tools,dmsetup,dosfstools,e2fsprogs
packages=$packages,xfsprogs,fdisk,gdisk,parted,rsync,efibootmgr,iproute2,python3-minimal,python3-yaml
packages=$packages,zfsutils-linux
packages=$packages,python3-attr,python3-oauthlib,python3-pyudev,python3-distro-info,python3-apt,python3-debian
if [ ! -d "$work/live" ]; then
	rm -rf "$work/live.new"
	mmdebstrap --variant=apt --components=main,universe --include="$packages" noble "$work/live.new" "$mirror"
	mv "$work/live.new" "$work/live"
fi
rm -rf "$work/live/over-lvm"
mkdir -p "$work/live/over-lvm" "$work/live/target" "$work/live/cdrom"
cp -r "$here/." "$work/live/over-lvm/"
cp -r "$curtin" "$work/live/over-lvm/curtin"
# With it curtin asks git for its version, which the live system lacks.
rm -rf "$work/live/over-lvm/curtin/.git"
esbuild --bundle --platform=node --format=esm --log-level=warning \
	--outfile="$work/live/over-lvm/take-down.mjs" e2e/ubuntu-iso/over-lvm/take-down.ts
cp "$here/over-lvm.service" "$work/live/etc/systemd/system/"
mkdir -p "$work/live/etc/systemd/system/multi-user.target.wants"
ln -sf ../over-lvm.service "$work/live/etc/systemd/system/multi-user.target.wants/"
for unit in serial-getty@ttyS0.service multipathd.service; do
	ln -sf /dev/null "$work/live/etc/systemd/system/$unit"
done
: >"$work/live/etc/fstab"
rm -f "$work/live.img"
truncate -s 2G "$work/live.img"
mke2fs -q -t ext4 -d "$work/live" "$work/live.img"

disk="$artifacts/installed.qcow2"
qemu-img create -q -f qcow2 "$disk" 12G
qemu-img create -q -f qcow2 "$work/layers.qcow2" 2G
qemu-img create -q -f qcow2 "$work/other.qcow2" 2G
rm -f "$work/paths.img"
truncate -s 64M "$work/paths.img"
# The processor is that of qemu-arguments.ts: everything that QEMU can translate, except what is slow.
qemu-system-x86_64 -accel "$(node e2e/ubuntu-iso/over-lvm/print-accelerator.ts)" \
	-cpu max,la57=off,erms=off,fsrm=off,svm=off -smp 2 -m 1536 -nodefaults -nographic -no-reboot -serial stdio \
	-kernel "$work/live/boot/vmlinuz" -initrd "$work/live/boot/initrd.img" \
	-append 'root=/dev/vdb rw console=ttyS0 quiet systemd.show_status=0' \
	-drive "file=$disk,if=virtio,format=qcow2" \
	-drive "file=$work/live.img,if=virtio,format=raw" \
	-drive "file=$(ls "$artifacts"/*.ubuntu-*.iso),if=virtio,format=raw,readonly=on" \
	-drive "file=$work/layers.qcow2,if=virtio,format=qcow2" \
	-drive "file=$work/other.qcow2,if=virtio,format=qcow2" \
	-device virtio-scsi-pci \
	-drive "file=$work/paths.img,if=none,id=path0,format=raw,file.locking=off" \
	-device scsi-hd,drive=path0,serial=paths,wwn=0x5000c50000000001,share-rw=on \
	-drive "file=$work/paths.img,if=none,id=path1,format=raw,file.locking=off" \
	-device scsi-hd,drive=path1,serial=paths,wwn=0x5000c50000000001,share-rw=on </dev/null |
	tee "$work/console.log"
grep -q '^OVER-LVM: ALL DONE' "$work/console.log"
grep -q '^OVER-LVM: LAYERS DONE' "$work/console.log"
./micro-linux test "$disk" --artifacts "$artifacts" --firmware bios,uefi
