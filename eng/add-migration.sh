#!/usr/bin/env bash
# Adds one migration of the given name to both databases: eng/add-migration.sh AddBudgets
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?usage: eng/add-migration.sh Name}
dotnet tool restore >/dev/null
dotnet build eng/Migrations --nologo -v quiet
for provider in Sqlite Postgres; do
  dotnet ef migrations add "$name" --no-build \
    --project Governance.Infrastructure --startup-project eng/Migrations \
    --context "${provider}GovernanceDbContext" --output-dir "Data/$provider/Migrations"
done
