#!/usr/bin/env bash
# The one command that passes the tests: installs what they need, builds with every warning an error, runs all of them.
# The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. deploy/requirements.sh
require_product
require chromium chromium clamav-daemon clamd libimage-exiftool-perl exiftool sqlite3 sqlite3 openssl openssl zip zip unzip unzip
wish nginx nginx libnginx-mod-http-js /usr/lib/nginx/modules/ngx_http_js_module.so python3-yaml /usr/lib/python3/dist-packages/yaml
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Hundreds of hosts live for seconds each: compiling their methods twice more to measure and to optimise them costs a third of the run.
export DOTNET_TieredPGO=0 DOTNET_TC_CallCountThreshold=400

# Nothing stays behind among temporary files: the SDK leaves two empty directories there at each build and test run, and whatever is killed
# its sockets. So no compiler either that would live on with this place in its environment. The sandbox's user must come through.
TMPDIR=$(mktemp -d) || exit 1
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
chmod 711 "$TMPDIR"
dotnet build ReportIntake.sln -nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false || { echo "The build failed."; echo "0 passed, 1 failed"; exit 1; }

passed=0 failed=0 skipped=0 broken=0
for project in tests/*.Tests tests/*.BrowserTests; do
  [ -d "$project" ] || continue
  log=$(mktemp)
  dotnet test "$project" --no-build -nologo --logger "console;verbosity=minimal" "$@" 2>&1 | tee "$log"
  [ "${PIPESTATUS[0]}" -eq 0 ] || broken=1
  summary=$(grep -E 'Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+' "$log" | tail -1)
  rm -f "$log"
  if [ -z "$summary" ]; then
    echo "$project ran no test."
    failed=$((failed + 1))
    continue
  fi
  failed=$((failed + $(sed -E 's/.*Failed: +([0-9]+).*/\1/' <<<"$summary")))
  passed=$((passed + $(sed -E 's/.*Passed: +([0-9]+).*/\1/' <<<"$summary")))
  skipped=$((skipped + $(sed -E 's/.*Skipped: +([0-9]+).*/\1/' <<<"$summary")))
done

# A test host that dies counts no failure of its own.
[ "$broken" -eq 1 ] && [ "$failed" -eq 0 ] && failed=1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
