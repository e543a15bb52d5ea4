"""The GPT-2 graph, built op by op with the glossary's names (Radford et al. 2019; layout of Hugging Face's GPT-2).

Sizes come from the config; there is no batch axis. Weights lie outside, in the file the manifest names.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from model_export.config import CheckpointConfig
from model_export.quantize import ZERO_POINT
from model_export.weight_file import WeightFile

OPSET = 17
# Rows of the token embedding that the unembedding multiplies at a time.
UNEMBED_ROWS = 1024
IR_VERSION = 10

LAYER_TENSORS = (
    "resid_pre", "ln_1", "query", "key", "value", "attention_scores", "attention_pattern", "head_output", "attn_out",
    "resid_mid", "ln_2", "mlp_pre", "mlp_post", "mlp_out", "resid_post",
)  # fmt: skip
INPUTS = {
    "token_ids": "input_ids",
    "unembed_rows": "unembed_rows",
    "head_scale": "head_scale",
    "past_key": "past_key.{layer}",
    "past_value": "past_value.{layer}",
}
OUTPUTS = {
    "logits": "logits",
    "present_key": "present_key.{layer}",
    "present_value": "present_value.{layer}",
    **{name: f"{name}.{{layer}}" for name in LAYER_TENSORS},
    "ln_f": "ln_f",
}


def build_graph(config: CheckpointConfig, weights: WeightFile, integer_arithmetic: bool = False) -> onnx.ModelProto:
    """The whole graph; ``integer_arithmetic`` multiplies 8-bit activations with 8-bit weights inside the blocks."""
    return _Graph(config, weights, integer_arithmetic).model()


class _Graph:
    def __init__(self, config: CheckpointConfig, weights: WeightFile, integer_arithmetic: bool) -> None:
        self.config = config
        self.weights = weights
        self.integer_arithmetic = integer_arithmetic
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.external: dict[str, onnx.TensorProto] = {}

    def op(self, kind: str, inputs: Sequence[str], name: str = "", **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        name = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"make_{name}", **attributes))
        return name

    def constant(self, value: Any, dtype: type[np.generic] = np.int64) -> str:
        """A small constant, stored in the graph itself."""
        array: npt.NDArray[Any] = np.array(value, dtype)
        name = f"constant_{array.dtype}_{'_'.join(map(str, array.ravel()))}_{array.ndim}"
        self.constants.setdefault(name, onnx.numpy_helper.from_array(array, name))
        return name

    def stored(self, name: str) -> str:
        """A tensor of the weight file, as it is stored."""
        return self.initializer(self.weights.stored(name))

    def scale(self, name: str) -> str:
        """The scales of a quantised tensor."""
        return self.initializer(self.weights.scale(name))

    def weight(self, name: str) -> str:
        """A tensor of the weight file as fp32, whether it is stored so or quantised."""
        return self.initializer(self.weights.dequantized(name)) if self.is_quantized(name) else self.stored(name)

    def is_quantized(self, name: str) -> bool:
        """Whether a tensor is stored as integers with scales."""
        return self.weights.tensors[name]["scale"] is not None

    def initializer(self, tensor: onnx.TensorProto) -> str:
        """Refer to outside data once, however often it is used."""
        self.external.setdefault(tensor.name, tensor)
        return str(tensor.name)

    def model(self) -> onnx.ModelProto:
        """All nodes, inputs and outputs. Nothing checks it here: a session made of it does."""
        self.embed()
        for layer in range(self.config.n_layer):
            self.attention(layer)
            self.mlp(layer)
        self.unembed()
        graph = helper.make_graph(
            self.nodes,
            "gpt2",
            self.graph_inputs(),
            self.graph_outputs(),
            [*self.constants.values(), *self.external.values()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        return model

    def embed(self) -> None:
        """Token embedding + position embedding [n_new, n_embd], and the mask of later keys [n_new, past + n_new]."""
        n_new = self.op("Shape", ["input_ids"])
        n_past = self.op("Shape", ["past_key.0"], start=1, end=2)
        total = self.op("Add", [n_past, n_new])
        past, end = (self.op("Squeeze", [size]) for size in (n_past, total))
        self.op("Range", [past, end, self.constant(1)], "positions")
        token = self.op("Gather", [self.stored("wte.weight"), "input_ids"])
        if self.is_quantized("wte.weight"):
            scale = self.op("Gather", [self.scale("wte.weight"), "input_ids"])
            scale = self.op("Unsqueeze", [scale, self.constant([1])])
            token = self.op("Mul", [self.op("Cast", [token], to=TensorProto.FLOAT), scale])
        position = self.op("Gather", [self.weight("wpe.weight"), "positions"])
        self.op("Add", [token, position], "resid_pre.0")
        keys = self.op("Range", [self.constant(0), end, self.constant(1)])
        queries = self.op("Unsqueeze", ["positions", self.constant([1])])
        self.op("Greater", [keys, queries], "is_later_key")

    def attention(self, layer: int) -> None:
        """Layer norm -> query, key, value -> scores -> pattern -> heads -> projection -> residual.

        Stream [n_new, n_embd]; query, key, value [n_head, n_new, d_head]; scores, pattern [n_head, query, key].
        """
        block, d_head = f"h.{layer}", self.config.n_embd // self.config.n_head
        self.layer_norm(f"resid_pre.{layer}", f"{block}.ln_1", f"ln_1.{layer}")
        fused = self.linear(f"ln_1.{layer}", f"{block}.attn.c_attn")
        parts = [f"fused_{part}.{layer}" for part in ("query", "key", "value")]
        self.nodes.append(helper.make_node("Split", [fused], parts, axis=1, name=f"make_fused.{layer}"))
        for part, name in zip(parts, ("query", "key", "value"), strict=True):
            # [n_new, n_embd] -> [n_new, n_head, d_head] -> [n_head, n_new, d_head].
            heads = self.op("Reshape", [part, self.constant([0, self.config.n_head, d_head])])
            self.op("Transpose", [heads], f"{name}.{layer}", perm=[1, 0, 2])
        key = self.op("Concat", [f"past_key.{layer}", f"key.{layer}"], f"present_key.{layer}", axis=1)
        value = self.op("Concat", [f"past_value.{layer}", f"value.{layer}"], f"present_value.{layer}", axis=1)
        products = self.op("MatMul", [f"query.{layer}", self.op("Transpose", [key], perm=[0, 2, 1])])
        scaled = self.op("Mul", [products, self.constant(1 / math.sqrt(d_head), np.float32)])
        hidden = self.constant(-np.inf, np.float32)
        scores = self.op("Where", ["is_later_key", hidden, scaled], f"attention_scores.{layer}")
        pattern = self.op("Softmax", [scores], f"attention_pattern.{layer}", axis=-1)
        scale = self.op("Gather", ["head_scale", self.constant(layer)])
        scale = self.op("Reshape", [scale, self.constant([self.config.n_head, 1, 1])])
        heads = self.op("Mul", [self.op("MatMul", [pattern, value]), scale], f"head_output.{layer}")
        # [n_head, n_new, d_head] -> [n_new, n_head, d_head] -> [n_new, n_embd].
        joined = self.op("Transpose", [heads], perm=[1, 0, 2])
        joined = self.op("Reshape", [joined, self.constant([0, self.config.n_embd])])
        self.linear(joined, f"{block}.attn.c_proj", f"attn_out.{layer}")
        self.op("Add", [f"resid_pre.{layer}", f"attn_out.{layer}"], f"resid_mid.{layer}")

    def mlp(self, layer: int) -> None:
        """Layer norm -> wider [n_new, d_mlp] -> GELU -> back [n_new, n_embd] -> residual."""
        block = f"h.{layer}"
        self.layer_norm(f"resid_mid.{layer}", f"{block}.ln_2", f"ln_2.{layer}")
        self.linear(f"ln_2.{layer}", f"{block}.mlp.c_fc", f"mlp_pre.{layer}")
        self.gelu(f"mlp_pre.{layer}", f"mlp_post.{layer}")
        self.linear(f"mlp_post.{layer}", f"{block}.mlp.c_proj", f"mlp_out.{layer}")
        self.op("Add", [f"resid_mid.{layer}", f"mlp_out.{layer}"], f"resid_post.{layer}")
        if layer + 1 < self.config.n_layer:
            self.op("Identity", [f"resid_post.{layer}"], f"resid_pre.{layer + 1}")

    def unembed(self) -> None:
        """The asked rows of the residual stream of all layers, through the final norm, times the token embeddings.

        Stacked stream [(n_layer + 1) * n_new, n_embd] -> rows [n_rows, n_embd] -> logits [n_rows, vocab_size].
        """
        last = f"resid_post.{self.config.n_layer - 1}"
        self.layer_norm(last, "ln_f", "ln_f")
        stream = [f"resid_pre.{layer}" for layer in range(self.config.n_layer)]
        rows = self.op("Gather", [self.op("Concat", [*stream, last], axis=0), "unembed_rows"])
        normed = self.layer_norm(rows, "ln_f", "unembed_input")
        if not self.is_quantized("wte.weight"):
            self.op("Gemm", [normed, self.stored("wte.weight")], "logits", transB=1)
            return
        # In parts: a session reorders each weight for speed and holds it twice meanwhile, and this is the largest.
        starts = range(0, self.config.vocab_size, UNEMBED_ROWS)
        parts = [
            self.weights.dequantized("wte.weight", i, min(i + UNEMBED_ROWS, self.config.vocab_size)) for i in starts
        ]
        logits = [self.op("Gemm", [normed, self.initializer(part)], transB=1) for part in parts]
        self.op("Concat", logits, "logits", axis=1)

    def layer_norm(self, source: str, weight: str, name: str) -> str:
        """(x - mean) / sqrt(variance + epsilon) x gain + bias, row by row."""
        inputs = [source, self.stored(f"{weight}.weight"), self.stored(f"{weight}.bias")]
        return self.op("LayerNormalization", inputs, name, axis=-1, epsilon=self.config.layer_norm_epsilon)

    def linear(self, source: str, weight: str, name: str = "") -> str:
        """source [n_new, n_in] x weight [n_in, n_out] + bias [n_out]."""
        bias = self.stored(f"{weight}.bias")
        if self.integer_arithmetic:
            return self.op("Add", [self.integer_product(source, f"{weight}.weight"), bias], name)
        return self.op("Add", [self.op("MatMul", [source, self.weight(f"{weight}.weight")]), bias], name)

    def integer_product(self, source: str, weight: str) -> str:
        """8-bit product: one scale for the activations (found on the way), one for each column of the weights."""
        quantized = f"{source}.{weight}.quantized"
        parts = [quantized, f"{quantized}.scale", f"{quantized}.zero_point"]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [source], parts, name=f"make_{quantized}"))
        zero_point = self.constant(ZERO_POINT, np.uint8)
        products = self.op("MatMulInteger", [quantized, self.stored(weight), parts[2], zero_point])
        scale = self.op("Mul", [parts[1], self.scale(weight)])
        return self.op("Mul", [self.op("Cast", [products], to=TensorProto.FLOAT), scale])

    def gelu(self, source: str, name: str) -> None:
        """GELU in its tanh form (Hendrycks and Gimpel 2016): x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))."""
        cube = self.op("Mul", [self.op("Mul", [source, source]), source])
        inner = self.op("Add", [source, self.op("Mul", [cube, self.constant(0.044715, np.float32)])])
        angle = self.op("Mul", [inner, self.constant(math.sqrt(2 / math.pi), np.float32)])
        gate = self.op("Add", [self.op("Tanh", [angle]), self.constant(1, np.float32)])
        self.op("Mul", [self.op("Mul", [source, self.constant(0.5, np.float32)]), gate], name)

    def graph_inputs(self) -> list[onnx.ValueInfoProto]:
        """Inputs with their shapes; names stand for sizes that vary."""
        n_layer, n_head = self.config.n_layer, self.config.n_head
        d_head = self.config.n_embd // n_head
        return [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n_new"]),
            helper.make_tensor_value_info("unembed_rows", TensorProto.INT64, ["n_rows"]),
            helper.make_tensor_value_info("head_scale", TensorProto.FLOAT, [n_layer, n_head]),
            *(
                helper.make_tensor_value_info(
                    f"past_{kind}.{layer}", TensorProto.FLOAT, [n_head, "past_length", d_head]
                )
                for kind in ("key", "value")
                for layer in range(n_layer)
            ),
        ]

    def graph_outputs(self) -> list[onnx.ValueInfoProto]:
        """Every tensor of the glossary; only those fetched are copied out."""
        layered = (*LAYER_TENSORS, "present_key", "present_value")
        names = [f"{name}.{layer}" for name in layered for layer in range(self.config.n_layer)]
        return [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ["logits", "ln_f", *names]]
