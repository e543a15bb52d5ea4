import { useEffect } from "preact/hooks";
import { formatMegabytes, formatNumber } from "../format.js";
import { t } from "../i18n/translate.js";
import { usePage } from "./page_context.js";
import { ProblemLine } from "./problem_line.jsx";

// The page keeps itself and Python by itself, after it has become live.
const LOOK_MS = 2000;

/** In the models dialog: what would be there without a network, part by part, and how the model runs here. */
export function OfflinePart() {
  const { state, actions } = usePage();
  const { kept, busy, problem, threads } = state.offline.value;
  const models = state.models.value;
  const is_site_kept = kept?.parts.slice(0, 2).every(isKept) ?? false;
  useEffect(() => void actions.checkOffline(), [models]);
  useEffect(() => {
    if (is_site_kept || busy) return undefined;
    const looking = setInterval(actions.checkOffline, LOOK_MS);
    return () => clearInterval(looking);
  }, [is_site_kept, busy]);
  return (
    <section class="offline" aria-labelledby="offline-title">
      <h3 id="offline-title">{t("offline.title")}</h3>
      {kept && (kept.is_possible ? <Parts kept={kept} busy={busy} /> : <p>{t("offline.impossible")}</p>)}
      {problem && <ProblemLine problem={problem} />}
      {threads !== null && <p>{t(`offline.${threadWords(threads)}`, { threads })}</p>}
    </section>
  );
}

/** @param {import("../keeping.js").Part} part */
const isKept = ({ kept_bytes, total_bytes }) => kept_bytes >= total_bytes;

/** @param {number} threads */
function threadWords(threads) {
  if (threads > 1) return "threads";
  return globalThis.crossOriginIsolated ? "one_core" : "one_thread";
}

/** @param {{kept: import("../keeping.js").Kept, busy: string | null}} props */
function Parts({ kept, busy }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const is_whole = kept.parts.every(isKept);
  return (
    <>
      <p role="status">{t(is_whole ? "offline.ready" : "offline.not_ready")}</p>
      <ul class="model-list">
        {kept.parts.map((part) => (
          <PartRow key={part.name} part={part} busy={busy} />
        ))}
      </ul>
      {kept.room && (
        <p>
          {t("offline.room", {
            used: formatMegabytes(kept.room.used_bytes, language),
            left: formatNumber(Math.round((kept.room.total_bytes - kept.room.used_bytes) / 1e6), language),
          })}{" "}
          {t(kept.is_persistent ? "offline.persistent" : "offline.clearable")}
        </p>
      )}
      <button type="button" class="quiet" disabled={busy !== null} onClick={() => actions.emptyAll()}>
        {t("offline.empty")}
      </button>
    </>
  );
}

/** @param {{part: import("../keeping.js").Part, busy: string | null}} props */
function PartRow({ part, busy }) {
  const { state, actions } = usePage();
  const language = state.language.value;
  const is_kept = isKept(part);
  const name =
    state.models.value.find((model) => model.name === part.name)?.display_name ?? t(`offline.part.${part.name}`);
  return (
    <li class="model-row" data-part={part.name} data-kept={String(is_kept)}>
      <div>
        <strong>{name}</strong>
        <span class="model-row-state">
          {t(is_kept ? "offline.kept" : busy === part.name ? "offline.keeping" : "offline.missing", {
            kept: formatMegabytes(part.kept_bytes, language),
            total: formatMegabytes(part.total_bytes, language),
          })}
        </span>
      </div>
      {!is_kept && (
        <button
          type="button"
          disabled={busy !== null}
          aria-label={t("offline.keep_named", { name })}
          onClick={() => actions.keepForOffline(part.name)}
        >
          {t("offline.keep")}
        </button>
      )}
    </li>
  );
}
