#!/usr/bin/env bash
# What an update costs: nothing changed, one file changed (a new process each), and
# whether many small updates make searching slower, before and after `optimize`.
#
#   benches/update.sh FOLDER [UPDATES]
#
# FOLDER is copied, indexed and changed in a temporary folder. Aims: 60 ms for nothing
# in some 1,600 files, 150 ms for one. GONGWEN names the program.
set -euo pipefail

if (($# < 1)); then
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
gongwen=$(realpath "${GONGWEN:-${CARGO_TARGET_DIR:-target}/release/gongwen}")
updates=${2:-200}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$1" "$work/docs"
chmod -R u+w "$work/docs"
export GONGWEN_INDEX=$work/index
cd "$work"

# Milliseconds that a command takes.
elapsed() {
    local start=${EPOCHREALTIME//[^0-9]/}
    # Nothing found is no failure, nor is a file of FOLDER that cannot be read.
    "$@" >/dev/null 2>&1 || true
    local end=${EPOCHREALTIME//[^0-9]/}
    awk -v us=$((end - start)) 'BEGIN { printf "%.1f\n", us / 1000 }'
}

median() {
    sort -n | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'
}

# Each query five times, the medians' sum.
searches() {
    for query in 发展 人民政府应当 税 '安全 罚款' 用人单位; do
        for _ in 1 2 3 4 5; do elapsed "$gongwen" search "$query"; done | median
    done | awk '{ sum += $1 } END { printf "%.1f", sum }'
}

segments() {
    "$gongwen" status | awk '/segments/ { print $(NF - 1) }'
}

mapfile -t files < <(find docs -type f -name '*.*' | sort)
change() {
    printf '\n第%d次修改。\n' "$1" >>"${files[$(($1 * 7919 % ${#files[@]}))]}"
}

echo "${#files[@]} files, indexed in $(elapsed "$gongwen" index docs) ms"
"$gongwen" search 发展 >/dev/null
echo "nothing changed: $(for _ in {1..11}; do elapsed "$gongwen" update; done | median) ms"
echo "one file changed: $(for n in {1..11}; do change "$n"; elapsed "$gongwen" update; done | median) ms"

before=$(searches)
echo "five searches: $before ms in $(segments) segments"
for ((n = 12; n < 12 + updates; n++)); do
    change "$n"
    elapsed "$gongwen" update
done | { sort -n | awk '{ a[NR] = $1 } END { if (NR) printf "%d more updates: median %.1f ms, slowest %.1f ms\n", NR, a[int((NR + 1) / 2)], a[NR] }'; }
after=$(searches)
echo "five searches: $after ms in $(segments) segments, $(awk -v a="$after" -v b="$before" 'BEGIN { printf "%.2f", a / b }') of the time before"
echo "optimize: $(elapsed "$gongwen" optimize) ms"
echo "five searches: $(searches) ms in $(segments) segments"
