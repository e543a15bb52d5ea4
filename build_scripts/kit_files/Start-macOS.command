#!/bin/sh
# Starts Glassbox with the Python of this Mac and opens it in the browser.
cd "$(dirname "$0")" || exit 1
. server/find-python.sh

# Without Apple's developer tools, /usr/bin/python3 is no Python but an offer to install them.
if [ "$(command -v python3)" = /usr/bin/python3 ] && ! xcode-select -p >/dev/null 2>&1; then
  PATH=/usr/local/bin:/opt/homebrew/bin
  export PATH
fi
language=$(defaults read -g AppleLocale 2>/dev/null || echo "$LANG")
python=$(find_python) && exec "$python" server/serve.py "$@"
case $language in
  zh*) cat server/no-python-macos.zh.txt ;;
  *) cat server/no-python-macos.en.txt ;;
esac
exit 1
