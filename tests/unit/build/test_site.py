"""The site as files: whole or not at all, the same bytes each time, addresses that work in any folder."""

import gzip
import json
from pathlib import Path

import pytest

from build_scripts import site, stamps
from build_scripts.errors import BuildError
from build_scripts.paths import EXAMPLES, ROOT


def write_export(folder: Path) -> Path:
    """As much of an exported model as the site reads."""
    folder.mkdir(parents=True)
    manifest = {
        "display_name": "Größer",
        "parameters": 7,
        "licence": "mit",
        "source": {"id": "somebody/something", "revision": None},
        "graph": {"bytes": 1},
        "tokenizer": {"bytes": 20},
        "chunks": [{"bytes": 300}, {"bytes": 4000}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_models_are_listed_with_their_bytes(tmp_path: Path) -> None:
    site._models(tmp_path / "models", {"one": write_export(tmp_path / "a"), "two": write_export(tmp_path / "b")})
    index = json.loads((tmp_path / "models" / "index.json").read_text(encoding="utf-8"))
    assert index["default"] == site.STARTER
    assert index["models"][1] == {
        "name": "two",
        "display_name": "Größer",
        "parameters": 7,
        "licence": "mit",
        "source": "somebody/something",
        "bytes": 4321,
        "manifest": "two/manifest.json",
    }
    assert (tmp_path / "models" / "two" / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Two", "cannot be a model's name"),
        ("../up", "cannot be a model's name"),
        (site.STARTER, "give .* another name"),
        ("two", "is no exported model"),
    ],
)
def test_models_that_cannot_be_taken(tmp_path: Path, name: str, message: str) -> None:
    folder = tmp_path / "empty" if name == "two" else write_export(tmp_path / "model")
    with pytest.raises(BuildError, match=message):
        site._check_models({name: folder})


def test_compression_is_the_same_each_time_and_leaves_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "BUILD", tmp_path / "build")
    made = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a.js").write_text("let a;" * 50)
        (folder / "weights.bin").write_bytes(bytes(500))
        site._compress(folder)
        assert not (folder / "weights.bin.gz").exists()
        made.append((folder / "a.js.gz").read_bytes())
    assert made[0] == made[1]
    assert gzip.decompress(made[0]) == b"let a;" * 50


def test_the_old_site_is_replaced_at_once(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "old").write_text("")
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "new").write_text("")
    site._replace(tmp_path / "next", tmp_path / "dist")
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["new"]


def test_a_folder_that_was_removed_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "BUILD", tmp_path)
    (tmp_path / "stamps").mkdir()
    (tmp_path / "stamps" / "runtime").write_text("hash")
    assert not stamps.stamp_of(tmp_path / "runtime").exists()


def test_examples_are_whole() -> None:
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    texts = [example["text"] for example in examples["examples"]]
    assert len(texts) >= 5
    assert len(set(texts)) == len(texts)
    assert set(examples["options"]) == {"temperature", "top_k", "top_p", "min_p", "seed"}


def test_the_page_is_named_as_the_build_expects() -> None:
    text = (ROOT / "index.html").read_text(encoding="utf-8")
    assert 'href="main.css"' in text
    assert 'src="main.js"' in text
