import { useMemo } from "preact/hooks";
import { formatNumber, formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { barsFromZero } from "../../layout/bars.js";
import { px } from "../../layout/river/ribbons.js";
import { sheetsLayout } from "../../layout/river/sheets.js";
import { scaleLimit } from "../../layout/strip.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";
import { candidateRow, itemOf, linesOfNumber } from "./open_item.js";
import { SheetRow, Stem } from "./sheet_row.jsx";

const SUM_PX = { wide: 144, slim: 58 };
// From the river's own beginning to the part.
const BEFORE_PX = { wide: 23, slim: 7 };
const LINE_PX = { least: 16, most: 23 };
const LABEL_PX = { wide: 104, slim: 78 };
const VALUE_PX = 52;

/** The row of the token, the row of its place where there is one: their sum is where the river begins. @param {import("./sheet_props.js").InsideProps} props */
export function OpenEmbedding({ opened, row, stage }) {
  const { state } = usePage();
  const { data, run, position } = opened;
  const language = state.language.value;
  const item = itemOf(opened, state.open_item.value);
  const limit = useMemo(() => scaleLimit(data.sum.data), [data]);
  const token = t("river.inside.token_row", { id: formatNumber(run.tokens[position].id, language) });
  const parts = data.position
    ? [
        { caption: token, values: data.token.data, limit },
        {
          caption: t("river.inside.position_row", { position: ordinal(position) }),
          values: data.position.data,
          limit,
          sign: "+",
        },
        { caption: t("river.inside.stream"), values: data.sum.data, limit, sign: "=" },
      ]
    : [{ caption: token, values: data.sum.data, limit }];
  const number = linesOfNumber(opened, item, language, stage.is_slim);
  const from = t(data.position ? "river.inside.embedding_from" : "river.inside.embedding_from_rotary", {
    id: formatNumber(run.tokens[position].id, language),
    position: ordinal(position),
  });
  const words = stage.is_slim ? number : [from, ...number];
  const size = SUM_PX[stage.is_slim ? "slim" : "wide"];
  const layout = sheetsLayout(stage, data.sum.data.length, parts.length, words.length, size);
  const last = layout.sheets[parts.length - 1];
  const before = BEFORE_PX[stage.is_slim ? "slim" : "wide"];
  const top = row.y - row.thickness / 2 - 1;
  const edge = row.y + (stage.side * row.thickness) / 2;
  return (
    <>
      <rect class="page-ground" x={-before} y={px(top)} width={px(before + 6)} height={px(row.thickness + 2)} />
      <rect class="river-not-yet" x="6" y={px(top)} width={px(last.x - 6)} height={px(row.thickness + 2)} />
      <Stem edge={edge} placed={last} stage={stage} />
      <SheetRow layout={layout} parts={parts} item={item} words={words} />
    </>
  );
}

/** The final norm, then one product of two vectors for each candidate: its logit. @param {import("./sheet_props.js").InsideProps} props */
export function OpenUnembedding({ opened, row, stage }) {
  const { state } = usePage();
  const { data, labels } = opened;
  const language = state.language.value;
  const rank = itemOf(opened, state.open_item.value);
  const embedding = candidateRow(opened, rank);
  const products = useMemo(
    () => Float32Array.from(embedding, (value, index) => value * data.normed.data[index]),
    [embedding, data],
  );
  const name = nameOf(labels[rank] ?? "");
  const parts = [
    ...(stage.is_slim ? [] : [{ caption: t("river.inside.stream"), values: data.stream.data }]),
    { caption: t("river.inside.normed_short"), values: data.normed.data, sign: stage.is_slim ? "" : "→" },
    { caption: t("river.inside.row_of", { token: shorten(name) }), values: embedding, sign: "×" },
    { caption: t("river.inside.products"), values: products, sign: "=" },
  ];
  const words = linesOfNumber(opened, rank, language, stage.is_slim);
  const layout = sheetsLayout(stage, embedding.length, parts.length, words.length);
  const edge = row.y + (stage.side * row.thickness) / 2;
  return (
    <>
      <Stem edge={edge} placed={layout.sheets[0]} stage={stage} />
      <SheetRow layout={layout} parts={parts} item={null} words={words} />
      <Logits opened={opened} stage={stage} free={layout.free} rank={rank} />
    </>
  );
}

/**
 * @param {{opened: import("../../state/river_state.js").OpenedData, stage: import("../../layout/river/stage.js").Stage,
 *   free: {top: number, bottom: number}, rank: number}} props
 */
function Logits({ opened: { data, labels }, stage, free, rank }) {
  const language = usePage().state.language.value;
  const kind = stage.is_slim ? "slim" : "wide";
  const room = free.bottom - free.top - LINE_PX.most;
  const pitch = Math.max(LINE_PX.least, Math.min(LINE_PX.most, room / labels.length));
  const count = Math.max(1, Math.min(labels.length, Math.floor(room / pitch)));
  const logits = Array.from(data.logits.subarray(0, count));
  const { zero, spans } = barsFromZero(/** @type {number[]} */ (logits));
  const bar = { x: stage.x + LABEL_PX[kind] + 10, width: stage.width - LABEL_PX[kind] - VALUE_PX - 16 };
  const top = free.top + LINE_PX.most + Math.max(0, room - count * pitch) / 2;
  return (
    <>
      <text class="river-small" x={px(bar.x)} y={px(top - 6)}>
        {t(stage.is_slim ? "river.inside.logit" : "river.inside.logits")}
      </text>
      {logits.map((logit, index) => {
        const y = top + (index + 0.5) * pitch;
        return (
          <g key={index} class={index === rank ? "writer on" : "writer"} data-part={`item:${index}`}>
            <rect x={px(stage.x)} y={px(y - pitch / 2)} width={px(stage.width)} height={px(pitch)} fill="transparent" />
            <text class="river-small" x={px(bar.x - 10)} y={px(y + 4.5)} text-anchor="end">
              {shorten(nameOf(labels[index]))}
            </text>
            <rect
              class="logit-bar"
              x={px(bar.x + spans[index].start * bar.width)}
              y={px(y - pitch * 0.26)}
              width={px(Math.max(1, spans[index].length * bar.width))}
              height={px(pitch * 0.52)}
            />
            <text class="river-small strong" x={px(stage.x + stage.width)} y={px(y + 4.5)} text-anchor="end">
              {formatValue(/** @type {number} */ (logit), language)}
            </text>
          </g>
        );
      })}
      <path class="mlp-zero" d={`M${px(bar.x + zero * bar.width)},${px(top)}v${px(count * pitch)}`} />
    </>
  );
}

/** @param {string} name */
const shorten = (name) => (name.length > 11 ? `${name.slice(0, 10)}…` : name);
