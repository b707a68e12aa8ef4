#!/usr/bin/env bash
# The bundled documents as seeds of the targets.
set -euo pipefail
cd "$(dirname "$0")"
seed() { # target, ending
    mkdir -p "corpus/$1"
    local n=0
    while IFS= read -r -d '' file; do
        head -c 3000 "$file" >"corpus/$1/seed-$n"
        n=$((n + 1))
    done < <(find ../corpus -name "*$2" -print0 | sort -z)
}
for target in extract_text structure analysis snippet; do seed "$target" .txt; done
seed extract_markdown .md
seed extract_html .html
mkdir -p corpus/query
n=0
for query in '氢能 产业园' '"行政的要求" -公司' '应急 (预案 OR 演练) NOT 公司' '安全 NEAR/10 罚款' '标题:条例 罚款 200*' \
    '日期:2021..2022-06 文号:国发〔2019〕5号 条:577' 'raw:"ＡＢＣ" “本法” （预案｜演练）'; do
    printf '%s' "$query" >"corpus/query/seed-$n"
    n=$((n + 1))
done
