# Sourced by the commands that a person runs: what Debian 12 must have for them, installed when missing.
# Says what it installs before it does; uses sudo when not root; asks nobody when all is there.

sluice_build_packages="g++ cmake ninja-build pkg-config git ca-certificates
  antlr4 libantlr4-runtime-dev libyaml-cpp-dev nlohmann-json3-dev libcli11-dev libfmt-dev libre2-dev
  libidn2-dev libxxhash-dev libssl-dev libuv1-dev libcrypt-dev libgtest-dev libmimalloc-dev ccache mold"
sluice_demo_packages="python3 curl procps"
sluice_test_packages="python3 python3-yaml python3-jsonschema python3-venv curl iproute2 procps openssl apache2-utils
  libhttp-parser-dev clang-format"
sluice_bench_packages="g++ python3 python3-venv curl iproute2 util-linux time wrk"
sluice_bench_peers="nginx haproxy"  # each may be missing: a peer that cannot be had is left out
sluice_fuzz_packages="clang libclang-rt-14-dev"

# sluice_install PACKAGE...
sluice_install() {
  local missing=()
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if ! command -v apt-get >/dev/null; then
    echo "This needs Debian's packages, and apt-get is not here: ${missing[*]}" >&2
    return 1
  fi
  local sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    sudo="sudo"
    command -v sudo >/dev/null || { echo "Run as root, or install: ${missing[*]}" >&2; return 1; }
  fi
  echo "Installing with apt: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { $sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive \
           apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "apt could not install what is missing" >&2
    return 1
  fi
  rm -f "$log"
}
