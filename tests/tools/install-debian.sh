#!/bin/sh
# What the tests use of Debian's packages: a browser for the web page. Does nothing where it is there, and nothing where
# this is no Debian or the user may not install; the tests that need it then say so and are skipped.
set -eu
cd "$(dirname "$0")"
command -v apt-get > /dev/null || exit 0
[ "$(id -u)" = 0 ] || exit 0
sh ./install-chromium.sh || echo "install-debian: the browser could not be installed; the web page's tests will be skipped" >&2
