#!/bin/sh -eu
# A rootfs hook: packages are there, the overlay is not; there is no network.
test -x /usr/bin/curl
test ! -e /usr/lib/gateway/words
test -z "$(ip -o addr show)"
test "$(id -u)" = 0
mkdir -p /usr/lib/gateway
cp -R "$MICRO_LINUX_INPUTS/assets" /usr/lib/gateway/
echo "$MICRO_LINUX_STAGE $MICRO_LINUX_PROFILE $MICRO_LINUX_COMPATIBLE $* $PATH" >/usr/lib/gateway/rootfs-hook
echo 'the rootfs hook ran'
