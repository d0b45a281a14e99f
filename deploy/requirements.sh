# Sourced by deploy/run.sh and tests/run.sh: makes sure of what the product needs on Debian or Ubuntu.
# As root it installs what apt has; otherwise it prints the exact command and stops.

# require PACKAGE COMMAND [PACKAGE COMMAND ...]
require() {
  local missing=()
  while [ $# -gt 0 ]; do
    command -v "$2" >/dev/null 2>&1 || missing+=("$1")
    shift 2
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  install_packages "${missing[@]}"
}

install_packages() {
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "Please install: $*" >&2
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "Missing: $*. Please run:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" >&2
    exit 1
  fi
  echo "Installing: $*" >&2
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# wish PACKAGE COMMAND-OR-PATH …: as require, for what only makes more tests run: where apt has it not, or may not, nothing is lost.
wish() {
  local missing=()
  while [ $# -gt 0 ]; do
    { command -v "$2" || [ -e "$2" ] || [ -e "/usr/sbin/$2" ]; } >/dev/null 2>&1 || missing+=("$1")
    shift 2
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    (install_packages "${missing[@]}") || echo "Not installed: ${missing[*]}. The tests that need them are skipped." >&2
  else
    echo "Missing: ${missing[*]}. The tests that need them are skipped." >&2
  fi
}

require_dotnet() {
  dotnet --list-sdks 2>/dev/null | grep -q '^10\.' && return 0
  if [ "$(id -u)" -eq 0 ]; then apt-get update -qq >&2 || true; fi
  if apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then
    install_packages dotnet-sdk-10.0
  else
    echo "The .NET 10 SDK is missing and this system's apt does not have it." >&2
    echo "Install it as described at https://learn.microsoft.com/dotnet/core/install/linux, then run this again." >&2
    exit 1
  fi
}

require_node() {
  local major
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
  [ "${major:-0}" -ge 20 ] && command -v npm >/dev/null 2>&1 && return 0
  if [ "$(id -u)" -eq 0 ]; then apt-get update -qq >&2 || true; fi
  major=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/ *Candidate: *\([0-9]*\).*/\1/p')
  if [ "${major:-0}" -ge 20 ]; then
    install_packages nodejs npm
  else
    echo "Node.js 20 or newer is missing and this system's apt does not have it." >&2
    echo "Install it as described at https://nodejs.org/en/download, then run this again." >&2
    exit 1
  fi
}

require_product() {
  require_dotnet
  require_node
  require ffmpeg ffmpeg libvips-tools vipsthumbnail bubblewrap bwrap
}
