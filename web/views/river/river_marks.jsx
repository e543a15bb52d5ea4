import { px } from "../../layout/river/ribbons.js";
import { placesIn } from "../../layout/river/spans.js";

/**
 * One gradient a block and kind: a ribbon fades in at its source, since values are copied, not taken; its stain fades out.
 * @param {{spans: import("../../layout/river/spans.js").Span[], id: string}} props
 */
export function RiverGradients({ spans, id }) {
  return (
    <>
      {spans.map((span, layer) => {
        const { from, attention, mlp } = placesIn(span);
        const stain = Math.max(10, Math.min(span.width * 0.45, 64));
        const gradients = /** @type {const} */ ([
          ["attention", from, attention, [0.15, 0.75, 1]],
          ["attention-loop", from, attention, [0, 0.45, 1]],
          ["attention-stain", attention, attention + stain, [1, 0.5, 0]],
          ["mlp", attention, mlp, [0, 0.5, 1]],
          ["mlp-stain", mlp, mlp + Math.min(60, span.width * 0.34), [1, 0.5, 0]],
        ]);
        return gradients.map(([name, x1, x2, stops]) => (
          <linearGradient
            key={`${name}-${layer}`}
            id={`${id}-${name}-${layer}`}
            gradientUnits="userSpaceOnUse"
            x1={px(x1)}
            x2={px(x2)}
            y1="0"
            y2="0"
          >
            {stops.map((opacity, index) => (
              <stop key={index} offset={index / 2} class={`stop-${name.split("-")[0]}`} stop-opacity={opacity} />
            ))}
          </linearGradient>
        ));
      })}
    </>
  );
}

/**
 * Ribbons and their stains. What takes away is an outline.
 * @param {{marks: import("../../layout/river/marks.js").Mark[], kind: "attention" | "mlp", id: string,
 *   is_lit: (mark: import("../../layout/river/marks.js").Mark) => boolean}} props
 */
export function RiverMarks({ marks, kind, id, is_lit }) {
  return (
    <>
      {marks.map((mark) => {
        const { layer, row, share, strength, path, width, stain, is_loop } = mark;
        const gradient = `url(#${id}-${kind}${is_loop && kind === "attention" ? "-loop" : ""}-${layer})`;
        const is_taken = share < 0;
        const shape = is_taken
          ? { class: `ribbon-taken ribbon-${kind}`, fill: "none" }
          : width > 0
            ? { fill: "none", stroke: gradient, "stroke-width": width }
            : { fill: gradient };
        return (
          <g
            key={`${layer}-${row}`}
            class={is_lit(mark) ? "river-mark lit" : "river-mark"}
            opacity={is_lit(mark) ? 1 : strength}
            data-part={`mark:${kind}:${layer}:${mark.source ?? ""}`}
          >
            <path d={path} {...shape} />
            {is_taken ? (
              <rect class={`ribbon-taken ribbon-${kind}`} {...stain} fill="none" />
            ) : (
              <rect {...stain} fill={`url(#${id}-${kind}-stain-${layer})`} />
            )}
          </g>
        );
      })}
    </>
  );
}
