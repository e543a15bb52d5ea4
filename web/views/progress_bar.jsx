import { formatMegabytes } from "../format.js";
import { t } from "../i18n/translate.js";
import { usePage } from "./page_context.js";

/** @param {{label: string, loaded_bytes: number, total_bytes: number}} props */
export function ProgressBar({ label, loaded_bytes, total_bytes }) {
  const { state } = usePage();
  const language = state.language.value;
  const share = total_bytes > 0 ? Math.min(1, loaded_bytes / total_bytes) : 0;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={t("megabytes_of", {
        loaded: formatMegabytes(loaded_bytes, language),
        total: formatMegabytes(total_bytes, language),
      })}
    >
      <div class="progress-done" style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
