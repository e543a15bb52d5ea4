"""The architectures there are, one module each. Nothing else knows their names."""

from collections.abc import Mapping

from glassbox.architectures.architecture import Architecture
from glassbox.architectures.gpt2 import GPT2
from glassbox.architectures.llama import LLAMA

ARCHITECTURES: Mapping[str, Architecture] = {architecture.name: architecture for architecture in (GPT2, LLAMA)}
