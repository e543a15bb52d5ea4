"""The methods JavaScript calls, on a whole small model in NumPy."""

import asyncio
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from glassbox import bridge as bridge_module
from glassbox.architectures.gpt2 import GPT2
from glassbox.bridge import Bridge
from glassbox.tokenizer import Tokenizer
from tests.checkpoints import TOY, toy_tokenizer
from tests.numpy_model import NumpyRuntime, random_weights

TEXT = "the man and the thing"


@pytest.fixture
def bridge() -> Bridge:
    made = Bridge()
    for seed, name in enumerate(("first", "second")):
        made.add(name, Tokenizer.from_json(toy_tokenizer()), NumpyRuntime(TOY, random_weights(TOY, seed)))
    return made


def reply(bridge: Bridge, method: str, **params: Any) -> Mapping[str, Any]:
    return asyncio.run(bridge.handle(method, params))


def result(bridge: Bridge, method: str, **params: Any) -> Any:
    answer = reply(bridge, method, **params)
    assert answer["ok"], answer
    return answer["result"]


def code(bridge: Bridge, method: str, **params: Any) -> str:
    answer = reply(bridge, method, **params)
    assert not answer["ok"], answer
    return str(answer["error"]["code"])


def test_a_run_id_goes_on_naming_its_text(bridge: Bridge) -> None:
    run = result(bridge, "run", text=TEXT)
    before = result(bridge, "tensor", run_id=run["run_id"], name="value", layer=1, head=0)
    grown = result(bridge, "generate_token", run_id=run["run_id"], options={"seed": 1})
    assert grown["run_id"] != run["run_id"]
    assert grown["n_tokens"] == len(run["token_ids"]) + 1
    result(bridge, "run", text="another")
    after = result(bridge, "tensor", run_id=run["run_id"], name="value", layer=1, head=0)
    np.testing.assert_array_equal(before["data"], after["data"])
    back = result(bridge, "rewind", run_id=grown["run_id"], n_tokens=len(run["token_ids"]))
    assert back["run_id"] == run["run_id"]
    assert back["text"] == TEXT


def test_what_follows_a_new_token_comes_with_it(bridge: Bridge) -> None:
    run = result(bridge, "run", text=TEXT)
    options = {"seed": 1, "top_k": 3}
    grown = result(bridge, "generate_token", run_id=run["run_id"], options=options, count=5)
    asked = result(bridge, "probabilities", run_id=grown["run_id"], options=options, count=5)
    assert grown["next"].keys() == asked.keys()
    for name, value in asked.items():
        np.testing.assert_array_equal(grown["next"][name], value)
    assert "next" not in result(bridge, "generate_token", run_id=run["run_id"], options=options)


def test_a_model_without_a_chat_template_says_so(bridge: Bridge) -> None:
    assert code(bridge, "chat_text", messages=[{"role": "user", "content": "Hello"}]) == "bad_option"


def test_a_run_of_another_model_is_unknown(bridge: Bridge) -> None:
    run = result(bridge, "run", text=TEXT)
    result(bridge, "use_model", name="second")
    assert code(bridge, "tensor", run_id=run["run_id"], name="ln_f") == "unknown_run"
    other = result(bridge, "run", text=TEXT)
    assert other["run_id"] != run["run_id"]
    result(bridge, "use_model", name="first")
    assert result(bridge, "tensor", run_id=run["run_id"], name="ln_f")["shape"][0] == len(run["token_ids"])


def test_tensors_of_some_positions(bridge: Bridge) -> None:
    run = result(bridge, "run", text=TEXT)
    asked = [{"name": "attention_pattern", "layer": 0, "head": 1}, {"name": "ln_f"}, {"name": "value", "layer": 1}]
    whole = result(bridge, "tensors", run_id=run["run_id"], asked=asked)["tensors"]
    n_tokens = len(run["token_ids"])
    part = result(bridge, "tensors", run_id=run["run_id"], asked=asked, start=2, stop=4)["tensors"]
    for one, rows in zip(whole, part, strict=True):
        expected = one["data"].reshape(one["shape"])[..., 2:4, :]
        if one["axes"] == ["query", "key"]:
            expected = expected[:, :4]
        np.testing.assert_array_equal(rows["data"].reshape(rows["shape"]), expected)
        assert rows["axes"] == one["axes"]
    assert whole[0]["shape"] == [n_tokens, n_tokens]


def test_contributions_and_marks_equal_the_tensors(bridge: Bridge) -> None:
    run = result(bridge, "run", text=TEXT)
    run_id = run["run_id"]

    def tensor(name: str, layer: int) -> np.ndarray:
        found = result(bridge, "tensor", run_id=run_id, name=name, layer=layer)
        return np.asarray(found["data"]).reshape(found["shape"])

    shares = result(bridge, "contributions", run_id=run_id)
    marks = result(bridge, "head_marks", run_id=run_id)
    scores = marks["scores"]["data"].reshape(marks["scores"]["shape"])
    for layer in range(TOY.n_layer):
        added = np.linalg.norm(tensor("mlp_out", layer), axis=-1) / np.linalg.norm(tensor("resid_mid", layer), axis=-1)
        np.testing.assert_allclose(shares["mlp"]["data"].reshape(TOY.n_layer, -1)[layer], added, rtol=1e-5)
        pattern = tensor("attention_pattern", layer)
        previous = np.stack([np.diagonal(head, -1).mean() for head in pattern])
        np.testing.assert_allclose(scores[layer, :, marks["marks"].index("previous_token")], previous, rtol=1e-5)
    n_tokens = len(run["token_ids"])
    assert marks["counts"][marks["marks"].index("previous_token")] == n_tokens - 1
    assert marks["counts"][marks["marks"].index("first_token")] == n_tokens - 2


def assert_crosses(value: Any, path: str) -> None:
    """What JavaScript gets as plain objects and typed arrays; a NumPy scalar would arrive as an array of one."""
    if isinstance(value, dict):
        for name, part in value.items():
            assert isinstance(name, str), path
            assert_crosses(part, f"{path}.{name}")
    elif isinstance(value, list):
        for index, part in enumerate(value[:20]):
            assert_crosses(part, f"{path}[{index}]")
    elif isinstance(value, np.ndarray):
        assert value.ndim == 1, path
        assert value.dtype in (np.float32, np.int32, np.uint8), path
        assert value.flags.c_contiguous, path
    else:
        assert type(value) in (str, int, float, bool, type(None)), f"{path}: {type(value)}"


def test_every_result_crosses_as_plain_data(bridge: Bridge) -> None:
    run_id = result(bridge, "run", text=TEXT)["run_id"]
    place = {"layer": 1, "head": 0, "position": 2}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("tokenize", {"text": TEXT}),
        ("vocabulary", {}),
        ("probabilities", {"run_id": run_id, "options": {"top_k": 3}}),
        ("tensor", {"run_id": run_id, "name": "value", "layer": 0, "head": 1}),
        ("contributions", {"run_id": run_id}),
        ("head_marks", {"run_id": run_id}),
        ("lens", {"run_id": run_id}),
        ("river", {"run_id": run_id}),
        ("merge_steps", {"run_id": run_id, "position": 1}),
        ("embedding", {"run_id": run_id, "position": 1}),
        ("position_embeddings", {}),
        ("nearest_tokens", {"token_id": 3, "count": 4}),
        ("section", {"run_id": run_id, "name": "qkv", **place}),
        ("section", {"run_id": run_id, "name": "attention", **place}),
        ("section", {"run_id": run_id, "name": "layer_norm", "norm": "norm_1", "layer": 1, "position": 2}),
        ("section", {"run_id": run_id, "name": "mlp", "layer": 1, "position": 2, "count": 3}),
        ("section", {"run_id": run_id, "name": "unembedding", "position": 2, "count": 3}),
        ("section", {"run_id": run_id, "name": "sampling", "options": {"top_k": 3}, "count": 5}),
        ("append_token", {"run_id": run_id, "token_id": 5}),
        ("generate_token", {"run_id": run_id, "options": {}}),
        ("rewind", {"run_id": run_id, "n_tokens": 2}),
    ]
    for name, axes in GPT2.tensors.items():
        layer, head = None if name in GPT2.unlayered else 1, 0 if axes[0] == "head" else None
        asked.append(("explain", {"run_id": run_id, "name": name, "layer": layer, "head": head, "row": 2, "column": 1}))
    asked.append(("explain", {"run_id": run_id, "name": "resid_pre", "layer": 0, "row": 2, "column": 1}))
    asked.append(("explain", {"run_id": run_id, "name": "logits", "row": 2, "column": 1}))
    for method, params in asked:
        assert_crosses(result(bridge, method, **params), f"{method} {params}")


@pytest.mark.parametrize("position", [-1, 1000])
@pytest.mark.parametrize("method", ["merge_steps", "embedding", "river"])
def test_positions_that_do_not_exist_are_refused(bridge: Bridge, method: str, position: int) -> None:
    run = result(bridge, "run", text=TEXT)
    assert code(bridge, method, run_id=run["run_id"], position=position) == "bad_option"


async def out_of_memory(text: str) -> dict[str, Any]:
    raise MemoryError


def test_what_fails_is_answered_not_raised(bridge: Bridge) -> None:
    assert code(bridge, "fly") == "unknown_method"
    assert code(bridge, "tensor", run_id=99, name="ln_f") == "unknown_run"
    assert code(bridge, "tensor", wrong=1) == "internal"
    bridge.methods["run"] = out_of_memory
    assert code(bridge, "run", text=TEXT) == "out_of_memory"
    broken = asyncio.run(bridge_module.add_browser_model("x", {"format": 0}, "{", None))
    assert not broken["ok"]
    assert broken["error"]["message"]


def test_a_newer_text_overtakes(bridge: Bridge) -> None:
    async def both() -> list[Mapping[str, Any]]:
        return list(await asyncio.gather(*(bridge.handle("run", {"text": text}) for text in ("one", "two", "three"))))

    answers = asyncio.run(both())
    assert [answer["ok"] for answer in answers] == [False, False, True]
    assert answers[0]["error"]["code"] == "stale"


def test_a_run_is_changed_and_changed_back(bridge: Bridge) -> None:
    plain = result(bridge, "run", text=TEXT)
    n_tokens = len(plain["token_ids"])
    other = result(bridge, "run_beside", text="another")
    cut = {"layer": 0, "query": n_tokens - 1, "key": 0}
    # The second waits for the text to grow.
    cuts = [cut, cut | {"query": n_tokens}]
    patch = {"layer": 1, "position": 1, "run_id": other["run_id"], "from_position": 0}
    changed = result(bridge, "changed", run_id=plain["run_id"], attention_cuts=cuts, patches=[patch])
    assert changed["run_id"] != plain["run_id"]
    assert changed["token_ids"].tolist() == plain["token_ids"].tolist()
    pattern = result(bridge, "tensor", run_id=changed["run_id"], name="attention_pattern", layer=0)
    assert (pattern["data"].reshape(pattern["shape"])[:, -1, 0] == 0).all()
    row = result(bridge, "tensor", run_id=changed["run_id"], name="resid_pre", layer=1)
    source = result(bridge, "tensor", run_id=other["run_id"], name="resid_pre", layer=1)
    np.testing.assert_array_equal(row["data"].reshape(row["shape"])[1], source["data"].reshape(source["shape"])[0])
    grown = result(bridge, "append_token", run_id=changed["run_id"], token_id=5)
    pattern = result(bridge, "tensor", run_id=grown["run_id"], name="attention_pattern", layer=0)
    assert (pattern["data"].reshape(pattern["shape"])[:, -1, 0] == 0).all()
    assert result(bridge, "changed", run_id=changed["run_id"])["run_id"] == plain["run_id"]
    # Given whole, a text is changed as asked, too.
    whole = result(bridge, "run", text=TEXT, attention_cuts=[cut], head_scale=[[0, 1, 0]])
    assert whole["run_id"] not in (plain["run_id"], changed["run_id"])
    assert code(bridge, "run", text=TEXT, attention_cuts=cuts) == "bad_option"
    assert code(bridge, "changed", run_id=plain["run_id"], patches=[{"layer": 1, "position": 1}]) == "bad_option"
    assert code(bridge, "changed", run_id=plain["run_id"], patches=[patch | {"run_id": 999}]) == "unknown_run"


@pytest.mark.parametrize("name", ["attention", "mlp"])
def test_sections_of_a_changed_run_close(bridge: Bridge, name: str) -> None:
    changes: dict[str, Any] = {"mlp_scale": [[1, 0.5]], "head_scale": [[1, 0, 0]]}
    changes["attention_cuts"] = [
        {"layer": 1, "query": 3, "key": 1},
        {"layer": 1, "query": 3, "key": 2, "when": "after"},
    ]
    run = result(bridge, "run", text=TEXT, **changes)
    place: dict[str, Any] = {"head": 1} if name == "attention" else {"count": 4}
    found = result(bridge, "section", run_id=run["run_id"], name=name, layer=1, position=3, **place)
    before, added, after = (found[key]["data"] for key in ("before_stream", "added", "after_stream"))
    np.testing.assert_allclose(before + added, after, atol=1e-5)
    if name == "attention":
        heads = found["by_head"]["data"].reshape(found["by_head"]["shape"])
        np.testing.assert_allclose(heads.sum(axis=0) + found["bias"]["data"], added, atol=1e-5)
        assert not heads[0].any()
