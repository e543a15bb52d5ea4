import { t } from "../i18n/translate.js";

/**
 * Where a saved figure comes from, written into its file.
 * @param {import("./page_context.js").Page} page @returns {Record<"model" | "text" | "version", string>}
 */
export const originOf = ({ state, selectors }) => ({
  model: selectors.model.value?.display_name ?? state.model_name.value ?? "",
  text: state.run.value?.text ?? "",
  version: `${t("name")} ${VERSION}`,
});
