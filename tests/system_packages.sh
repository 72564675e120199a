#!/bin/sh
# What tests need and pip does not bring: `tests/system_packages.sh chromium postgresql`. Installs what is missing where it may,
# says what is missing where it may not. Never fails: tests that need it are skipped with their reason.

there() {
    case "$1" in
        chromium) command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable ;;
        postgresql) ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null || command -v initdb ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

for name in "$@"; do
    there "$name" && continue
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "$name is missing: installing it with apt-get"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq </dev/null && apt-get install -y -qq --no-install-recommends "$name" </dev/null >/dev/null
    fi
    there "$name" || echo "$name is not installed, and could not be: tests that need it are skipped. On Debian: apt-get install $name" >&2
done
exit 0
