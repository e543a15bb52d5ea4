#!/bin/sh
# Starts Glassbox with the Python of this machine and opens it in the browser.
cd "$(dirname "$0")" || exit 1
. server/find-python.sh

python=$(find_python) && exec "$python" server/serve.py "$@"
case ${LC_ALL:-${LC_MESSAGES:-$LANG}} in
  zh*) cat server/no-python-linux.zh.txt ;;
  *) cat server/no-python-linux.en.txt ;;
esac
# A window that was opened by a double click stays until it has been read.
[ -t 0 ] && read -r _
exit 1
