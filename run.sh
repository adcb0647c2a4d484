#!/usr/bin/env bash
# Builds and starts Governance: ./run.sh [--demo] [--urls http://…] [command …]; ./run.sh --help says more.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
source eng/install.sh
install_for_run

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
[[ -e artifacts/app/Governance.Web.dll ]] || echo "Building Governance; this takes a minute or two the first time …"
if ! dotnet publish Governance.Web -c Release -o artifacts/app --nologo -v quiet >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
rm -f "$log"
trap - EXIT
exec dotnet artifacts/app/Governance.Web.dll "$@"
