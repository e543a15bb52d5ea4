import { formatValue, ordinal } from "../../format.js";
import { t } from "../../i18n/translate.js";
import { ledgerOf } from "../../layout/river/ledger.js";
import { isSamePart, partAt } from "../../layout/river/parts.js";
import { strongestHead } from "../../layout/river/sources.js";
import { usePage } from "../page_context.js";
import { nameOf } from "./names.js";

const NAMED = 9;

/** Why this answer: every part of the river with what it adds to the answer's lead; together they are the lead. */
export function Why() {
  const { state, actions } = usePage();
  const river = state.river.value;
  if (!river) return null;
  const language = state.language.value;
  const { data, labels, run, position } = river;
  const { parts, rest, n_rest, lead } = ledgerOf(data, NAMED);
  const largest = Math.max(...parts.map(({ push }) => Math.abs(push)), Math.abs(rest), 1e-9);
  const answer = nameOf(labels.get(data.answer) ?? "");
  const rival = data.rival === null ? null : nameOf(labels.get(data.rival) ?? "");
  const number = (/** @type {number} */ push) =>
    `${push > 0 ? "+" : ""}${formatValue(push, language, Math.abs(push) < 1 ? 2 : 3)}`;
  const candidates = (state.prediction.value?.candidates ?? [])
    .filter(({ token_id }) => token_id !== data.answer)
    .slice(0, 12);

  /** @param {import("../../layout/river/ledger.js").Part} part */
  const name = (part) => {
    if (part.kind === "attention")
      return t("river.part.attention", { source: nameOf(run.tokens[part.source].label), block: ordinal(part.layer) });
    if (part.kind === "mlp" || part.kind === "patch")
      return t(`river.part.${part.kind}`, { block: ordinal(part.layer) });
    return t(`river.part.${part.kind}`, { token: nameOf(run.tokens[position].label) });
  };
  /** @param {import("../../layout/river/parts.js").OpenPart} part */
  const openOnce = (part) => {
    if (!isSamePart(part, state.open_part.peek())) actions.openPart(part);
  };
  /** @param {import("../../layout/river/ledger.js").Part} part */
  const open = (part) => {
    if (part.kind === "attention") {
      openOnce({ kind: "attention", layer: part.layer });
      actions.selectHead(strongestHead(data, part.layer, part.source));
    } else if (part.kind === "mlp") {
      openOnce({ kind: "mlp", layer: part.layer });
    } else if (part.kind === "patch") actions.openTab("changes");
    else openOnce(partAt(part.kind === "biases" ? "unembedding" : "embedding", 0));
  };
  /** @param {import("../../layout/river/ledger.js").Part} part */
  const lit = (part) =>
    part.kind === "attention"
      ? { kind: part.kind, layer: part.layer, source: part.source }
      : part.kind === "mlp"
        ? { kind: part.kind, layer: part.layer, source: null }
        : null;

  return (
    <section class="why" aria-labelledby="why-title">
      <div class="why-head">
        <h2 id="why-title">
          {rival === null
            ? t("river.why.title", { answer, lead: number(lead) })
            : t("river.why.title_rival", { answer, rival, lead: number(lead) })}
        </h2>
        <label class="choice">
          <span>{t("river.why.against")}</span>
          <select
            value={data.rival ?? ""}
            onChange={(event) =>
              actions.holdAgainst(event.currentTarget.value === "" ? null : Number(event.currentTarget.value))
            }
          >
            <option value="">{t("river.why.mean")}</option>
            {candidates.map(({ token_id, label }) => (
              <option key={token_id} value={token_id}>
                {nameOf(label)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="hint">{t("river.why.intro")}</p>
      <ol class="ledger">
        {parts.map((part, index) => (
          <li key={index}>
            <button
              type="button"
              onPointerEnter={() => actions.lightPart(lit(part))}
              onPointerLeave={() => actions.lightPart(null)}
              onFocus={() => actions.lightPart(lit(part))}
              onBlur={() => actions.lightPart(null)}
              onClick={() => open(part)}
            >
              <span class="part-name">{name(part)}</span>
              <Bar push={part.push} largest={largest} kind={part.kind} />
              <span class="part-push">{number(part.push)}</span>
            </button>
          </li>
        ))}
        <li class="ledger-rest">
          <span class="part-name">{t("river.why.rest", { count: n_rest })}</span>
          <Bar push={rest} largest={largest} kind="rest" />
          <span class="part-push">{number(rest)}</span>
        </li>
        <li class="ledger-sum">
          <span class="part-name">
            {rival === null ? t("river.why.sum", { answer }) : t("river.why.sum_rival", { answer, rival })}
          </span>
          <span />
          <span class="part-push">{number(lead)}</span>
        </li>
      </ol>
    </section>
  );
}

/** From zero to the right what speaks for the answer, to the left what speaks against it. @param {{push: number, largest: number, kind: string}} props */
function Bar({ push, largest, kind }) {
  const share = Math.abs(push) / largest / 2;
  const side = push < 0 ? { right: "50%" } : { left: "50%" };
  return (
    <span class="part-bar" aria-hidden="true">
      <span
        class={`part-length part-${kind} ${push < 0 ? "against" : ""}`}
        style={{ ...side, width: `${share * 100}%` }}
      />
    </span>
  );
}
