#!/usr/bin/env bash
# Instructions that a small fixed workload takes: indexing the bundled corpus and three
# searches of it, under callgrind. Unlike seconds they hardly differ between two runs,
# so a regression shows on a busy machine too.
#
#   benches/instructions.sh
#
# GONGWEN names the program (made with --release and, to read the profile by function,
# CARGO_PROFILE_RELEASE_DEBUG=1); PROFILES names a folder to keep the profiles in.
set -euo pipefail

gongwen=$(realpath "${GONGWEN:-${CARGO_TARGET_DIR:-target}/release/gongwen}")
corpus=$(realpath "$(dirname "$0")/../corpus")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
profiles=${PROFILES:-$work}
mkdir -p "$profiles"
# A copy at one place: the instructions depend a little on the length of paths.
cp -r "$corpus" "$work/corpus"
cd "$work"

count() {
    local name=$1
    shift
    valgrind --tool=callgrind --callgrind-out-file="$profiles/callgrind.$name" "$gongwen" "$@" \
        >"$work/output" 2>"$work/log" || (($? == 1)) || { cat "$work/log" >&2; exit 1; }
    printf '%s\t%s\n' "$name" "$(awk '/Collected/ { print $4 }' "$work/log")"
}

printf 'workload\tinstructions\n'
# One thread: with two the work is shared differently each time.
count index index corpus --threads 1 --index "$work/index"
count search-word search 氢能 --index "$work/index"
count search-phrase search 人民政府应当 --index "$work/index"
count search-words search 安全 罚款 --index "$work/index"
