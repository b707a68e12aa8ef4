#!/usr/bin/env bash
# Cold one-shot searches beside ripgrep: a new process each, output into a pipe, the
# two in turn, so that a drifting machine drifts for both.
#
#   benches/cold.sh INDEX_DIR FOLDER [RUNS]
#
# FOLDER is what INDEX_DIR was made from. For each query: median wall times and the
# median of the ratios of RUNS (11) pairs. GONGWEN names the program.
set -euo pipefail

if (($# < 2)); then
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
index=$1 folder=$2 runs=${3:-11}
gongwen=${GONGWEN:-${CARGO_TARGET_DIR:-target}/release/gongwen}
queries=(
    护士执业 发展 发展改革 国务院 安全生产监督管理 人民政府应当 税 人大常委会 用人单位 固定资产投资
    行政处罚 数据安全 营业执照 劳动合同 罚款 处五万元以上 县级以上 水 未成年人 知识产权 土地承包经营权
    不可抗力 建设工程 应当自收到之日起 中华人民共和国
)

# Microseconds that a command takes, its output read through a pipe.
elapsed() {
    local start=${EPOCHREALTIME//[^0-9]/} output
    # Nothing found (1) is no failure.
    output=$("$@" 2>/dev/null) || (($? == 1))
    local end=${EPOCHREALTIME//[^0-9]/}
    echo $((end - start))
}

median() {
    sort -n | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'
}

printf 'query\tgongwen ms\trg ms\tratio\n'
ratios=()
for query in "${queries[@]}"; do
    ours=(search "$query" --index "$index")
    theirs=(-cF "$query" "$folder")
    elapsed "$gongwen" "${ours[@]}" >/dev/null
    elapsed rg "${theirs[@]}" >/dev/null
    a=() b=()
    for ((run = 0; run < runs; run++)); do
        # Neither is always the first of its pair.
        if ((run % 2)); then
            a+=("$(elapsed "$gongwen" "${ours[@]}")")
            b+=("$(elapsed rg "${theirs[@]}")")
        else
            b+=("$(elapsed rg "${theirs[@]}")")
            a+=("$(elapsed "$gongwen" "${ours[@]}")")
        fi
    done
    ratio=$(paste <(printf '%s\n' "${a[@]}") <(printf '%s\n' "${b[@]}") | awk '{ print $1 / $2 }' | median)
    ratios+=("$ratio")
    awk -v query="$query" -v a="$(printf '%s\n' "${a[@]}" | median)" -v b="$(printf '%s\n' "${b[@]}" | median)" \
        -v ratio="$ratio" 'BEGIN { printf "%s\t%.1f\t%.1f\t%.2f\n", query, a / 1000, b / 1000, ratio }'
done
printf 'median ratio\t\t\t%.2f\n' "$(printf '%s\n' "${ratios[@]}" | median)"
printf 'worst ratio\t\t\t%.2f\n' "$(printf '%s\n' "${ratios[@]}" | sort -n | tail -1)"
