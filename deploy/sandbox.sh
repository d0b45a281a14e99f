#!/usr/bin/env bash
# An instance for integrators: made-up reports only, in a data directory of its own (./data-sandbox), on http://localhost:8081.
# Prints a key with all scopes for all areas at the first start. Delete the directory to start afresh.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/requirements.sh
require_product

export ReportIntake__DataDirectory="${SANDBOX_DIRECTORY:-$PWD/data-sandbox}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
urls="${ASPNETCORE_URLS:-http://localhost:8081}"

echo "Building…"
dotnet publish src/ReportIntake.Web -c Release -o artifacts/app -v quiet -nologo
program() { dotnet artifacts/app/ReportIntake.Web.dll "$@"; }

program migrate
if [ ! -e "$ReportIntake__DataDirectory/.sandbox" ]; then
  program sandbox fill
  program clients add --name "Integrator" --scope reports.read --scope evidence.read --scope follow_up.write --scope webhooks.manage --area national
  touch "$ReportIntake__DataDirectory/.sandbox"
fi

echo "Serving made-up reports on $urls (Ctrl+C stops)"
exec dotnet artifacts/app/ReportIntake.Web.dll --urls "$urls"
