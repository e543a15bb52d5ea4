"""``int8-integer``: the same sums on every processor, those without VNNI among them."""

import shutil
import site
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from model_export.export import export
from model_export.quantize import as_unsigned, quantize, round_activations
from tests.checkpoints import TOY, pretrained_like_tensors, write_checkpoint

LARGEST_ACTIVATION = 255
INT16, INT32 = np.iinfo(np.int16), np.iinfo(np.int32)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], onnx.ModelProto, bytes]:
    """Manifest, graph and joined chunks."""
    place = tmp_path_factory.mktemp("integer")
    folder = write_checkpoint(place / "checkpoint", TOY, tensors=pretrained_like_tensors(TOY))
    manifest = export(str(folder), place / "out", "int8-integer")
    graph = onnx.load(place / "out" / manifest["graph"]["file"], load_external_data=False)
    return manifest, graph, b"".join((place / "out" / chunk["file"]).read_bytes() for chunk in manifest["chunks"])


def integer_matrices(exported: tuple[dict[str, Any], onnx.ModelProto, bytes]) -> dict[str, np.ndarray]:
    """What the graph multiplies as integers, [input, output]."""
    manifest, model, content = exported
    names = [node.input[1] for node in model.graph.node if node.op_type == "MatMulInteger"]
    entries = {name: manifest["tensors"][name] for name in names}
    return {
        name: np.frombuffer(content, entry["dtype"], entry["bytes"], entry["offset"]).reshape(entry["shape"])
        for name, entry in entries.items()
    }


def largest_sums(weights: np.ndarray) -> tuple[int, int, np.iinfo]:
    """Least and largest number that a sum on the way can be, over all activations, and the room there is for it.

    An x86 processor without VNNI multiplies unsigned by signed bytes with ``pmaddubsw``, which adds two neighbouring
    products in 16 bits; two unsigned ones it widens first and adds in 32 bits (``pmaddwd``). WebAssembly always widens.
    """
    products = weights.astype(np.int64) * LARGEST_ACTIVATION
    rows = products if weights.dtype == np.uint8 else products.reshape(-1, 2, weights.shape[1])
    axis = 0 if weights.dtype == np.uint8 else 1
    least, largest = np.minimum(rows, 0).sum(axis=axis).min(), np.maximum(rows, 0).sum(axis=axis).max()
    return int(least), int(largest), INT32 if weights.dtype == np.uint8 else INT16


def test_no_sum_leaves_its_room_on_any_processor(exported: tuple[dict[str, Any], onnx.ModelProto, bytes]) -> None:
    matrices = integer_matrices(exported)
    assert len(matrices) == 4 * TOY.n_layer
    for name, weights in matrices.items():
        least, largest, room = largest_sums(weights)
        assert room.min <= least <= largest <= room.max, name


def test_signed_weights_would_be_caught() -> None:
    """The test above has teeth: what was exported before fails it."""
    weights = quantize(np.random.default_rng(0).standard_normal((64, 32), dtype=np.float32), 1)
    _, largest, room = largest_sums(weights.integers)
    assert largest > room.max
    _, largest, room = largest_sums(as_unsigned(weights).integers)
    assert largest <= room.max


def test_unsigned_weights_are_the_same_weights() -> None:
    weights = quantize(np.random.default_rng(0).standard_normal((64, 32), dtype=np.float32), 1)
    np.testing.assert_array_equal(as_unsigned(weights).dequantize(), weights.dequantize())


# Unsigned weights with the largest and the smallest activations, and what onnxruntime makes of them.
PRODUCT = """
import sys
sys.path[:0] = sys.argv[1:]
import numpy as np, onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.stdin.buffer.read(), options, providers=["CPUExecutionProvider"])
rows = np.repeat(np.array([[255], [0], [1]], np.uint8), 64, axis=1)
print(session.run(None, {"activations": rows})[0].tolist())
"""


def product_model(weights: np.ndarray) -> bytes:
    """A graph of one integer product, as the export has it: [n, 64] x [64, 2]."""
    zero_points = {"zero": 0, "weights_zero": 128 if weights.dtype == np.uint8 else 0}
    constants = [onnx.numpy_helper.from_array(weights, "weights")]
    types = {"zero": np.uint8, "weights_zero": weights.dtype}
    constants += [onnx.numpy_helper.from_array(np.array(zero_points[name], types[name]), name) for name in zero_points]
    node = helper.make_node("MatMulInteger", ["activations", "weights", *zero_points], ["products"])
    rows = helper.make_tensor_value_info("activations", TensorProto.UINT8, ["n", 64])
    products = helper.make_tensor_value_info("products", TensorProto.INT32, None)
    graph = helper.make_graph([node], "product", [rows], [products], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    return bytes(model.SerializeToString())


EXTREME_WEIGHTS = np.repeat(np.array([[255, 1]], np.uint8), 64, axis=0)
EXTREME_PRODUCTS = str([[a * 127 * 64, -a * 127 * 64] for a in (255, 0, 1)])


@pytest.mark.parametrize("processor", ["this one", "Haswell", "Nehalem"])
def test_onnxruntime_has_the_exact_sums(processor: str) -> None:
    """Haswell has AVX2 but no VNNI; onnxruntime takes other code there."""
    emulator = shutil.which("qemu-x86_64")
    if processor != "this one" and (emulator is None or sys.platform != "linux"):
        pytest.skip("qemu-x86_64 (Debian: qemu-user) is not installed: other processors are not tried")
    start = [] if processor == "this one" else [str(emulator), "-cpu", processor]
    # The emulator runs the interpreter itself, which then does not know of the virtual environment.
    command = [*start, str(Path(sys.executable).resolve()), "-c", PRODUCT, *site.getsitepackages()]
    done = subprocess.run(command, input=product_model(EXTREME_WEIGHTS), capture_output=True, timeout=300)
    assert done.stdout.decode().strip() == EXTREME_PRODUCTS, done.stderr.decode()[-2000:]


def test_activations_are_rounded_as_onnxruntime_does() -> None:
    generator = np.random.default_rng(0)
    parts = ["steps", "scale", "zero"]
    node = helper.make_node("DynamicQuantizeLinear", ["rows"], parts)
    types = [TensorProto.UINT8, TensorProto.FLOAT, TensorProto.UINT8]
    outputs = [helper.make_tensor_value_info(name, kind, None) for name, kind in zip(parts, types, strict=True)]
    rows_info = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", 8])
    model = helper.make_model(
        helper.make_graph([node], "rounding", [rows_info], outputs),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=10,
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    for scale, shift in ((1, 0), (1e-3, 0), (1000, 500), (1, -20), (1, 20), (0, 0)):
        rows = (generator.standard_normal((5, 8)) * scale + shift).astype(np.float32)
        steps, factor, zero = session.run(parts, {"rows": rows})
        expected = (steps.astype(np.float32) - zero) * factor
        np.testing.assert_allclose(round_activations(rows), expected, rtol=1e-6, atol=0)
