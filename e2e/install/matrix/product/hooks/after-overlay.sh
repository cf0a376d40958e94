#!/bin/sh -eu
# An image hook: everything is there.
test "$(cat /usr/lib/gateway/words)" = 'of the overlay'
test "$(cat /usr/lib/gateway/assets/words)" = 'of the assets'
echo "$MICRO_LINUX_STAGE $MICRO_LINUX_VERSION" >/usr/lib/gateway/image-hook
echo 'the image hook ran'
