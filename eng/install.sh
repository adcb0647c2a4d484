#!/usr/bin/env bash
# Installs Debian packages that are missing. Sourced by run.sh and test.sh, which name what they need and why;
# run by itself it installs what it is told: eng/install.sh "libicu72=dates and currencies" …

# need_packages "package=reason" …
need_packages() {
  local missing=() entry package
  for entry in "$@"; do
    package=${entry%%=*}
    if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
      echo "Installing $package: ${entry#*=}"
      missing+=("$package")
    fi
  done
  ((${#missing[@]})) || return 0
  if ! command -v apt-get >/dev/null; then
    echo "apt-get is not here; install these packages yourself: ${missing[*]}" >&2
    return 1
  fi
  local root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "Run this once as root, or install these packages yourself: ${missing[*]}" >&2
      return 1
    fi
    root=(sudo)
  fi
  local log
  log=$(mktemp)
  if "${root[@]}" apt-get update -qq >"$log" 2>&1 &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
}

# The ICU library carries Debian's version in its name.
icu_package() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 'libicu[0-9]*' 2>/dev/null | awk '$1 == "ii" {print $2; exit}')
  echo "${installed:-$(apt-cache search --names-only '^libicu[0-9]+$' 2>/dev/null | awk 'NR == 1 {print $1}')}"
}

install_for_run() {
  need_dotnet
  local icu
  icu=$(icu_package)
  need_packages "libsqlite3-0=the database engine" "libsodium23=the hashing of passwords" "${icu:-libicu72}=dates, numbers and currencies of every culture" "tzdata=time zones"
}

install_for_tests() {
  install_for_run
  local packages=("postgresql=the tests run on a private PostgreSQL too" "chromium=the browser tests" "curl=calls the proxy as a client")
  command -v node >/dev/null || packages+=("nodejs=tests with the OpenAI client for Node")
  command -v npm >/dev/null || packages+=("npm=installs that client")
  need_packages "${packages[@]}"
}

need_dotnet() {
  command -v dotnet >/dev/null && return 0
  echo "The .NET 10 SDK is missing. Install it as https://learn.microsoft.com/dotnet/core/install/linux-debian says, then run this again." >&2
  return 1
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  need_packages "$@"
fi
