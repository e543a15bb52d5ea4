"""Both sides of a seam, and its description, name the same things."""

import re
from pathlib import Path

from glassbox.architectures.gpt2 import GPT2
from glassbox.bridge import Bridge

ROOT = Path(__file__).parents[2]
SEAMS = (ROOT / "docs" / "seams.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def documented_methods() -> set[str]:
    table = SEAMS.split("## Page <-> Python worker")[1].split("`options` =")[0]
    return set(re.findall(r"^\| `(\w+)`", table, flags=re.MULTILINE))


def test_bridge_methods_are_the_documented_ones() -> None:
    # A model comes with a port, which the worker hands over beside the table of methods.
    assert set(Bridge().methods) | {"add_model"} == documented_methods()


def test_javascript_calls_only_methods_that_exist() -> None:
    methods = set(Bridge().methods) | {"add_model"}
    files = [path for path in (ROOT / "web").rglob("*.js*") if "node_modules" not in path.parts]
    called = {
        name
        for path in files
        if path.suffix in {".js", ".jsx"}
        for name in re.findall(r'(?:[^.\w]|client\.)call\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert called, 'no call("…") found in web/: has the client changed its form?'
    assert called <= methods


def test_every_tensor_is_in_the_glossary() -> None:
    section = GLOSSARY.split("## Tensors of a run")[1].split("## Model")[0]
    rows = re.findall(r"^\| (`.+?`) \| ([^|]+) \|", section, flags=re.MULTILINE)
    documented = {name: axes.strip() for names, axes in rows for name in re.findall(r"`(\w+)`", names)}
    documented.pop("logits")
    assert documented == {name: ", ".join(axes) for name, axes in GPT2.tensors.items()}
