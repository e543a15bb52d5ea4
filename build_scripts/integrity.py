"""What the page knows of its files: their hashes, and which scripts each script cannot start without."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from build_scripts.paths import ROOT

# Their names hold their hashes, and whoever fetches them compares the whole hash from the model's manifest.
_OF_A_MODEL = re.compile(r"models/.*-[0-9a-f]{12}\.\w+$")
# The page comes before what it says; the service worker is compared by the browser; the text is for readers only.
_UNLISTED = {"index.html", "service_worker.js", "guard.js", "starter-model.txt"}


def sha256_base64(data: bytes) -> str:
    """As in an ``integrity`` attribute, without its ``sha256-``."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def sums_of(site: Path) -> dict[str, str]:
    """Address -> hash of every file of a site that the page fetches."""
    paths = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()}
    return {
        address: sha256_base64(path.read_bytes())
        for address, path in paths.items()
        if path.suffix != ".gz" and address not in _UNLISTED and not _OF_A_MODEL.search(address)
    }


def parts_of(metas: Iterable[Path]) -> dict[str, list[str]]:
    """Entry point or source of a part that is loaded later -> its script and all scripts that it imports at once."""
    outputs: dict[str, dict[str, object]] = {}
    for meta in metas:
        for path, info in json.loads(meta.read_text(encoding="utf-8"))["outputs"].items():
            outputs[Path(path).name] = info
    parts = {}
    for name, info in outputs.items():
        if name.endswith(".js") and info.get("entryPoint"):
            needed = [f"assets/{file}" for file in _needed(name, outputs)]
            parts[str(info["entryPoint"])] = parts[f"assets/{name}"] = needed
    return parts


def _needed(name: str, outputs: Mapping[str, Mapping[str, object]]) -> list[str]:
    found, waiting = [], [name]
    while waiting:
        if (file := waiting.pop()) in found:
            continue
        found.append(file)
        imports = outputs[file]["imports"]
        assert isinstance(imports, list)
        waiting += [Path(entry["path"]).name for entry in imports if entry["kind"] == "import-statement"]
    return found


def sizes_of(site: Path, sums: Iterable[str]) -> dict[str, int]:
    """Address -> bytes, uncompressed."""
    return {address: (site / address).stat().st_size for address in sums}


def shell(
    scripts: Mapping[str, str], sums: Mapping[str, str], sizes: Mapping[str, int], parts: Mapping[str, list[str]]
) -> str:
    """The page's index.html with the bundled files' names, their hashes and the table of all files put in.

    scripts: entry point (``main.jsx``) -> file name. It ends with its own hash: a service worker can tell a newer page
    from one that is not the site's or not whole.
    """
    text = (ROOT / "index.html").read_text(encoding="utf-8")

    def tag(attribute: str, address: str) -> str:
        return f'{attribute}="{address}" integrity="sha256-{sums[address]}"'

    main, style = f"assets/{scripts['main.jsx']}", f"assets/{scripts['styles/main.css']}"
    preloads = [f'<link rel="modulepreload" {tag("href", address)}>' for address in parts[main] if address != main]
    text = text.replace('href="main.css"', tag("href", style))
    text = text.replace('<script type="module" src="main.js">', f'<script type="module" {tag("src", main)}>')
    text = text.replace("  </head>", "".join(f"    {preload}\n" for preload in preloads) + "  </head>")
    table = {"build": build_id(sums), "sums": sums, "sizes": sizes, "parts": parts}
    data = json.dumps(table, separators=(",", ":"))
    text = text.replace("  </body>", f'    <script type="application/json" id="site">{data}</script>\n  </body>')
    return f"{text}<!-- whole {hashlib.sha256(text.encode()).hexdigest()} -->\n"


def build_id(sums: Mapping[str, str]) -> str:
    """One name for a site of these files."""
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()[:12]
