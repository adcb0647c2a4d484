#!/usr/bin/env bash
# Builds everything and runs every test: ./test.sh [--long]. --long takes the large counts of random cases, races and kills.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
source eng/install.sh

long=0
for argument in "$@"; do
  case $argument in
    --long) long=1 ;;
    *) echo "usage: ./test.sh [--long]" >&2; exit 2 ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 GOVERNANCE_TEST_LONG=$long
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 broken=0

# step "what" command …: one line of progress; the output only where it failed.
step() {
  local what=$1 started=$SECONDS
  shift
  printf '%-46s ' "$what"
  if "$@" >"$results/step.log" 2>&1; then
    printf 'ok %24s\n' "$((SECONDS - started)) s"
  else
    printf 'FAILED %20s\n' "$((SECONDS - started)) s"
    cat "$results/step.log"
    return 1
  fi
}

# tests Project [Database]: runs a test project and adds up what its report says.
tests() {
  local project=$1 database=${2:-} name=$1${2:+ on $2} started=$SECONDS
  local dll=tests/$project/bin/Release/net10.0/$project.dll report=$results/$project${2:+-$2}.trx status=0
  printf '%-46s ' "$name"
  GOVERNANCE_TEST_DATABASE=$database dotnet "$dll" -noColor -noLogo -trx "$report" >"${report%.trx}.log" 2>&1 || status=$?
  local counters ok=0 bad=0
  counters=$(grep -o '<Counters [^>]*>' "$report" 2>/dev/null | head -1 || true)
  ok=$(sed -n 's/.* passed="\([0-9]*\)".*/\1/p' <<<"$counters")
  bad=$(sed -n 's/.* failed="\([0-9]*\)".*/\1/p' <<<"$counters")
  ok=${ok:-0} bad=${bad:-0}
  passed=$((passed + ok)) failed=$((failed + bad))
  printf '%5d passed, %d failed %8s\n' "$ok" "$bad" "$((SECONDS - started)) s"
  if ((status != 0 || bad > 0 || ok + bad == 0)); then
    broken=1
    ((ok + bad > 0)) || echo "  No test ran."
    grep -v '^Ok, passed ' "${report%.trx}.log" | tail -200
  fi
}

install_for_tests
step "Build" dotnet build Governance.sln -c Release --nologo -v quiet || exit 1
step "Clients of other languages" npm ci --prefix tests/clients || exit 1
# The build has looked at the rest of the style.
step "Code style: space" dotnet format whitespace . --folder --verify-no-changes || broken=1
step "Code style: order of usings" dotnet format style Governance.sln --diagnostics IMPORTS --verify-no-changes --no-restore || broken=1
for folder in tests/*.Tests; do
  project=$(basename "$folder")
  case $project in
    Governance.Infrastructure.Tests | Governance.Web.Tests | Governance.EndToEnd.Tests)
      for database in Sqlite Postgres; do tests "$project" "$database"; done ;;
    *) tests "$project" ;;
  esac
done

echo "$passed passed, $failed failed"
((broken == 0 && failed == 0))
