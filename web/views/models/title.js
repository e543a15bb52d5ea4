import { t } from "../../i18n/translate.js";

/** Whose figure it is, and since when. @param {{display_name: string}} answer @param {boolean} is_kept */
export const titleOf = ({ display_name }, is_kept) =>
  t(is_kept ? "two_models.kept" : "two_models.present", { name: display_name });
