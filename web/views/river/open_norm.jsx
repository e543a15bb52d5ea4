import { useMemo } from "preact/hooks";
import { formatValue } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { px } from "../../layout/river/ribbons.js";
import { axisOf, sheetsLayout } from "../../layout/river/sheets.js";
import { kindOf } from "../../state/kinds.js";
import { usePage } from "../page_context.js";
import { itemOf, linesOfNumber } from "./open_item.js";
import { SheetRow, Stem } from "./sheet_row.jsx";

const AXIS_PX = 46;

/** A norm: the stream's numbers before, to a standard size, times the gain, plus the bias. @param {import("./sheet_props.js").InsideProps} props */
export function OpenNorm({ opened, row, stage }) {
  const { state } = usePage();
  const { data } = opened;
  const language = state.language.value;
  const item = itemOf(opened, state.open_item.value);
  const parts = [
    { caption: t("river.inside.before"), values: data.input.data },
    { caption: t("river.inside.normed_short"), values: data.normed.data, sign: "→" },
    { caption: t("river.inside.gain"), values: data.gain.data, sign: "×" },
    ...(data.bias ? [{ caption: t("river.inside.bias"), values: data.bias.data, sign: "+" }] : []),
    { caption: t("river.inside.result"), values: data.output.data, sign: "=" },
  ];
  const words = linesOfNumber(opened, item, language, stage.is_slim);
  const layout = sheetsLayout(stage, data.input.data.length, parts.length, words.length);
  const edge = row.y + (stage.side * row.thickness) / 2;
  return (
    <>
      {(!stage.is_slim || stage.side > 0) && <Stem edge={edge} placed={layout.sheets[0]} stage={stage} />}
      <SheetRow layout={layout} parts={parts} item={item} words={words} />
      <Scatter data={data} stage={stage} free={layout.free} item={item} />
    </>
  );
}

/**
 * All numbers on one axis, before and after: where their middle and their spread are.
 * @param {{data: any, stage: import("../../layout/river/stage.js").Stage, free: {top: number, bottom: number}, item: number}} props
 */
function Scatter({ data, stage, free, item }) {
  const { state } = usePage();
  const language = state.language.value;
  const kind = kindOf(state.model_shape.value, "layer_norm");
  const place = useMemo(() => axisOf([data.input.data, data.normed.data], stage), [data, stage]);
  const spread = Math.sqrt(data.variance + data.epsilon);
  const rows = [
    { values: data.input.data, mean: data.mean ?? 0, spread, words: "river.inside.spread_before" },
    { values: data.normed.data, mean: 0, spread: 1, words: "river.inside.spread_after" },
  ];
  const ticks = useMemo(
    () => rows.map(({ values }) => Array.from(values, (value) => `M${px(place(value))},-7v14`).join("")),
    [data, place],
  );
  const room = free.bottom - free.top;
  if (room < 2 * AXIS_PX) return null;
  const pitch = Math.min(78, room / 2);
  const first = free.top + (room - 2 * pitch) / 2 + 30;
  return (
    <>
      {rows.map(({ values, mean, spread: width, words }, index) => (
        <g key={words} transform={`translate(0 ${px(first + index * pitch)})`}>
          <text class="river-small" x={stage.x} y="-15">
            {t(words, { ...kind, mean: formatValue(mean, language, 3), spread: formatValue(width, language, 3) })}
          </text>
          <path class="bend-axis" d={`M${px(stage.x)},0H${px(stage.x + stage.width)}`} />
          <path class="number-ticks" d={ticks[index]} />
          <path
            class="number-spread"
            d={`M${px(place(mean - width))},11H${px(place(mean + width))}M${px(place(mean))},8v6`}
          />
          <path class="number-looked-at" d={`M${px(place(values[item]))},-9v18`} />
        </g>
      ))}
    </>
  );
}
