import { t } from "../i18n/translate.js";
import { ModelTransfer } from "./model_transfer.jsx";
import { usePage } from "./page_context.js";

/** What loads a model and answers with it; while it is on its way, how far it is. @param {{model: import("../state/types.js").Model}} props */
export function ModelLoad({ model }) {
  const { actions } = usePage();
  if (model.state === "loading" || model.state === "paused") return <ModelTransfer model={model} />;
  return (
    <button type="button" onClick={() => actions.useModel(model.name)}>
      {t(`models.act.${model.state}`)}
    </button>
  );
}
