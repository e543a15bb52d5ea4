"""``python -m glassbox``: what it writes equals the reference, and bad calls end in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from glassbox.__main__ import main
from glassbox.architectures.gpt2 import GPT2
from model_export.folder_checkpoint import FolderCheckpoint
from model_export.gpt2.reference import forward
from tests.checkpoints import TOY
from tests.numpy_model import by_layout_names

ROOT = Path(__file__).parents[3]
TOKEN_IDS = [1, 5, 260, 3, 99, 120]
NAMES = {f"{name}.{layer}" for name in GPT2.tensors if name not in GPT2.unlayered for layer in range(TOY.n_layer)}


def inspected(model: Path, out: Path, *arguments: str) -> dict[str, np.ndarray]:
    ids = ",".join(map(str, TOKEN_IDS))
    assert main(["inspect", "--model", str(model), "--token-ids", ids, "--out", str(out), *arguments]) == 0
    with np.load(out) as arrays:
        return dict(arrays)


def assert_equals_reference(
    arrays: dict[str, np.ndarray], checkpoint: Path, head_scale: np.ndarray | None = None
) -> None:
    expected = by_layout_names(forward(TOY, FolderCheckpoint(checkpoint).tensor, TOKEN_IDS, head_scale))
    for name, tensor in expected.items():
        np.testing.assert_allclose(arrays[name], tensor, rtol=0, atol=1e-4, err_msg=name)


def test_inspect_writes_every_tensor(toy_fp32: Path, toy_checkpoint: Path, tmp_path: Path) -> None:
    arrays = inspected(toy_fp32, tmp_path / "run.npz")
    assert arrays.keys() == NAMES | set(GPT2.unlayered) | {"token_ids", "logits"}
    assert arrays["token_ids"].tolist() == TOKEN_IDS
    assert_equals_reference(arrays, toy_checkpoint)


def test_inspect_with_lens(toy_fp32: Path, toy_checkpoint: Path, tmp_path: Path) -> None:
    arrays = inspected(toy_fp32, tmp_path / "run.npz", "--lens")
    assert arrays["lens"].shape == (TOY.n_layer + 1, len(TOKEN_IDS), TOY.vocab_size)
    assert_equals_reference(arrays, toy_checkpoint)


def test_inspect_with_heads_off(toy_fp32: Path, toy_checkpoint: Path, tmp_path: Path) -> None:
    arrays = inspected(toy_fp32, tmp_path / "run.npz", "--head-off", "0.1", "--head-off", "1.0")
    assert not arrays["head_output.0"][1].any()
    assert_equals_reference(arrays, toy_checkpoint, np.array([[1, 0], [0, 1]], np.float32))


def test_inspect_a_text(toy_int8: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.npz"
    call = [sys.executable, "-m", "glassbox", "inspect", "--model", str(toy_int8), "--text", "the", "--out", str(out)]
    done = subprocess.run(
        call, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    with np.load(out) as arrays:
        assert len(arrays["logits"]) == len(arrays["token_ids"]) == 1


def generated(model: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["generate", "--model", str(model), "--text", "the", "--n", "6", *arguments]) == 0
    return capsys.readouterr().out


def test_generate(toy_int8: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--temperature", "0.8", "--top-k", "40", "--top-p", "0.95", "--min-p", "0.001"]
    answer = json.loads(generated(toy_int8, capsys, *options, "--seed", "1", "--json"))
    assert len(answer["token_ids"]) == len(answer["probabilities"]) == 6
    assert all(0 < probability <= 1 for probability in answer["probabilities"])
    assert generated(toy_int8, capsys, *options, "--seed", "1") == answer["text"] + "\n"
    assert generated(toy_int8, capsys, *options, "--seed", "2") != answer["text"] + "\n"


def test_generate_greedily(toy_fp32: Path, toy_checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(generated(toy_fp32, capsys, "--temperature", "0", "--json"))
    token_ids = [json.loads((toy_checkpoint / "tokenizer.json").read_text())["model"]["vocab"]["the"]]
    for token_id in answer["token_ids"]:
        logits = forward(TOY, FolderCheckpoint(toy_checkpoint).tensor, token_ids)["logits"]
        assert token_id == logits[-1].argmax()
        token_ids.append(token_id)
    assert answer["probabilities"] == [1.0] * 6


def examples_file(folder: Path, content: str) -> Path:
    path = folder / "examples.json"
    path.write_text(content, encoding="utf-8")
    return path


def test_store_runs(toy_int8: Path, tmp_path: Path) -> None:
    examples = examples_file(
        tmp_path,
        json.dumps(
            {"examples": [{"text": "the"}, {"text": "the man", "layer": 1, "head": 1}], "options": {"temperature": 0.7}}
        ),
    )
    out = tmp_path / "runs"
    call = ["store-runs", "--model", str(toy_int8), "--name", "toy", "--examples", str(examples), "--out", str(out)]
    assert main(call) == 0
    index = json.loads((out / "index.json").read_text())
    assert index["model"] == "toy"
    assert [(run["text"], run["layer"], run["head"]) for run in index["runs"]] == [("the", 0, 0), ("the man", 1, 1)]
    for run in index["runs"]:
        content = (out / run["file"]).read_bytes()
        assert len(content) == run["bytes"]
        header = json.loads(content[4 : 4 + int.from_bytes(content[:4], "little")])
        assert header["text"] == run["text"]


@pytest.mark.parametrize(
    ("command", "arguments", "word"),
    [
        ("inspect", ["--text", ""], "text"),
        ("inspect", ["--token-ids", "261"], "261"),
        ("inspect", ["--token-ids", "-1"], "-1"),
        ("inspect", ["--text", "a" * 33], "33 tokens"),
        ("inspect", ["--text", "the", "--head-off", "2.0"], "layer 2"),
        ("inspect", ["--text", "the", "--head-off", "0.-1"], "head -1"),
        ("inspect", ["--text", "\ud800"], "text"),
        ("generate", ["--text", ""], "text"),
        ("generate", ["--text", "the", "--n", "40"], "tokens"),
        ("generate", ["--text", "the", "--temperature", "-1"], "temperature"),
        ("generate", ["--text", "the", "--temperature", "nan"], "temperature"),
        ("generate", ["--text", "the", "--top-p", "1.5"], "top_p"),
        ("generate", ["--text", "the", "--top-k", "-1"], "top_k"),
        ("generate", ["--text", "the", "--seed", "-1"], "seed"),
        ("store-runs", ["--examples", "{folder}/absent.json"], "absent.json"),
        ("store-runs", ["--examples", "{folder}/broken.json"], "broken.json"),
        ("store-runs", ["--examples", "{folder}/other.json"], "other.json"),
    ],
)
def test_bad_calls(
    command: str, arguments: list[str], word: str, toy_int8: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "other.json").write_text("[]")
    out = tmp_path / "out"
    filled = [argument.replace("{folder}", str(tmp_path)) for argument in arguments]
    placed = [] if command == "generate" else ["--out", str(out)]
    assert_refused([command, "--model", str(toy_int8), *filled, *placed], word, capsys)
    assert not out.exists()


def assert_refused(call: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(call) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("glassbox: ")
    assert output.err.count("\n") == 1
    assert word in output.err


def test_no_export_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(["generate", "--model", str(tmp_path / "absent"), "--text", "the"], "absent", capsys)
    assert_refused(["generate", "--model", str(tmp_path), "--text", "the"], str(tmp_path), capsys)


def test_a_count_below_nought(toy_int8: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["generate", "--model", str(toy_int8), "--text", "the", "--n", "-1"])
    assert stopped.value.code == 2


@pytest.mark.parametrize("arguments", [["--head-off", "one"], ["--token-ids", "1,b"], []])
def test_usage_errors(arguments: list[str], toy_int8: Path, tmp_path: Path) -> None:
    text = [] if "--token-ids" in arguments or not arguments else ["--text", "the"]
    with pytest.raises(SystemExit) as stopped:
        main(["inspect", "--model", str(toy_int8), *text, *arguments, "--out", str(tmp_path / "run.npz")])
    assert stopped.value.code == 2
