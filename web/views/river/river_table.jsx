import { formatShare, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { riverTable } from "../../layout/river/table.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";

/**
 * @param {import("../../layout/river/table.js").TableRow} row @param {import("../../state/river_state.js").River} river
 * @returns {string}
 */
export function rowName({ kind, source }, { run }) {
  return t(`river.table.${kind}`, { source: source === null ? "" : nameOf(run.tokens[source].label) });
}

/** The river in numbers: what the followed token's stream is made of after each block. */
export function RiverTable() {
  const { state } = usePage();
  const river = state.river.value;
  if (!river) return null;
  const language = state.language.value;
  const { data, labels, run, position } = river;
  const rows = riverTable(data);
  const blocks = Array.from({ length: data.n_layer }, (_, layer) => layer);
  return (
    <div class="table-room">
      <table class="numbers">
        <caption>{t("river.table.caption", { reader: nameOf(run.tokens[position].label) })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("river.table.part")}</th>
            {blocks.map((layer) => (
              <th key={layer} scope="col">
                {ordinal(layer)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              <th scope="row">{rowName(row, river)}</th>
              {row.shares.map((share, layer) => (
                <td key={layer}>{share < 0 ? `−${formatShare(-share, language)}` : formatShare(share, language)}</td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">{t("river.table.says")}</th>
            {blocks.map((layer) => (
              <td key={layer}>{nameOf(labels.get(data.guess_ids[layer + 1]) ?? "")}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
