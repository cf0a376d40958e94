#!/bin/sh
# test.sh unit-and-boot|e2e|matrix [vitest options]: sets up what is missing, then runs tests.
set -eu
cd "$(dirname "$0")/.."
what="$1"
shift
results="${RESULTS_DIR:-artifacts/test-results}"

# `checks` is a part of `unit-and-boot`, which has set up everything.
if [ "$what" != checks ]; then
	./micro-linux --setup-only
	PATH="$PWD/node_modules/.bin:$PATH"
	export PATH
	# Where this cannot be done, the stories that need the programs are skipped, and say so.
	./micro-linux setup-host --tests || echo 'test.sh: going on without what is missing' >&2
fi

# report NAME: the usual output, and a JSON report for the sums.
vitest_with_report() {
	name="$1"
	shift
	vitest run --reporter=default --reporter=json --outputFile.json="$results/$name.json" "$@"
}

# Types, lint, words and unit tests; each runs even if one before it failed.
check_all() {
	failed=0
	biome check --error-on-warnings . || failed=1
	tsc --noEmit || failed=1
	cspell --no-progress --quiet || failed=1
	vitest_with_report unit || failed=1
	return "$failed"
}

case "$what" in
checks)
	check_all
	;;
unit-and-boot)
	# The build and its boots take longest. The rest gets the time that they leave, and is shown after them.
	shown="$(mktemp)"
	nice -n 10 scripts/test.sh checks >"$shown" 2>&1 &
	checks=$!
	trap 'kill "$checks" 2>/dev/null || :; rm -f "$shown"' EXIT
	status=0
	vitest_with_report boot --config e2e/vitest.config.ts e2e/stories/build-and-boot.e2e.ts || status=1
	wait "$checks" || status=1
	cat "$shown"
	exit "$status"
	;;
e2e)
	vitest_with_report e2e --config e2e/vitest.config.ts "$@"
	;;
matrix)
	vitest_with_report matrix --config e2e/matrix.config.ts "$@"
	;;
esac
