#!/bin/sh
# test.sh unit-and-boot|e2e [vitest options]: sets up what is missing, then runs tests.
set -eu
cd "$(dirname "$0")/.."
what="$1"
shift
results="${RESULTS_DIR:-artifacts/test-results}"

./micro-linux --setup-only
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
# Where this cannot be done, the stories that need the programs are skipped, and say so.
./micro-linux setup-host --tests || echo 'test.sh: going on without what is missing' >&2

# report NAME: the usual output, and a JSON report for the sums.
vitest_with_report() {
	name="$1"
	shift
	vitest run --reporter=default --reporter=json --outputFile.json="$results/$name.json" "$@"
}

case "$what" in
unit-and-boot)
	status=0
	biome check --error-on-warnings . || status=1
	tsc --noEmit || status=1
	vitest_with_report unit || status=1
	vitest_with_report boot --config e2e/vitest.config.ts e2e/stories/build-and-boot.e2e.ts || status=1
	exit "$status"
	;;
e2e)
	vitest_with_report e2e --config e2e/vitest.config.ts "$@"
	;;
esac
