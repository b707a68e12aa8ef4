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

# The least of three runs: at the start of indexing the word list loads beside the
# first files, and how many of them are cut without it differs from run to run.
count() {
    local name=$1 counts=() run
    shift
    for run in 1 2 3; do
        rm -rf "$work/new-index"
        valgrind --tool=callgrind --callgrind-out-file="$profiles/callgrind.$name.$run" "$gongwen" "$@" \
            >"$work/output" 2>"$work/log" || (($? == 1)) || { cat "$work/log" >&2; exit 1; }
        counts+=("$(awk '/Collected/ { print $4 }' "$work/log")")
    done
    mapfile -t counts < <(printf '%s\n' "${counts[@]}" | sort -n)
    printf '%s\t%s\t%.1f %%\n' "$name" "${counts[0]}" \
        "$(awk -v least="${counts[0]}" -v most="${counts[2]}" 'BEGIN { print 100 * (most - least) / least }')"
}

printf 'workload\tinstructions\tspread of three runs\n'
"$gongwen" index corpus --index "$work/index" --threads 1 >/dev/null
# One thread: with two the work is shared differently each time.
count index index corpus --threads 1 --index "$work/new-index"
count search-word search 氢能 --index "$work/index"
count search-phrase search 人民政府应当 --index "$work/index"
count search-words search 安全 罚款 --index "$work/index"
