import { t } from "../../i18n/translate.js";
import { kindOf } from "../../state/kinds.js";
import { usePage } from "../page_context.js";

/** What the page calls a tensor of this model. @returns {(name: string) => string} */
export function useTensorWords() {
  const shape = usePage().state.model_shape.value;
  return (name) => t(`arithmetic_tensor.${name}`, kindOf(shape, name));
}
