#!/usr/bin/env bash
# bad_input.sh PART SLUICE: input that a text case cannot hold (size, bytes, disks), each one clear error, the
# artifacts that were there untouched.
set -euo pipefail
part=$1 sluice=$2
work=$(mktemp -d)
mounted=""
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$work"' EXIT
cd "$work"

# expect CODE TEXT COMMAND…: the exit code, exactly one error, and the text in it.
expect() {
  local code=$1 text=$2 got=0
  shift 2
  "$@" >said 2>&1 || got=$?
  [ "$got" -eq "$code" ] || { echo "exit $got instead of $code: $*"; head -c 2000 said; exit 1; }
  grep -qF -- "$text" said || { echo "does not say '$text': $*"; head -c 2000 said; exit 1; }
  local errors
  errors=$(grep -cE '^(error |sluice: )' said || true)
  [ "$errors" -eq 1 ] || { echo "$errors errors instead of one: $*"; head -c 2000 said; exit 1; }
}

case $part in
  deep)  # blocks 300 deep
    { for _ in $(seq 300); do echo 'host a.example.com {'; done; for _ in $(seq 300); do echo '}'; done; } >deep.sluice
    expect 1 "64" "$sluice" check deep.sluice
    ;;
  huge)  # 20 MB
    head -c 20000000 < <(yes 'host a.example.com -> 10.0.0.1:80') >huge.sluice
    expect 1 "the limit is 16" "$sluice" check huge.sluice
    ;;
  bytes)
    printf 'host a.example.com -> 10.0.0.1:80 # \xff\xfe\n' >bytes.sluice
    expect 1 "UTF-8" "$sluice" check bytes.sluice
    printf 'host a.example.com -> 10.0.0.1:80\0\n' >nul.sluice
    expect 1 "error" "$sluice" check nul.sluice
    printf 'host a.example.com -> 10.0.0.1:80\r\n' >crlf.sluice
    "$sluice" check crlf.sluice >/dev/null
    ;;
  missing)
    expect 2 "none.sluice" "$sluice" check none.sluice
    mkdir empty
    expect 2 "empty" "$sluice" check empty
    expect 2 "/dev/full" env sh -c "echo 'host a.example.com -> 10.0.0.1:80' >ok.sluice; '$sluice' compile ok.sluice -o /dev/full"
    ;;
  unwritable)  # the output folder is a file
    echo 'host a.example.com -> 10.0.0.1:80' >ok.sluice
    echo mine >out
    expect 2 "cannot create" "$sluice" compile ok.sluice -o out
    [ "$(cat out)" = mine ]
    ;;
  full_disk)  # nothing of the old artifacts is lost when there is no room for the new ones
    [ "$(id -u)" -eq 0 ] || { echo "skipped: a small file system needs root"; exit 77; }
    mkdir disk
    mount -t tmpfs -o size=256k none disk 2>/dev/null || { echo "skipped: cannot mount"; exit 77; }
    mounted=$work/disk
    echo 'host a.example.com -> 10.0.0.1:80' >ok.sluice
    "$sluice" compile ok.sluice -o disk/out >/dev/null
    cp -r disk/out before
    head -c 1000000 /dev/zero >disk/filler 2>/dev/null || true
    for i in $(seq 2000); do echo "host h$i.example.com -> 10.0.0.1:80"; done >>ok.sluice
    expect 2 "No space left" "$sluice" compile ok.sluice -o disk/out
    diff -r before disk/out
    ;;
  *)
    echo "no part $part"
    exit 1
    ;;
esac
