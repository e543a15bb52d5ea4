"""Sets up, builds and serves the site; runs the checks. ``python3 -m build_scripts --help``."""
