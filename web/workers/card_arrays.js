/**
 * Arrays of a runner on the graphics card: keys and values stay there, and what is asked of a run comes back in one
 * buffer. Each way back costs a round of waiting, however small it is.
 */

const BYTES = 4;
// Of WebGPU's GPUBufferUsage and GPUMapMode, which Node does not have.
const USAGE = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, STORAGE: 128 };
const READ = 1;

/**
 * @param {typeof import("onnxruntime-web")} ort @param {any} device the GPUDevice of the session
 * @param {number} n_head @param {number} d_head
 * @returns {import("./processor_arrays.js").Arrays}
 */
export function cardArrays(ort, device, n_head, d_head) {
  /** Memory of the processor that the card copies into; kept while it is large enough. @type {any} */
  let landing = null;

  return {
    leading(cached, length) {
      if (!cached || length === 0) return new ort.Tensor("float32", new Float32Array(), [n_head, 0, d_head]);
      const cached_length = cached.dims[1];
      if (length === cached_length) return cached;
      const usage = USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST;
      const size = n_head * length * d_head * BYTES;
      const buffer = device.createBuffer({ size, usage });
      const encoder = device.createCommandEncoder();
      for (let head = 0; head < n_head; head++) {
        const from = head * cached_length * d_head * BYTES;
        const to = head * length * d_head * BYTES;
        encoder.copyBufferToBuffer(cached.gpuBuffer, from, buffer, to, length * d_head * BYTES);
      }
      device.queue.submit([encoder.finish()]);
      return ort.Tensor.fromGpuBuffer(buffer, {
        dataType: "float32",
        dims: [n_head, length, d_head],
        dispose: () => buffer.destroy(),
      });
    },

    async read(tensors) {
      const on_card = tensors.filter(({ location }) => location === "gpu-buffer");
      const size = on_card.reduce((sum, tensor) => sum + tensor.size * BYTES, 0);
      if (size > (landing?.size ?? 0)) {
        landing?.destroy();
        landing = device.createBuffer({ size, usage: USAGE.MAP_READ | USAGE.COPY_DST });
      }
      const encoder = device.createCommandEncoder();
      const starts = new Map();
      let start = 0;
      for (const tensor of on_card) {
        starts.set(tensor, start);
        if (tensor.size > 0) encoder.copyBufferToBuffer(tensor.gpuBuffer, 0, landing, start, tensor.size * BYTES);
        start += tensor.size * BYTES;
      }
      device.queue.submit([encoder.finish()]);
      if (size > 0) await landing.mapAsync(READ, 0, size);
      try {
        // Copied: what is mapped may be looked at only until it is given back.
        const landed = size > 0 ? landing.getMappedRange(0, size).slice(0) : new ArrayBuffer(0);
        return tensors.map((tensor) =>
          starts.has(tensor)
            ? new Float32Array(landed, starts.get(tensor), tensor.size)
            : /** @type {Float32Array} */ (tensor.data),
        );
      } finally {
        if (size > 0) landing.unmap();
      }
    },

    release(tensors) {
      for (const tensor of tensors) tensor.dispose();
    },
  };
}
