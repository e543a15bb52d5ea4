import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/translate.js";
import { usePage } from "../page_context.js";
import { CutControls } from "./cut_controls.jsx";

/** Below the river, once a ribbon is picked: ways to cut it. Escape puts it away. */
export function CutBar() {
  const { state, actions } = usePage();
  const part = state.picked_part.value;
  const first = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const is_open = part !== null;
  // Picked by the keyboard, the next key is for it.
  useEffect(() => {
    if (is_open && document.activeElement?.matches(".river-room:focus-visible")) first.current?.focus();
  }, [is_open]);
  if (!part) return null;
  const close = () => {
    actions.pickPart(null);
    /** @type {HTMLElement | null} */ (document.querySelector(".river-room"))?.focus();
  };
  return (
    <div
      class="cut-ribbons"
      role="group"
      aria-label={t("change.bar")}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <CutControls part={part} onPart={actions.pickPart} first={first} />
      <button type="button" class="quiet" onClick={() => actions.openTab("changes")}>
        {t("change.more")}
      </button>
      <button type="button" class="quiet" onClick={close}>
        {t("close")}
      </button>
    </div>
  );
}
