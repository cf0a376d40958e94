#!/bin/sh
# Builds the agent many times while busy loops run: program and code cache must be the same each time.
# Usage: bench/agent-cache.sh [BUILDS [LOOPS]]
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
builds="${1:-50}"
loops="${2:-8}"

busy=''
trap 'kill $busy 2>/dev/null || :' EXIT
trap 'exit 130' INT TERM
while [ "$loops" -gt 0 ]; do
	sh -c 'while :; do :; done' &
	busy="$busy $!"
	loops=$((loops - 1))
done
AGENT_BUILDS="$builds" vitest run packages/ota-agent/bundle/build-agent.test.ts -t 'built again'
