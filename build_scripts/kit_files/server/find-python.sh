# Prints the name of the first Python that is new enough; fails where there is none.
find_python() {
  for name in python3 python python3.13 python3.12 python3.11 python3.10 python3.9 python3.8; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
      echo "$name"
      return 0
    fi
  done
  return 1
}
