#!/bin/sh
# Usage: system_packages.sh GROUP… (run, test, lint): makes sure that the programs and libraries of these groups are there.
# As root on Debian or Ubuntu it installs what is missing; elsewhere it names the packages in one line and fails.
set -eu
missing=""

need() { # need PACKAGE COMMAND…: PACKAGE is missing unless COMMAND succeeds
  package=$1
  shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}
library() { python3 -c "import ctypes, sys; ctypes.CDLL(sys.argv[1])" "$1"; }
postgres() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; }
browser() { command -v "${CHROMIUM:-chromium}"; }

for group in "$@"; do
  case $group in
    run)
      need libpango-1.0-0 library libpango-1.0.so.0
      need libpangoft2-1.0-0 library libpangoft2-1.0.so.0
      need libharfbuzz-subset0 library libharfbuzz-subset.so.0
      ;;
    test)
      need chromium browser
      need poppler-utils command -v pdftotext
      need postgresql postgres
      need redis-server command -v redis-server
      ;;
    lint)
      need nodejs command -v node
      need npm command -v npm
      ;;
  esac
done

[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing the system packages$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q=2
  # shellcheck disable=SC2086 # one word for each package
  apt-get install -q=2 -y --no-install-recommends $missing >/dev/null
else
  echo "Missing system packages:$missing. Install them, for example: sudo apt-get install$missing" >&2
  exit 1
fi
