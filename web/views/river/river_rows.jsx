import { t } from "../../i18n/translate.js";
import { px } from "../../layout/river/ribbons.js";
import { nameOf } from "./names.js";

/**
 * The tokens' rivers and their names, quiet where the chosen one took little.
 * @param {import("./sheet_props.js").SheetProps & {reached: string | undefined, quiet?: number}} props reached: the clip of a new token's wave; quiet: how far
 *   the other rivers step back
 */
export function RiverRows({ base, frame, rows, drawn, reached, quiet = 1 }) {
  const end = frame.river.x + frame.river.width;
  const start = frame.labels.x + 12;
  // The chosen one last, over all others.
  const order = rows.map((_, index) => index).sort((a, b) => rows[a].emphasis - rows[b].emphasis);
  return (
    <>
      {order.map((index) => {
        const { y, thickness, kind, emphasis } = rows[index];
        const strength = kind === "chosen" || index === drawn ? 1 : 0.12 + 0.6 * emphasis;
        return (
          <g key={index} opacity={index === drawn ? 1 : quiet}>
            <rect
              class="river-bed"
              x={start}
              y={px(y - thickness / 2)}
              width={px(end - start + (kind === "chosen" ? 14 : 0))}
              height={px(thickness)}
              rx="1"
            />
            <rect
              class="river-water"
              clip-path={kind === "chosen" ? reached : undefined}
              x={start}
              y={px(y - thickness / 2)}
              width={px(end - start + (kind === "chosen" ? 14 : 0))}
              height={px(thickness)}
              rx="1"
              opacity={strength}
            />
          </g>
        );
      })}
      {rows.map((row, index) => {
        const is_strong = row.kind === "chosen" || row.kind === "source" || index === drawn;
        const size = Math.max(10, Math.min(row.kind === "chosen" ? 18 : 16.5, row.height * 0.72));
        const name =
          row.first === row.last
            ? nameOf(base.run.tokens[row.first]?.label ?? "")
            : t("river.band", { count: row.last - row.first + 1 });
        return (
          <g
            key={`name-${index}`}
            class="river-row"
            data-part={row.first === row.last ? `token:${row.first}` : undefined}
          >
            <rect x="0" y={px(row.top)} width={px(end)} height={px(row.height)} fill="transparent" />
            <text
              class={`river-name ${is_strong ? "strong" : ""} ${row.kind === "band" ? "band" : ""} ${reached && row.kind === "chosen" ? "new" : ""}`}
              x={frame.labels.x}
              y={px(row.y + size * 0.35)}
              text-anchor="end"
              style={{ fontSize: `${size}px` }}
            >
              {shorten(name, frame.labels.width / (size * 0.56))}
            </text>
          </g>
        );
      })}
    </>
  );
}

/** @param {string} name @param {number} most characters */
const shorten = (name, most) => (name.length > most ? `${name.slice(0, Math.max(1, Math.floor(most) - 1))}…` : name);
