#!/usr/bin/env bash
# examples.sh PART SLUICE ROOT: what must hold for every folder of examples/.
set -euo pipefail
part=$1 sluice=$2 root=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
examples=$(for d in examples/*/*.sluice; do dirname "$d"; done | sort -u)
[ -n "$examples" ] || { echo "no examples"; exit 1; }

case $part in
  format)  # every source here and in the library is in the one style
    "$sluice" fmt --check examples stdlib
    ;;
  tests)  # every test block passes
    for example in $examples; do "$sluice" test "$example"; done
    ;;
  golden)  # golden/ holds what the examples compile to; accept a change with tests/harness/accept
    for example in $examples; do
      "$sluice" compile "$example" -o "$work/${example##*/}" >/dev/null
      diff -r "golden/${example##*/}" "$work/${example##*/}"
    done
    [ "$(ls golden)" = "$(for e in $examples; do echo "${e##*/}"; done)" ] || { echo "golden/ holds other folders than examples/"; exit 1; }
    ;;
  twice)  # the same source gives the same bytes
    for example in $examples; do
      "$sluice" compile "$example" -o "$work/a" >/dev/null
      (cd "$example" && "$sluice" compile . -o "$work/b" >/dev/null)
      diff -r "$work/a" "$work/b"
      rm -rf "$work/a" "$work/b"
    done
    ;;
  check)  # compile --check: 0 when nothing would change, 10 and the file's name when something would
    for example in $examples; do
      cp -r "$example" "$work/source"
      cp -r "golden/${example##*/}" "$work/golden"
      "$sluice" compile --check "$work/source" -o "$work/golden"
      echo 'host brand-new.example.com -> 10.0.0.9:80' >>"$(ls "$work"/source/*.sluice | head -n 1)"
      code=0
      "$sluice" compile --check "$work/source" -o "$work/golden" >"$work/said" || code=$?
      [ "$code" -eq 10 ] || { echo "--check exited with $code, not 10"; exit 1; }
      grep -q changed "$work/said"
      diff -r "golden/${example##*/}" "$work/golden"
      rm -rf "$work/source" "$work/golden"
    done
    ;;
  matrix)  # the README's matrix is the one that the targets' tables give
    sed -n '/<!-- matrix -->/,/<!-- end -->/p' README.md | sed '1d;$d' >"$work/readme"
    "$sluice" targets --markdown >"$work/targets"
    diff "$work/readme" "$work/targets"
    ;;
  *)
    echo "no part $part"
    exit 1
    ;;
esac
