#!/bin/sh
# Installs Debian's chromium for the tests of the web page, where it is missing. Needs root.
set -eu
if command -v chromium >/dev/null 2>&1; then
    chromium --version
    exit 0
fi
apt-get update
apt-get install -y --no-install-recommends chromium fonts-liberation fonts-noto-color-emoji
chromium --version
