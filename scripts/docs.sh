#!/bin/sh
# docs.sh: builds the documentation site into docs/.vitepress/dist. What it needs is installed here,
# not by ./micro-linux --setup-only: a build of an image needs none of it.
set -eu
cd "$(dirname "$0")/.."
./micro-linux --setup-only
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
pnpm="$(node -p 'require("./package.json").packageManager')"
npx --yes "$pnpm" install --frozen-lockfile --filter @micro-linux/docs \
	--config.confirmModulesPurge=false >&2
cd docs
exec node_modules/.bin/vitepress build
