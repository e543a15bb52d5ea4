"""GPT-2 checkpoint in Hugging Face layout -> quantised ONNX graph, weight chunks, manifest."""
