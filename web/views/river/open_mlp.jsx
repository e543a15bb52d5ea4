import { useMemo } from "preact/hooks";
import { formatNumber, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { barsFromZero } from "../../layout/bars.js";
import { curveLayout } from "../../layout/curve.js";
import { strengthOf } from "../../layout/river/marks.js";
import { closingTenths, mlpLayout, mostActive, writerLandings, writersOf } from "../../layout/river/open_mlp.js";
import { bandPath, px } from "../../layout/river/ribbons.js";
import { scaleLimit } from "../../layout/strip.js";
import { kindOf } from "../../state/kinds.js";
import { usePage } from "../page_context.js";
import { itemOf } from "./open_item.js";
import { Stem } from "./sheet_row.jsx";
import { VectorSheet } from "./vector_sheet.jsx";

/** An open MLP: what it reads, its neurons and their bend, what the strongest and all others write. @param {import("./sheet_props.js").InsideProps} props */
export function OpenMlp({ opened: { data }, shown, row, stage, width, largest, opened }) {
  const { state } = usePage();
  const language = state.language.value;
  const has_bias = data.bias_write !== 0;
  const { after, before } = { after: data.after.data, before: data.before.data };
  const layout = mlpLayout(stage, width, { n_embd: data.normed.data.length, d_mlp: after.length, has_bias });
  const { normed, hidden, lines, columns } = layout;
  const named = useMemo(() => mostActive(after, layout.n_named), [after, layout.n_named]);
  const writers = useMemo(
    () => writersOf({ ...data, after, writes: data.writes.data, has_bias }, named),
    [data, layout.n_named],
  );
  const bars = barsFromZero(writers.map(({ activation }) => activation ?? 0));
  const most = useMemo(() => Math.max(...after.map(Math.abs), 1e-6), [after]);
  const limit = useMemo(() => scaleLimit(data.normed.data), [data]);
  const item = itemOf(opened, state.open_item.value);
  const total = shown.data.mlp_share[opened.part.layer ?? 0];
  const tenths = closingTenths(
    writers.map(({ share }) => share),
    total,
  );
  const strength = strengthOf(shown.data.mlp_push[opened.part.layer ?? 0], largest);
  const edge = row.y + (stage.side * row.thickness) / 2;
  const caption = (/** @type {typeof normed} */ { y, sheet }) =>
    stage.side < 0 || stage.is_slim ? y - 6 : y + sheet.height + 15;
  const kind = kindOf(state.model_shape.value, "mlp");
  return (
    <>
      {stage.is_slim ? <SlimStem from={edge} normed={normed} /> : <Stem edge={edge} placed={normed} stage={stage} />}
      <path class="mlp-fan" data-part="section:mlp" d={fan(sides(normed).right, sides(hidden).left)} />
      {!stage.is_slim && (
        <path
          class="mlp-fan"
          d={fan(sides(hidden).right, {
            x: columns.label - 44,
            top: lines[0].y - lines[0].pitch / 2,
            bottom: lines[lines.length - 1].y + lines[0].pitch / 2,
          })}
        />
      )}
      <VectorSheet values={data.normed.data} limit={limit} placed={normed} role="stream" />
      <VectorSheet values={after} limit={most} placed={hidden} role="mlp" pointed={item} is_open />
      <text class="river-small" x={px(normed.x)} y={px(caption(normed))}>
        {stage.is_slim ? data.normed.data.length : t("river.inside.normed", { count: data.normed.data.length })}
      </text>
      <text class="river-small" x={px(hidden.x)} y={px(caption(hidden))}>
        {stage.is_slim
          ? formatNumber(after.length, language)
          : t("river.inside.neurons", { count: after.length, formatted: formatNumber(after.length, language) })}
      </text>
      {layout.curve && (
        <Bend
          box={layout.curve}
          curve={data.curve}
          before={before}
          named={named}
          item={item}
          is_gate={Boolean(data.up)}
        />
      )}
      {writerLandings(writers, row, stage.side).map(({ index, top, thickness }) => {
        const is_taken = writers[index].share < 0;
        const from = {
          x: columns.right,
          y: lines[index].y,
          thickness: Math.min(thickness, lines[index].pitch * 0.8),
        };
        const d = bandPath(from, { x: layout.landing, y: top + thickness / 2, thickness });
        const is_lit = writers[index].index === item;
        return (
          <g key={index} opacity={is_lit ? 1 : strength}>
            <path
              class={is_taken ? "ribbon-taken ribbon-mlp" : "mlp-ribbon"}
              d={d}
              fill={is_taken ? "none" : undefined}
            />
            <rect
              class={is_taken ? "ribbon-taken ribbon-mlp" : "mlp-ribbon stain"}
              x={px(layout.landing - 0.3)}
              y={px(top)}
              width={px(layout.stain)}
              height={px(thickness)}
              fill={is_taken ? "none" : undefined}
            />
          </g>
        );
      })}
      {!stage.is_slim && (
        <text class="river-small" x={px(columns.label)} y={px(layout.head_y)} text-anchor="end">
          {t("river.inside.neuron")}
        </text>
      )}
      <text class="river-small" x={px(columns.bar.x)} y={px(layout.head_y)}>
        {t("river.inside.active", kind)}
      </text>
      <text class="river-small" x={px(columns.share)} y={px(layout.head_y)} text-anchor="end">
        {t("river.inside.writes")}
      </text>
      {writers.map((writer, line) => {
        const { start, length } = bars.spans[line];
        const { y, pitch } = lines[line];
        return (
          <g
            key={line}
            class={writer.index === item ? "writer on" : "writer"}
            data-part={writer.index === null ? undefined : `item:${writer.index}`}
          >
            <rect
              x={px(columns.label - 44)}
              y={px(y - pitch / 2)}
              width={px(columns.right - columns.label + 44)}
              height={px(pitch)}
              fill="transparent"
            />
            {writer.kind === "neuron" ? (
              <>
                <text class="river-small" x={px(columns.label)} y={px(y + 4.5)} text-anchor="end">
                  {formatNumber(ordinal(writer.index ?? 0), language)}
                </text>
                <rect
                  class="mlp-bar"
                  x={px(columns.bar.x + start * columns.bar.width)}
                  y={px(y - pitch * 0.28)}
                  width={px(Math.max(1, length * columns.bar.width))}
                  height={px(pitch * 0.56)}
                />
                {columns.activation !== null && (
                  <text class="river-small" x={px(columns.activation)} y={px(y + 4.5)} text-anchor="end">
                    {formatValue(writer.activation ?? 0, language, 3)}
                  </text>
                )}
              </>
            ) : (
              <text class="river-small" x={px(stage.is_slim ? stage.x : columns.bar.x)} y={px(y + 4.5)}>
                {writer.kind === "bias"
                  ? t("river.inside.bias")
                  : t("river.others", { count: writer.count, formatted: formatNumber(writer.count, language) })}
              </text>
            )}
            <text class="river-small strong" x={px(columns.share)} y={px(y + 4.5)} text-anchor="end">
              {percent(tenths[line], language)}
            </text>
          </g>
        );
      })}
      <line
        class="mlp-zero"
        x1={px(columns.bar.x + bars.zero * columns.bar.width)}
        x2={px(columns.bar.x + bars.zero * columns.bar.width)}
        y1={px(lines[0].y - lines[0].pitch / 2)}
        y2={px(lines[named.length - 1].y + lines[0].pitch / 2)}
      />
      <text
        class="river-small strong mlp-ink"
        x={px(width - 14)}
        y={px(row.y + row.thickness / 2 + (stage.side < 0 ? 17 : -row.thickness - 7))}
        text-anchor="end"
      >
        {t("river.inside.total", { share: percent(Math.round(total * 1000), language) })}
      </text>
    </>
  );
}

/** @param {number} tenths of a percent @param {import("../../state/types.js").Language} language */
const percent = (tenths, language) =>
  `${tenths < 0 ? "\u2212" : ""}${formatNumber(Math.abs(tenths) / 10, language, 1)}\u00a0%`;

/** On a phone, past the bars. @param {{from: number, normed: import("../../layout/river/open_mlp.js").Placed}} props */
function SlimStem({ from, normed: { x, y, sheet } }) {
  const middle = y + sheet.height / 2;
  return <path class="sheet-stem" d={`M1,${px(from)}V${px(middle - 3)}H${px(x)}V${px(middle + 3)}H6V${px(from)}Z`} />;
}

/**
 * The bend with every neuron's place below it and the named ones on it.
 * @param {{box: {x: number, y: number, width: number, height: number}, curve: {inputs: Float32Array, outputs: Float32Array},
 *   before: Float32Array, named: number[], item: number, is_gate: boolean}} props
 */
function Bend({ box, curve, before, named, item, is_gate }) {
  const language = usePage().state.language.value;
  const { path, x, y } = useMemo(
    () => curveLayout(curve.inputs, curve.outputs, box, 14),
    [curve, box.width, box.height],
  );
  const bent = useMemo(() => bendOf(curve), [curve]);
  const ticks = useMemo(
    () => Array.from(before, (value) => `M${px(x(value))},${px(y(0) + 3)}v5`).join(""),
    [before, x],
  );
  const [first, last] = [curve.inputs[0], curve.inputs[curve.inputs.length - 1]];
  const value = before[item];
  return (
    <g transform={`translate(${px(box.x)} ${px(box.y)})`}>
      <path
        class="bend-axis"
        d={`M${px(x(first))},${px(y(0))}H${px(x(last))}M${px(x(0))},${px(y(0))}V${px(y(bent(last)))}`}
      />
      <path class="bend-ticks" d={ticks} />
      <path class="bend-line" d={path} />
      {named.map((index) => (
        <circle key={index} class="bend-dot" cx={px(x(before[index]))} cy={px(y(bent(before[index])))} r="2.5" />
      ))}
      <path class="bend-guide" d={`M${px(x(value))},${px(y(0))}V${px(y(bent(value)))}H${px(x(0))}`} />
      <circle class="bend-point" cx={px(x(value))} cy={px(y(bent(value)))} r="4.5" />
      <text class="river-small strong" x={px(x(first))} y="13">
        {t(is_gate ? "section_mlp_silu" : "section_mlp_gelu")}
      </text>
      {box.width > 150 && (
        <text class="river-small" x={px(x(first))} y="30">
          {`${formatValue(value, language, 3)} → ${formatValue(bent(value), language, 3)}`}
        </text>
      )}
    </g>
  );
}

/** The curve between its points. @param {{inputs: Float32Array, outputs: Float32Array}} curve */
function bendOf({ inputs, outputs }) {
  const last = inputs.length - 1;
  const step = (inputs[last] - inputs[0]) / last;
  return (/** @type {number} */ value) => {
    const at = Math.max(0, Math.min(last, (value - inputs[0]) / step));
    const low = Math.min(last - 1, Math.floor(at));
    return outputs[low] + (outputs[low + 1] - outputs[low]) * (at - low);
  };
}

/** @param {import("../../layout/river/open_mlp.js").Placed} placed */
const sides = ({ x, y, sheet }) => ({
  left: { x, top: y, bottom: y + sheet.height },
  right: { x: x + sheet.width, top: y, bottom: y + sheet.height },
});

/** @param {{x: number, top: number, bottom: number}} from @param {{x: number, top: number, bottom: number}} to */
const fan = (from, to) =>
  `M${px(from.x)},${px(from.top)}L${px(to.x)},${px(to.top)}V${px(to.bottom)}L${px(from.x)},${px(from.bottom)}Z`;
