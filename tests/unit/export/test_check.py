"""The check inside every export: sound checkpoints pass, however hard their numbers; faults do not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

from glassbox.config import ModelConfig
from model_export.check import check_graph
from model_export.errors import ExportError
from model_export.export import export
from model_export.gpt2 import GPT2
from model_export.gpt2.config import gpt2_config
from model_export.gpt2.tensors import tensor_specs
from model_export.graph_session import GraphSession
from model_export.quantize import SCHEMES
from model_export.storage import form_of
from model_export.weight_file import WEIGHTS_PATH, WeightFile
from tests.checkpoints import normal_tensors, pretrained_like_tensors, write_checkpoint

Tensors = dict[str, np.ndarray]
HARD = gpt2_config(n_layer=3, n_head=4, n_embd=64, n_ctx=64, vocab_size=261, norm_epsilon=1e-5)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("deviation", [0.15, 0.5])
@pytest.mark.parametrize("make", [normal_tensors, pretrained_like_tensors])
def test_sound_checkpoints_pass(
    make: Callable[[ModelConfig, float], Tensors], deviation: float, scheme: str, tmp_path: Path
) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint", HARD, tensors=make(HARD, deviation))
    export(str(folder), tmp_path / "out", scheme)


def test_the_hard_checkpoint_is_hard() -> None:
    """It has what it is there for: thousands in the stream, scores of hundreds, a sink."""
    from model_export.gpt2.reference import forward

    run = forward(HARD, pretrained_like_tensors(HARD).__getitem__, range(12))
    assert np.abs(run["resid_post.2"][0]).max() > 2000
    assert np.abs(run["resid_post.2"][1:]).max() < 100
    finite = np.isfinite(run["attention_scores.1"])
    assert np.abs(run["attention_scores.1"][finite]).max() > 200
    assert (run["attention_pattern.1"][0, 1:, 0] > 0.99).all()


def transposed(tensors: Tensors) -> None:
    tensors["h.1.attn.c_proj.weight"] = tensors["h.1.attn.c_proj.weight"].T.copy()


def permuted_head(tensors: Tensors) -> None:
    """Two heads' queries change places."""
    weight = tensors["h.1.attn.c_attn.weight"]
    weight[:, :32] = np.roll(weight[:, :32], 16, axis=1)


def exchanged_norms(tensors: Tensors) -> None:
    tensors["h.0.ln_1.weight"], tensors["h.0.ln_2.weight"] = tensors["h.0.ln_2.weight"], tensors["h.0.ln_1.weight"]


def lost_bias(tensors: Tensors) -> None:
    tensors["h.2.mlp.c_proj.bias"][5] = 0


def shifted_positions(tensors: Tensors) -> None:
    tensors["wpe.weight"] = np.roll(tensors["wpe.weight"], 1, axis=0)


def one_wrong_weight(tensors: Tensors) -> None:
    tensors["h.2.mlp.c_fc.weight"][3, 7] += 0.1


FAULTS = [transposed, permuted_head, exchanged_norms, lost_bias, shifted_positions, one_wrong_weight]


def check(place: Path, sound: Tensors, built: Tensors, scheme: str, change: Callable[[onnx.ModelProto], None]) -> None:
    """Hold a graph of the weights ``built`` against the weights ``sound``."""
    with WeightFile(place / WEIGHTS_PATH) as weights, WeightFile(place / "sound.bin") as reference:
        for file, tensors in ((weights, built), (reference, sound)):
            for name, tensor in tensors.items():
                spec = tensor_specs(HARD)[name]
                form = form_of(spec, tensor, scheme)
                file.add(name, form.data, spec.axes, spec.output_axis, form.is_transposed)
    model = GPT2.build_graph(HARD, weights, scheme == "int8-integer")
    change(model)
    (place / "graph.onnx").write_bytes(model.SerializeToString())
    with GraphSession(HARD, place / "graph.onnx", weights) as session:
        check_graph(GPT2, HARD, session, reference, scheme == "int8-integer")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("make", [normal_tensors, pretrained_like_tensors])
@pytest.mark.parametrize("spoil", FAULTS)
def test_wrong_weights_are_noticed(
    spoil: Callable[[Tensors], None],
    make: Callable[[ModelConfig, float], Tensors],
    scheme: str,
    tmp_path: Path,
) -> None:
    spoilt = make(HARD, 0.15)
    spoil(spoilt)
    with pytest.raises(ExportError, match=r"graph's \w+(\.\d)? differs"):
        check(tmp_path, make(HARD, 0.15), spoilt, scheme, lambda _: None)


def node_named(model: onnx.ModelProto, kind: str) -> onnx.NodeProto:
    """The last node of a kind: a fault late in the graph is the harder one to see."""
    return [node for node in model.graph.node if node.op_type == kind][-1]


def wrong_epsilon(model: onnx.ModelProto) -> None:
    for node in model.graph.node:
        if node.op_type == "LayerNormalization":
            node.attribute.remove(next(part for part in node.attribute if part.name == "epsilon"))
            node.attribute.append(onnx.helper.make_attribute("epsilon", 1e-3))


def another_curve(model: onnx.ModelProto) -> None:
    node_named(model, "Tanh").op_type = "Erf"


def no_mask(model: onnx.ModelProto) -> None:
    """Nothing is a later key."""
    node_named(model, "Greater").op_type = "Less"


def no_cached_values(model: onnx.ModelProto) -> None:
    """The newest value takes the place of the past ones, in the same shape."""
    concat = next(node for node in model.graph.node if node.output[0] == "present_value.2")
    concat.input[0], concat.input[1] = concat.input[1], concat.input[0]


def unscaled_scores(model: onnx.ModelProto) -> None:
    constant = next(part for part in model.graph.initializer if part.name.startswith("constant_float32_0.25"))
    constant.CopyFrom(onnx.numpy_helper.from_array(np.array(0.2501, np.float32), constant.name))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("change", [wrong_epsilon, another_curve, no_mask, no_cached_values, unscaled_scores])
def test_a_wrong_graph_is_noticed(change: Callable[[onnx.ModelProto], None], scheme: str, tmp_path: Path) -> None:
    sound = normal_tensors(HARD, 0.15)
    check(tmp_path, sound, sound, scheme, lambda _: None)
    with pytest.raises(ExportError, match=r"graph's \w+(\.\d)? differs"):
        check(tmp_path, sound, sound, scheme, change)
