#!/bin/sh
# A new version is kept only if this exits with 0 within two minutes; otherwise the device is rolled back.
# Replace the check by one of your application, such as
#   curl --fail --silent --max-time 5 http://127.0.0.1:8080/health
set -eu
test -s /etc/motd
