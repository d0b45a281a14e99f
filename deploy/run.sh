#!/usr/bin/env bash
# The one command: builds, migrates, makes first accounts and serves on http://localhost:8080.
# Everything it keeps is in ./data (or in ReportIntake__DataDirectory).
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/requirements.sh
require_product

export ReportIntake__DataDirectory="${ReportIntake__DataDirectory:-$PWD/data}"
export ASPNETCORE_ENVIRONMENT="${ASPNETCORE_ENVIRONMENT:-Production}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
urls="${ASPNETCORE_URLS:-http://localhost:8080}"

echo "Building…"
dotnet publish src/ReportIntake.Web -c Release -o artifacts/app -v quiet -nologo
program() { dotnet artifacts/app/ReportIntake.Web.dll "$@"; }

program migrate

random_password() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }
credentials=""
add_staff() { # NAME ROLE
  local password
  password=$(random_password)
  # An account that is there already (an earlier first start was cut off) is left as it is; the reason is on stderr.
  printf '%s\n' "$password" | program staff add --email "$1@reportintake.example" --role "$2" --password-stdin >/dev/null || return 0
  credentials+=$(printf '  %-12s %-36s %s' "$2" "$1@reportintake.example" "$password")$'\n'
}

first_accounts="$ReportIntake__DataDirectory/.first-accounts"
if [ ! -e "$first_accounts" ]; then
  add_staff moderator moderator
  add_staff moderator2 moderator
  add_staff supervisor supervisor
  add_staff admin admin
  client=$(program clients add --name "First police client" --scope reports.read --scope evidence.read --scope follow_up.write --scope webhooks.manage --area national)
  touch "$first_accounts"
  cat <<TEXT

First accounts. Shown once; write them down now.
$credentials  police client $client

Staff sign in at $urls/staff/sign-in and set up two-step verification there
(to try without an authenticator app: Staff__RequireTwoFactor=false deploy/run.sh).

TEXT
fi

echo "Serving on $urls (Ctrl+C stops; nothing is lost)"
exec dotnet artifacts/app/ReportIntake.Web.dll --urls "$urls"
