"""The forward pass, behind one Protocol: native onnxruntime or onnxruntime-web."""
