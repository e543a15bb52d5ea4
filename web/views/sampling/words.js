import { formatNumber } from "../../format.js";
import { t } from "../../i18n/translate.js";

/**
 * A setting with its value, "top-p 0.95".
 * @param {import("../../state/types.js").StageName} name @param {number} value @param {import("../../state/types.js").Language} language
 */
export function settingWords(name, value, language) {
  return t("sampling.setting", { name: t(`sampling.short.${name}`), value: plainNumber(value, language) });
}

/** With the decimals that it has. @param {number} value @param {import("../../state/types.js").Language} language */
export const plainNumber = (value, language) =>
  formatNumber(value, language, (String(value).split(".")[1] ?? "").length);

/**
 * All that is set, "T 0.8 · top-p 0.95".
 * @param {Omit<import("../../state/types.js").Options, "seed">} options @param {import("../../state/types.js").Language} language
 */
export function optionsWords(options, language) {
  const names = /** @type {const} */ (["temperature", "top_k", "top_p", "min_p"]);
  return names
    .flatMap((name) => (options[name] == null ? [] : [settingWords(name, Number(options[name]), language)]))
    .join(" · ");
}
