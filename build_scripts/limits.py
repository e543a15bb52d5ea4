"""What GitHub Pages takes: files under 100 MB, sites under 1 GB."""

from pathlib import Path

from build_scripts.errors import BuildError
from build_scripts.stamps import files_below

LARGEST_FILE = 100_000_000
LARGEST_SITE = 1_000_000_000


def check_sizes(site: Path) -> tuple[int, int]:
    """Bytes of the site and of its largest file. Raises BuildError where a Pages site could not hold them."""
    sizes = {path: path.stat().st_size for path in files_below(site)}
    largest = max(sizes, key=lambda path: sizes[path])
    if sizes[largest] >= LARGEST_FILE:
        raise BuildError(
            f"{largest.relative_to(site)} has {sizes[largest] / 1e6:.0f} MB; Pages takes files under "
            f"{LARGEST_FILE / 1e6:.0f} MB. Leave its model out."
        )
    total = sum(sizes.values())
    if total >= LARGEST_SITE:
        raise BuildError(
            f"The site has {total / 1e6:.0f} MB; Pages takes sites under {LARGEST_SITE / 1e6:.0f} MB. "
            "Leave a model out, or build with --any-size for another host."
        )
    return total, sizes[largest]
