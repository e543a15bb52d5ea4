import { useRef } from "preact/hooks";
import { columnLayout, endOf, STORY_BELOW_PX } from "../../layout/flow/columns.js";
import { useSize } from "../use_size.js";

/** Columns of the flow that a section unfolds: from the first to the last. @type {Record<string, [string, string]>} */
const SPANS = {
  tokens: ["tokens", "tokens"],
  embedding: ["embedding", "embedding"],
  layer_norm: ["ln_1", "ln_1"],
  qkv: ["query_key", "value"],
  attention: ["attention_pattern", "resid_mid"],
  mlp: ["mlp_post", "resid_post"],
  unembedding: ["next", "next"],
  sampling: ["next", "next"],
};
const HEIGHT_PX = 22;

/** Leads from the part of the flow above to the section that it has become. @param {{name: string}} props */
export function Funnel({ name }) {
  const room = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { width } = useSize(room);
  const path = width >= STORY_BELOW_PX ? funnelPath(name, width) : null;
  return (
    <div class="section-funnel" ref={room} aria-hidden="true">
      {path && (
        <svg width={width} height={HEIGHT_PX}>
          <path d={path} />
        </svg>
      )}
    </div>
  );
}

/** @param {string} name @param {number} width */
function funnelPath(name, width) {
  const columns = /** @type {Record<string, import("../../layout/flow/columns.js").Span | undefined>} */ (
    columnLayout(width).columns
  );
  const [first, last] = SPANS[name].map((column) => columns[column]);
  if (!first || !last) return null;
  const [left, right, half] = [first.x, endOf(last), HEIGHT_PX / 2];
  return `M${left},0C${left},${half} 0,${half} 0,${HEIGHT_PX}H${width}C${width},${half} ${right},${half} ${right},0Z`;
}
