#!/bin/sh
# Compare the dashboards with the types that Grafana publishes: wrong types,
# misspelt keys, values that are none. It needs npm and a network, so it is not
# one of the tests.
#
#	scripts/grafana-types.sh
#
# What a panel's own options are is not in those types. Last run with
# @grafana/schema 13.2.3 and TypeScript 7.0.2.
set -eu
cd "$(dirname "$0")/.."
boards=$PWD/configs/grafana/dashboards
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

cd "$tmp"
npm install --silent --no-audit --no-fund @grafana/schema typescript
cat >check.ts <<'TYPES'
import type { Dashboard } from "@grafana/schema";

// JSON knows no enum: what an enum stands for is meant.
type Plain<T> = T extends string ? `${T}` | T
	: T extends number | boolean | null | undefined ? T
	: T extends (infer E)[] ? Plain<E>[]
	: T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
TYPES
for board in stream fleet; do
	# Members of the annotation that are the data source's own.
	own='.tagKeys, .titleFormat, .textFormat, .useValueForTime,
	    .target.expr, .target.interval'
	printf 'export const %s: Plain<Dashboard> = %s;\n' "$board" \
	    "$(jq "del(.annotations.list[] | $own)" \
		"$boards/driftpipe-$board.json")" >>check.ts
done
node_modules/.bin/tsc --noEmit --strict --skipLibCheck --module nodenext \
    --moduleResolution nodenext --target es2022 check.ts
echo "The dashboards are of Grafana's types."
