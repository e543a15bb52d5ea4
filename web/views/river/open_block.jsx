import { useMemo } from "preact/hooks";
import { formatNumber, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { landings, strengthOf } from "../../layout/river/marks.js";
import { openBlockLayout, patternByRow } from "../../layout/river/open_block.js";
import { bandPath, px } from "../../layout/river/ribbons.js";
import { ofAllSources } from "../../layout/river/sources.js";
import { scaleLimit } from "../../layout/strip.js";
import { servingHead } from "../../state/kinds.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";
import { StripCells } from "./strip_cells.jsx";

/**
 * A block unfolded in its place on the river.
 * @param {import("./sheet_props.js").SheetProps & {layer: number, fade: number, largest: number}} props
 */
export function OpenBlock({ shown, frame, rows, spans, drawn, layer, fade, largest }) {
  const { state } = usePage();
  const head = state.head.value;
  const block = state.block.value;
  const { n_head } = shown.data;
  const layout = openBlockLayout(spans[layer], rows, drawn, n_head, head, frame.rows);
  const is_here = block !== null && block.layer === layer && block.run === shown.run;
  const row = rows[drawn];
  const shares = ofAllSources(shown.data, layer, "share");
  const pushes = ofAllSources(shown.data, layer, "push");
  return (
    <g class="open-block" data-tour="open-block" opacity={Math.max(0, Math.min(1, fade))} aria-busy={!is_here}>
      <defs>
        <linearGradient
          id="river-heads-stain"
          gradientUnits="userSpaceOnUse"
          x1={px(layout.landing)}
          x2={px(layout.landing + layout.stain)}
          y1="0"
          y2="0"
        >
          <stop offset="0" class="stop-attention" />
          <stop offset="1" class="stop-attention" stop-opacity="0" />
        </linearGradient>
      </defs>
      {landings(Array.from(shares), row).map(({ index, top, thickness }) => {
        const box = index === head ? layout.output : layout.thumbnails.get(index);
        if (!box || thickness < 0.2) return null;
        const from = { x: box.x + box.width + 1, y: index === head ? row.y : box.y + box.height / 2, thickness };
        const path = bandPath(from, { x: layout.landing, y: top + thickness / 2, thickness });
        const is_taken = shares[index] < 0;
        const strength = strengthOf(pushes[index], largest);
        return (
          <g key={index} opacity={strength}>
            <path
              class={is_taken ? "ribbon-taken ribbon-attention" : "head-ribbon"}
              d={path}
              fill={is_taken ? "none" : undefined}
            />
            <rect
              class={is_taken ? "ribbon-taken ribbon-attention" : undefined}
              x={px(layout.landing - 0.3)}
              y={px(top)}
              width={px(layout.stain)}
              height={px(thickness)}
              fill={is_taken ? "none" : "url(#river-heads-stain)"}
            />
          </g>
        );
      })}
      {is_here && block && (
        <Inside layout={layout} block={block} head={head} rows={rows} drawn={drawn} position={shown.position} />
      )}
      {is_here &&
        block &&
        Array.from(layout.thumbnails, ([index, box]) => (
          <HeadThumbnail key={index} block={block} head={index} box={box} rows={rows} />
        ))}
      <text
        class="river-small"
        x={px(layout.heads_label.x)}
        y={px(Math.max(frame.rows.top - 8, layout.heads_label.y))}
        text-anchor="end"
      >
        {t("river.n_heads", { count: n_head })}
      </text>
      <text
        class="river-small strong attention-ink"
        x={px(layout.output.x + layout.output.width / 2)}
        y={px(layout.output.y + layout.output.height + 18)}
        text-anchor="middle"
      >
        {t("river.head", { head: ordinal(head) })}
      </text>
      <text
        class="river-small mlp-ink"
        x={px(spans[layer].x + spans[layer].width - 70)}
        y={px(row.y + row.thickness / 2 + 17)}
        text-anchor="end"
      >
        {t("river.mlp")}
      </text>
    </g>
  );
}

/**
 * @param {{layout: import("../../layout/river/open_block.js").OpenBlockLayout, block: import("../../state/figures_state.js").BlockData, head: number,
 *   rows: import("../../layout/river/rows.js").Row[], drawn: number, position: number}} props
 */
function Inside({ layout, block, head, rows, drawn, position }) {
  const { state } = usePage();
  const language = state.language.value;
  const n_tokens = block.run.tokens.length;
  const pattern = useMemo(() => headOf(block, "attention_pattern", head), [block, head]);
  const by_row = useMemo(() => pattern && patternByRow(pattern, n_tokens, rows), [pattern, rows]);
  const stage = state.pattern_stage.value;
  const kv_head = servingHead(state.model_shape.value, head);
  const scores = useMemo(() => stagedScores(block, head, kv_head, stage), [block, head, stage]);
  const values = headOf(block, "value", kv_head);
  const output = headOf(block, "head_output", head);
  if (!pattern || !by_row || !values || !output) return null;
  const d_head = values.length / n_tokens;
  const limit = scaleLimit(values);
  const { output: box, cell_width } = layout;
  const vectorOf = (/** @type {Float32Array} */ data, /** @type {number} */ token) =>
    data.subarray(token * d_head, (token + 1) * d_head);
  let landed = box.y;
  return (
    <>
      <text class="river-small" x={px(layout.pattern_x - 2)} y={px(rows[0].top - 8)}>
        {t(`river.stage.${stage}`)}
      </text>
      {layout.scale > 0.8 && (
        <text class="river-small" x={px(layout.values.x)} y={px(rows[0].top - 8)}>
          {t("river.values")}
        </text>
      )}
      {rows.map((query, i) =>
        (scores ? rows : rows.slice(0, i + 1)).map((key, j) => {
          const weight = by_row[i * rows.length + j];
          const is_single = query.first === query.last && key.first === key.last;
          const score = scores && is_single ? scores[query.first * n_tokens + key.first] : null;
          const height = layout.cellHeight(i);
          const x = layout.pattern_x + j * cell_width;
          const shade = stage === "softmax" ? 0.05 + 0.95 * weight : 0.05;
          const words =
            stage === "softmax"
              ? weight > 0.045
                ? String(Math.round(weight * 100))
                : ""
              : score === null
                ? ""
                : Number.isFinite(score)
                  ? formatNumber(score, language, Math.abs(score) < 10 ? 1 : 0).replace("-", "−")
                  : "−∞";
          return (
            <g
              key={`${i}-${j}`}
              class="pattern-cell"
              data-part={is_single ? `cell:${query.first}:${key.first}` : undefined}
            >
              <rect
                class="cell-ground"
                x={px(x + 0.75)}
                y={px(query.y - height / 2)}
                width={px(cell_width - 1.5)}
                height={px(height)}
                rx={cell_width > 20 ? 5 : 2}
              />
              <rect
                class="cell-weight"
                x={px(x + 0.75)}
                y={px(query.y - height / 2)}
                width={px(cell_width - 1.5)}
                height={px(height)}
                rx={cell_width > 20 ? 5 : 2}
                fill-opacity={(i === drawn ? 1 : 0.6) * shade}
              />
              {cell_width > 24 && words && (
                <text
                  class={weight > 0.5 && i === drawn && stage === "softmax" ? "cell-words on" : "cell-words"}
                  x={px(x + cell_width / 2)}
                  y={px(query.y + 4.5)}
                  text-anchor="middle"
                >
                  {words}
                </text>
              )}
            </g>
          );
        }),
      )}
      {rows.map(
        (row, i) =>
          layout.scale > 0.8 &&
          i !== drawn &&
          row.first === row.last && (
            <text key={i} class="river-small" x={px(layout.pattern_x + (i + 1) * cell_width + 6)} y={px(row.y + 4.5)}>
              {nameOf(block.run.tokens[row.first].label).slice(0, 9)}
            </text>
          ),
      )}
      <rect
        class="pattern-row"
        rx="8"
        x={px(layout.pattern_x - 3)}
        y={px(rows[drawn].y - layout.cellHeight(drawn) / 2 - 3)}
        width={px(cell_width * (drawn + 1) + 6)}
        height={px(layout.cellHeight(drawn) + 6)}
      />
      {rows.slice(0, drawn + 1).map((row, j) => {
        const weight = by_row[drawn * rows.length + j];
        const thickness = weight * box.height;
        const from = {
          x: layout.values.x + layout.values.width,
          y: row.y,
          thickness: Math.min(thickness, layout.values.height),
        };
        const path = bandPath(from, { x: box.x, y: landed + thickness / 2, thickness });
        landed += thickness;
        return (
          <g key={j}>
            <path class="value-ribbon" d={path} opacity={0.18 + 0.5 * Math.min(1, weight * 1.3)} />
            {row.first === row.last && (
              <g opacity={0.3 + 0.7 * Math.min(1, weight * 2 + 0.1)} data-part="section:qkv">
                <StripCells
                  values={vectorOf(values, row.first)}
                  x={layout.values.x}
                  y={row.y - layout.values.height / 2}
                  width={layout.values.width}
                  height={layout.values.height}
                  limit={limit}
                  role="value"
                />
              </g>
            )}
          </g>
        );
      })}
      <rect
        class="cell-ground"
        x={px(box.x - 3)}
        y={px(box.y - 3)}
        width={px(box.width + 6)}
        height={px(box.height + 6)}
        rx="6"
      />
      <StripCells
        values={vectorOf(output, position)}
        x={box.x}
        y={box.y}
        width={box.width}
        height={box.height}
        limit={scaleLimit(vectorOf(output, position))}
        role="value"
      />
    </>
  );
}

/**
 * A head's numbers out of a block's tensor. @param {import("../../state/figures_state.js").BlockData} block @param {string} name @param {number} head
 * @returns {Float32Array | null}
 */
function headOf(block, name, head) {
  const tensor = block.tensors.get(name);
  if (!tensor || head >= tensor.shape[0]) return null;
  const size = tensor.shape[1] * tensor.shape[2];
  return tensor.data.subarray(head * size, (head + 1) * size);
}

/**
 * Scores before softmax [query, key], whole: products of query and key, divided by the root of d_head, later keys put out.
 * @param {import("../../state/figures_state.js").BlockData} block @param {number} head @param {number} kv_head that serves it
 * @param {import("../../state/river_state.js").PatternStage} stage
 */
function stagedScores(block, head, kv_head, stage) {
  const [query, key] = [headOf(block, "query", head), headOf(block, "key", kv_head)];
  if (stage === "softmax" || !query || !key) return null;
  const n_tokens = block.run.tokens.length;
  const d_head = query.length / n_tokens;
  const divisor = stage === "products" ? 1 : Math.sqrt(d_head);
  return Float64Array.from({ length: n_tokens * n_tokens }, (_, cell) => {
    const [i, j] = [Math.floor(cell / n_tokens), cell % n_tokens];
    if (stage === "masked" && j > i) return -Infinity;
    let sum = 0;
    for (let at = 0; at < d_head; at++) sum += query[i * d_head + at] * key[j * d_head + at];
    return sum / divisor;
  });
}

/**
 * @param {{block: import("../../state/figures_state.js").BlockData, head: number, box: import("../../layout/river/open_block.js").Box,
 *   rows: import("../../layout/river/rows.js").Row[]}} props
 */
function HeadThumbnail({ block, head, box, rows }) {
  const n_tokens = block.run.tokens.length;
  const cells = useMemo(() => {
    const pattern = headOf(block, "attention_pattern", head);
    if (!pattern) return [];
    const by_row = patternByRow(pattern, n_tokens, rows);
    const strongest = [];
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j <= i; j++)
        if (by_row[i * rows.length + j] > 0.08) strongest.push({ i, j, weight: by_row[i * rows.length + j] });
    }
    return strongest;
  }, [block, head, rows]);
  const size = box.width / rows.length;
  return (
    <g class="head-thumbnail" data-part={`head:${head}`}>
      <title>{t("river.head", { head: ordinal(head) })}</title>
      <rect
        class="thumbnail-ground"
        x={px(box.x - 1)}
        y={px(box.y - 1)}
        width={px(box.width + 2)}
        height={px(box.height + 2)}
        rx="3"
      />
      {cells.map(({ i, j, weight }) => (
        <rect
          key={`${i}-${j}`}
          class="cell-weight"
          x={px(box.x + j * size)}
          y={px(box.y + i * size)}
          width={px(size + 0.2)}
          height={px(size + 0.2)}
          fill-opacity={weight}
        />
      ))}
      <text class="river-small" x={px(box.x - 6)} y={px(box.y + box.height / 2 + 4.5)} text-anchor="end">
        {ordinal(head)}
      </text>
      <rect
        x={px(box.x - 20)}
        y={px(box.y - 2)}
        width={px(box.width + 22)}
        height={px(box.height + 4)}
        fill="transparent"
      />
    </g>
  );
}
