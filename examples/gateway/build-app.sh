#!/bin/sh
# build-app.sh [VERSION [START_COMMAND]]: makes packages/gateway.deb from app/.
#
# VERSION is that of micro-linux.yaml by default. START_COMMAND replaces the program of the service. `build-app.sh 1.2.0 /bin/false` makes a release that
# does not start, to see a device roll back.
set -eu
cd "$(dirname "$0")"
version="${1:-$(sed -n 's/^version: *//p' micro-linux.yaml)}"
tree="$(mktemp -d)"
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
cp -R app/. "$tree"
rm "$tree/DEBIAN/control.in"
sed "s/@VERSION@/$version/" app/DEBIAN/control.in >"$tree/DEBIAN/control"
echo "$version" >"$tree/usr/lib/gateway/version"
if [ $# -gt 1 ]; then
	sed -i "s|^ExecStart=.*|ExecStart=$2|" "$tree/usr/lib/systemd/system/gateway.service"
fi
dpkg-deb --root-owner-group --build "$tree" packages/gateway.deb
