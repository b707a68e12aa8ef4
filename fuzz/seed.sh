#!/usr/bin/env bash
# The bundled documents as seeds of the targets, and those of the folders named.
set -euo pipefail
cd "$(dirname "$0")"
folders=(../tests/formats "$@")
seed() { # target, ending
    mkdir -p "corpus/$1"
    local n=0
    while IFS= read -r -d '' file; do
        head -c 3000 "$file" >"corpus/$1/seed-$n"
        n=$((n + 1))
    done < <(find ../corpus -name "*$2" -print0 | sort -z)
}
for target in extract_text structure analysis snippet stored; do seed "$target" .txt; done
seed extract_markdown .md
seed extract_html .html
mkdir -p corpus/query
n=0
for query in '氢能 产业园' '"行政的要求" -公司' '应急 (预案 OR 演练) NOT 公司' '安全 NEAR/10 罚款' '标题:条例 罚款 200*' \
    '日期:2021..2022-06 文号:国发〔2019〕5号 条:577' 'raw:"ＡＢＣ" “本法” （预案｜演练） word:"(a"'; do
    printf '%s' "$query" >"corpus/query/seed-$n"
    n=$((n + 1))
done

files() { # endings; the files that are small enough to be changed in a place that counts
    local names=()
    for ending in "$@"; do names+=(-o -name "*.$ending"); done
    find "${folders[@]}" -type f \( "${names[@]:1}" \) -size -200k ! -name bomb.zip -print0 | sort -z
}
whole() { # target, endings
    local target=$1 n=0
    shift
    mkdir -p "corpus/$target"
    while IFS= read -r -d '' file; do
        cp "$file" "corpus/$target/seed-$n"
        n=$((n + 1))
    done < <(files "$@")
}
# The parts of a package that are text, each behind its name: see `fuzzing::package`.
parts() { # target, endings
    local target=$1 n=0
    shift
    mkdir -p "corpus/$target"
    while IFS= read -r -d '' file; do
        while IFS= read -r part; do
            printf '#part %s\n' "$part"
            unzip -p "$file" "$part" 2>/dev/null || true
            echo
        done < <(unzip -Z1 "$file" 2>/dev/null | grep -E '(\.(xml|rels|txt)|mimetype)$') >"corpus/$target/seed-$n"
        n=$((n + 1))
    done < <(files "$@")
}
parts extract_office docx xlsx pptx odt ods odp
parts extract_ofd ofd
whole extract_ole doc xls ppt wps
whole extract_pdf pdf
whole extract_mail eml mht
whole extract_rtf rtf
whole extract_archive zip 7z tar gz
printf '#part a/b.txt\n第一条 氢能。\n#part ../../c.html\n<p>第二条</p>\n' >corpus/extract_archive/seed-parts
mkdir -p corpus/extract_records
printf '\0[{"标题":"关于供水的通知","正文":"第一条 氢能。\\n第二条","文号":"国发〔2019〕5号"}]' >corpus/extract_records/seed-0
printf '\1{"title":"通知","text":"一、总则"}\n{"title":"办法","text":["a",1,null]}\n' >corpus/extract_records/seed-1
printf '\2标题,正文,日期\n关于氢能的通知,"第一条 ""氢能""。\n第二条",2022-01-02\n办法,第一条。,\n' >corpus/extract_records/seed-2
