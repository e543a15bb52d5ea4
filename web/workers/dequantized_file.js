/**
 * The files of outside data that a session reads (docs/seams.md). onnxruntime-web asks them for `byteLength` and, one
 * tensor after another, for `subarray(from, to)`.
 *
 * @typedef {{shape: number[], offset: number}} StoredArray
 * @typedef {{shape: number[], dtype: string, offset: number, minimum: StoredArray | null,
 *   scale: StoredArray & {axis: number, block: number | null, zero_point: number}}} QuantizedTensor
 * @typedef {{rows: number[], offset: number, bytes: number}} Piece
 */

/**
 * What `InferenceSession.create` wants as `externalData`. The chunks go as soon as the last tensor is read: the session
 * then reorders its weights and is at its largest; the integers would stand beside it.
 * @param {any} manifest @param {Uint8Array<ArrayBuffer>} weights the joined chunks
 */
export function externalFiles(manifest, weights) {
  let left = manifest.graph.external_tensors;
  /** @param {Uint8Array<any>} tensor */
  const read = (tensor) => {
    left -= 1;
    if (left > 0) return tensor;
    const copy = tensor.slice();
    release(weights);
    return copy;
  };
  return [
    { path: manifest.weights.path, data: StoredFile.of_chunks(weights, read) },
    { path: manifest.dequantized.path, data: DequantizedFile.of_model(manifest, weights, read) },
  ];
}

/** Give an array's memory back now; the collector would let it lie for long. @param {Uint8Array<ArrayBuffer>} array */
export function release(array) {
  if (array.byteLength > 0) structuredClone(null, { transfer: [array.buffer] });
}

/** @param {Uint8Array<any>} tensor @returns {Uint8Array<any>} */
const asItIs = (tensor) => tensor;

/** The joined chunks. */
class StoredFile extends Uint8Array {
  #weights = new Uint8Array();
  #bytes = 0;
  /** Told of each tensor that is read, answers what the reader gets. */
  #read = asItIs;

  /** @param {Uint8Array<ArrayBuffer>} weights @param {typeof asItIs} read */
  static of_chunks(weights, read) {
    const file = new StoredFile();
    file.#weights = weights;
    file.#bytes = weights.byteLength;
    file.#read = read;
    return file;
  }

  /** @override */
  get byteLength() {
    return this.#bytes;
  }

  /** @override @param {number} from @param {number} to @returns {Uint8Array<any>} */
  subarray(from, to) {
    return this.#read(this.#weights.subarray(from, to));
  }
}

/**
 * Quantised weights as fp32. This file exists nowhere: each piece is computed when it is asked for, always in the same
 * place, so the model in fp32 has one copy: the session's own.
 */
export class DequantizedFile extends Uint8Array {
  /** @type {Map<number, {tensor: QuantizedTensor, piece: Piece}>} by where each piece starts */
  #pieces = new Map();
  #weights = new Uint8Array();
  #bytes = 0;
  /** Room for any one piece. A buffer for each would be garbage of half a gigabyte before the collector comes. */
  #room = new Float32Array();
  /** Told of each tensor that is read, answers what the reader gets. */
  #read = asItIs;

  /** @param {any} manifest @param {Uint8Array<ArrayBuffer>} weights the joined chunks @param {typeof asItIs} read */
  static of_model(manifest, weights, read = asItIs) {
    const file = new DequantizedFile();
    file.#weights = weights;
    file.#read = read;
    file.#bytes = manifest.dequantized.bytes;
    for (const tensor of Object.values(manifest.tensors)) {
      for (const piece of tensor.dequantized) file.#pieces.set(piece.offset, { tensor, piece });
    }
    const largest = Math.max(0, ...Array.from(file.#pieces.values(), ({ piece }) => piece.bytes));
    file.#room = new Float32Array(largest / Float32Array.BYTES_PER_ELEMENT);
    return file;
  }

  /** @override */
  get byteLength() {
    return this.#bytes;
  }

  /** @override @param {number} from @param {number} to @returns {Uint8Array<any>} */
  subarray(from, to) {
    const found = this.#pieces.get(from);
    if (!found || found.piece.bytes !== to - from) {
      throw new RangeError(`No dequantised weights lie from ${from} to ${to}.`);
    }
    dequantize(found.tensor, found.piece.rows, this.#weights, this.#room);
    return this.#read(new Uint8Array(this.#room.buffer, 0, to - from));
  }
}

/**
 * Some rows as fp32: (integer - zero point) x scale + minimum (docs/seams.md).
 * @param {QuantizedTensor} tensor @param {number[]} rows from, to @param {Uint8Array<ArrayBuffer>} weights
 * @param {Float32Array} values where they go
 */
export function dequantize(tensor, rows, weights, values) {
  if (tensor.scale.block === null) dequantizeChannels(tensor, rows, weights, values);
  else dequantizeBlocks(tensor, rows, weights, values, tensor.scale.block);
}

/**
 * One scale for each row (axis 0) or column (axis 1).
 * @param {QuantizedTensor} tensor @param {number[]} rows @param {Uint8Array<ArrayBuffer>} weights
 * @param {Float32Array} values
 */
function dequantizeChannels({ shape: [, n_columns], dtype, offset, scale }, [first, end], weights, values) {
  const Kind = dtype === "uint8" ? Uint8Array : Int8Array;
  const start = weights.byteOffset + offset + first * n_columns;
  const integers = new Kind(weights.buffer, start, (end - first) * n_columns);
  const scales = new Float32Array(weights.buffer, weights.byteOffset + scale.offset, scale.shape[0]);
  for (let row = first, place = 0; row < end; row++) {
    for (let column = 0; column < n_columns; column++, place++) {
      values[place] = (integers[place] - scale.zero_point) * scales[scale.axis === 0 ? row : column];
    }
  }
}

/**
 * One scale, and minimum, for each block of a row.
 * @param {QuantizedTensor} tensor @param {number[]} rows @param {Uint8Array<ArrayBuffer>} weights
 * @param {Float32Array} values @param {number} size of a block
 */
function dequantizeBlocks(
  { shape: [, n_columns], dtype, offset, scale, minimum },
  [first, end],
  weights,
  values,
  size,
) {
  const n_blocks = ((end - first) * n_columns) / size;
  const before = (first * n_columns) / size;
  /** @param {StoredArray} array */
  const halves = (array) => new Uint16Array(weights.buffer, weights.byteOffset + array.offset + 2 * before, n_blocks);
  const scales = halves(scale);
  const minima = minimum && halves(minimum);
  const is_packed = dtype === "uint4";
  const block_bytes = is_packed ? size / 2 : size;
  const Kind = is_packed ? Uint8Array : Int8Array;
  const start = weights.byteOffset + offset + before * block_bytes;
  const integers = new Kind(weights.buffer, start, n_blocks * block_bytes);
  for (let block = 0, place = 0; block < n_blocks; block++, place += size) {
    const factor = HALF_NUMBERS[scales[block]];
    const base = minima ? HALF_NUMBERS[minima[block]] : 0;
    for (let i = 0, at = block * block_bytes; i < block_bytes; i++, at++) {
      const low = is_packed ? integers[at] & 15 : integers[at];
      values[place + i] = (low - scale.zero_point) * factor + base;
      // The second half of a block lies in the high halves of its bytes.
      if (is_packed) values[place + block_bytes + i] = ((integers[at] >> 4) - scale.zero_point) * factor + base;
    }
  }
}

/** The number that each 16 bits stand for (IEEE 754 binary16); browsers older than 2025 have no array of them. */
const HALF_NUMBERS = Float32Array.from({ length: 1 << 16 }, (_, bits) => {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24);
});
