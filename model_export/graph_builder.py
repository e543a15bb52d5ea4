"""What graphs of all architectures have in common: nodes, weights, attention, unembedding.

Sizes come from the config; there is no batch axis. Weights lie outside, in the files the manifest names.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from glassbox.config import ModelConfig
from model_export.quantize import ZERO_POINT
from model_export.weight_file import WeightFile

OPSET = 17
IR_VERSION = 10
# The unembedding of a model that does not use its token embedding for it.
UNEMBEDDING = "lm_head.weight"
# Rows of the unembedding that are multiplied at a time.
UNEMBED_ROWS = 1024


class GraphBuilder:
    """A graph under construction. A subclass makes what enters the first block, the blocks and the final norm."""

    # Of the subclass: two weights, and what its tensors are called.
    token_embedding: str
    final_norm_weight: str
    final_norm: str
    layer_tensors: tuple[str, ...]

    def __init__(self, config: ModelConfig, weights: WeightFile, integer_arithmetic: bool = False) -> None:
        """integer_arithmetic: multiply 8-bit activations with 8-bit weights inside the blocks."""
        self.config = config
        self.weights = weights
        self.integer_arithmetic = integer_arithmetic
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.external: dict[str, onnx.TensorProto] = {}
        self.rounded: dict[str, list[str]] = {}

    def embed(self) -> None:
        """Make ``embedded`` [n_new, n_embd], which enters the first block."""
        raise NotImplementedError

    def block(self, layer: int) -> None:
        """From ``resid_pre.LAYER`` to ``resid_post.LAYER``, both [n_new, n_embd]."""
        raise NotImplementedError

    def norm(self, source: str, weight: str, name: str = "") -> str:
        """Normalise rows [n, n_embd], and return the output's name."""
        raise NotImplementedError

    def model(self) -> onnx.ModelProto:
        """All nodes, inputs and outputs. Nothing checks it here: a session made of it does."""
        self.positions()
        self.embed()
        # [n_layer, n_head, 1, 1]: a layer's scales multiply [n_head, n_new, d_head] as they are.
        sizes = self.constant([self.config.n_layer, self.config.n_head, 1, 1])
        self.op("Reshape", ["head_scale", sizes], "head_scales")
        entering = "embedded"
        for layer in range(self.config.n_layer):
            # Rows that are given take the place of those that would enter the block.
            self.op("Where", [f"is_patched.{layer}", f"patch.{layer}", entering], f"resid_pre.{layer}")
            self.block(layer)
            entering = f"resid_post.{layer}"
        self.unembed()
        graph = helper.make_graph(
            self.nodes,
            "glassbox",
            self.graph_inputs(),
            self.graph_outputs(),
            [*self.constants.values(), *self.external.values()],
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)

    def op(self, kind: str, inputs: Sequence[str], name: str = "", **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        name = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"make_{name}", **attributes))
        return name

    def constant(self, value: Any, dtype: type[np.generic] = np.int64, name: str = "") -> str:
        """A small constant, stored in the graph itself."""
        array: npt.NDArray[Any] = np.array(value, dtype)
        name = name or f"constant_{array.dtype}_{'_'.join(map(str, array.ravel()))}_{array.ndim}"
        self.constants.setdefault(name, onnx.numpy_helper.from_array(array, name))
        return name

    def stored(self, name: str) -> str:
        """A tensor of the weight file, as it is stored."""
        return self.initializer(self.weights.stored(name))

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

    def positions(self) -> None:
        """``positions`` [n_new], and which keys a query cannot see yet: ``is_later_key`` [n_new, past + n_new]."""
        n_new = self.op("Shape", ["input_ids"])
        n_past = self.op("Shape", ["past_key.0"], start=1, end=2)
        total = self.op("Add", [n_past, n_new])
        past, end = (self.op("Squeeze", [size]) for size in (n_past, total))
        self.op("Range", [past, end, self.constant(1)], "positions")
        keys = self.op("Range", [self.constant(0), end, self.constant(1)])
        self.op("Greater", [keys, self.op("Unsqueeze", ["positions", self.constant([1])])], "is_later_key")

    def token_rows(self, name: str = "") -> str:
        """The new tokens' rows of the embedding [n_new, n_embd], dequantised on the way."""
        entry = self.weights.tensors[self.token_embedding]
        scale = entry["scale"]
        rows = self.op("Gather", [self.stored(self.token_embedding), "input_ids"], "" if scale else name)
        if scale is None:
            return rows
        if entry["dtype"] == "uint4":
            rows = self.unpacked(rows, scale["block"])
        rows = self.op("Cast", [rows], to=TensorProto.FLOAT)
        if scale["zero_point"]:
            rows = self.op("Sub", [rows, self.constant(scale["zero_point"], np.float32)])
        if scale["block"] is None:
            return self.op("Mul", [rows, self.factors("scale")], name)
        blocks = self.op("Reshape", [rows, self.constant([0, -1, scale["block"]])])
        blocks = self.op("Mul", [blocks, self.factors("scale")])
        if entry["minimum"] is not None:
            blocks = self.op("Add", [blocks, self.factors("minimum")])
        return self.op("Reshape", [blocks, self.constant([0, self.config.n_embd])], name)

    def factors(self, kind: str) -> str:
        """Scales or minima of the new tokens' rows, [n_new, 1] or [n_new, n_blocks, 1]."""
        factors = self.op("Gather", [self.initializer(self.weights.factors(self.token_embedding, kind)), "input_ids"])
        factors = self.op("Cast", [factors], to=TensorProto.FLOAT)
        return self.op("Unsqueeze", [factors, self.constant([-1])])

    def unpacked(self, rows: str, block: int) -> str:
        """Two integers a byte [n_new, n / 2] -> [n_new, n]; the low halves of a block come before the high ones."""
        packed = self.op("Cast", [rows], to=TensorProto.INT32)
        packed = self.op("Reshape", [packed, self.constant([0, -1, block // 2])])
        sixteen = self.constant(16, np.int32)
        high = self.op("Div", [packed, sixteen])
        low = self.op("Sub", [packed, self.op("Mul", [high, sixteen])])
        return self.op("Reshape", [self.op("Concat", [low, high], axis=2), self.constant([0, self.config.n_embd])])

    def heads(self, rows: str, n_head: int, name: str = "") -> str:
        """[n_new, n_head * d_head] -> [n_head, n_new, d_head]."""
        rows = self.op("Reshape", [rows, self.constant([0, n_head, self.config.d_head])])
        return self.op("Transpose", [rows], name, perm=[1, 0, 2])

    def attend(self, layer: int) -> str:
        """From ``query``, ``key``, ``value`` to ``head_output``; returns all heads joined, [n_new, n_head * d_head].

        Query [n_head, n_new, d_head]; key, value [n_kv_head, n_new, d_head]; scores, pattern [n_head, query, key].
        """
        config = self.config
        key = self.op("Concat", [f"past_key.{layer}", f"key.{layer}"], f"present_key.{layer}", axis=1)
        value = self.op("Concat", [f"past_value.{layer}", f"value.{layer}"], f"present_value.{layer}", axis=1)
        products = self.op("MatMul", [self.grouped(f"query.{layer}"), self.op("Transpose", [key], perm=[0, 2, 1])])
        scaled = self.op("Mul", [self.ungrouped(products), self.constant(1 / math.sqrt(config.d_head), np.float32)])
        hidden = self.constant(-np.inf, np.float32)
        # Put together first, since it is small: [1, query, key] where nothing is cut.
        term = self.op("Where", ["is_later_key", hidden, f"score_term.{layer}"])
        scores = self.op("Add", [scaled, term], f"attention_scores.{layer}")
        weights = self.op("Softmax", [scores], axis=-1)
        pattern = self.op("Mul", [weights, f"pattern_scale.{layer}"], f"attention_pattern.{layer}")
        seen = self.ungrouped(self.op("MatMul", [self.grouped(pattern), value]))
        scale = self.op("Gather", ["head_scales", self.constant(layer)])
        heads = self.op("Mul", [seen, scale], f"head_output.{layer}")
        # [n_head, n_new, d_head] -> [n_new, n_head, d_head] -> [n_new, n_head * d_head].
        joined = self.op("Transpose", [heads], perm=[1, 0, 2])
        return self.op("Reshape", [joined, self.constant([0, config.n_head * config.d_head])])

    def grouped(self, rows: str) -> str:
        """[n_head, n_new, n] -> [n_kv_head, group * n_new, n]: heads that share keys stand one after the other."""
        if self.config.n_kv_head == self.config.n_head:
            return rows
        return self.op("Reshape", [rows, self.constant([self.config.n_kv_head, -1, 0])])

    def ungrouped(self, rows: str) -> str:
        """[n_kv_head, group * n_new, n] -> [n_head, n_new, n]."""
        if self.config.n_kv_head == self.config.n_head:
            return rows
        return self.op("Reshape", [rows, self.constant([self.config.n_head, -1, 0])])

    def scaled_mlp(self, layer: int, rows: str) -> None:
        """What the neurons add [n_new, n_embd], times the block's scale: ``mlp_out``."""
        self.op("Mul", [rows, self.op("Gather", ["mlp_scale", self.constant(layer)])], f"mlp_out.{layer}")

    def unembed(self) -> None:
        """The asked rows of the residual stream of all layers, through the final norm, times the unembedding.

        Stacked stream [(n_layer + 1) * n_new, n_embd] -> rows [n_rows, n_embd] -> logits [n_rows, vocab_size].
        """
        last = f"resid_post.{self.config.n_layer - 1}"
        name = self.token_embedding if self.config.is_tied else UNEMBEDDING
        self.norm(last, self.final_norm_weight, self.final_norm)
        stream = [f"resid_pre.{layer}" for layer in range(self.config.n_layer)]
        rows = self.op("Gather", [self.op("Concat", [*stream, last], axis=0), "unembed_rows"])
        normed = self.norm(rows, self.final_norm_weight)
        if not self.is_quantized(name):
            self.op("Gemm", [normed, self.stored(name)], "logits", transB=1)
            return
        # In parts: a session reorders each weight for speed and holds it twice meanwhile, and this is the largest.
        starts = range(0, self.config.vocab_size, UNEMBED_ROWS)
        parts = [self.weights.dequantized(name, i, min(i + UNEMBED_ROWS, self.config.vocab_size)) for i in starts]
        logits = [self.op("Gemm", [normed, self.initializer(part)], transB=1) for part in parts]
        self.op("Concat", logits, "logits", axis=1)

    def linear(self, source: str, weight: str, name: str = "") -> str:
        """source [n_new, n_in] x weight (either way round) + bias [n_out], where there is one -> [n_new, n_out]."""
        matrix, bias = f"{weight}.weight", f"{weight}.bias"
        has_bias = bias in self.weights.tensors
        product_name = "" if has_bias else name
        if self.integer_arithmetic:
            product = self.integer_product(source, matrix, product_name)
        elif self.weights.tensors[matrix]["output_axis"] == 0:
            inputs = [source, self.weight(matrix), *([self.stored(bias)] if has_bias else [])]
            return self.op("Gemm", inputs, name, transB=1)
        else:
            product = self.op("MatMul", [source, self.weight(matrix)], product_name)
        return self.op("Add", [product, self.stored(bias)], name) if has_bias else product

    def integer_product(self, source: str, weight: str, name: str = "") -> str:
        """8-bit product: one scale for the activations (found on the way), one for each column of the weights."""
        if source not in self.rounded:
            parts = self.rounded[source] = [f"{source}.quantized{part}" for part in ("", ".scale", ".zero_point")]
            self.nodes.append(helper.make_node("DynamicQuantizeLinear", [source], parts, name=f"make_{parts[0]}"))
        quantized, scale, zero_point = self.rounded[source]
        zero_points = [zero_point, self.constant(ZERO_POINT, np.uint8)]
        products = self.op("MatMulInteger", [quantized, self.stored(weight), *zero_points])
        scale = self.op("Mul", [scale, self.initializer(self.weights.factors(weight, "scale"))])
        return self.op("Mul", [self.op("Cast", [products], to=TensorProto.FLOAT), scale], name)

    def graph_inputs(self) -> list[onnx.ValueInfoProto]:
        """Inputs with their shapes; names stand for sizes that vary."""
        config = self.config
        cached: list[int | str | None] = [config.n_kv_head, "past_length", config.d_head]
        return [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n_new"]),
            helper.make_tensor_value_info("unembed_rows", TensorProto.INT64, ["n_rows"]),
            helper.make_tensor_value_info("head_scale", TensorProto.FLOAT, [config.n_layer, config.n_head]),
            helper.make_tensor_value_info("mlp_scale", TensorProto.FLOAT, [config.n_layer]),
            *self.edits(),
            *(
                helper.make_tensor_value_info(f"past_{kind}.{layer}", TensorProto.FLOAT, cached)
                for kind in ("key", "value")
                for layer in range(config.n_layer)
            ),
        ]

    def edits(self) -> list[onnx.ValueInfoProto]:
        """What may be put into every block; each of these sizes may be 1 and then holds for all."""
        pairs = ["edited_heads", "edited_queries", "edited_keys"]
        shapes: dict[str, tuple[int, list[str]]] = {
            "score_term": (TensorProto.FLOAT, pairs),
            "pattern_scale": (TensorProto.FLOAT, pairs),
            "is_patched": (TensorProto.BOOL, ["patched_rows", "one"]),
            "patch": (TensorProto.FLOAT, ["patched_rows", "patched_width"]),
        }
        return [
            # No two of them need be alike: a size's name says so within one block and input.
            helper.make_tensor_value_info(f"{name}.{layer}", kind, [f"{size}.{name}.{layer}" for size in sizes])
            for name, (kind, sizes) in shapes.items()
            for layer in range(self.config.n_layer)
        ]

    def graph_outputs(self) -> list[onnx.ValueInfoProto]:
        """Every tensor of the glossary; only those fetched are copied out."""
        layered = (*self.layer_tensors, "present_key", "present_value")
        names = [f"{name}.{layer}" for name in layered for layer in range(self.config.n_layer)]
        outputs = ["logits", self.final_norm, *names]
        return [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
