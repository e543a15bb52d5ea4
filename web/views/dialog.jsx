import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/translate.js";
import { Icon } from "./icon.jsx";
import { usePage } from "./page_context.js";

/**
 * A panel in front of the page. The browser keeps the focus inside and closes it on Escape.
 * @param {{panel: NonNullable<import("../state/types.js").Panel>, title: string,
 *   children: import("preact").ComponentChildren}} props
 */
export function Dialog({ panel, title, children }) {
  const { state, actions } = usePage();
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const is_open = state.open_panel.value === panel;
  useEffect(() => {
    if (is_open && !element.current?.open) element.current?.showModal();
    if (!is_open && element.current?.open) element.current.close();
  }, [is_open]);
  const close = () => state.open_panel.peek() === panel && actions.openPanel(null);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the browser closes it on Escape
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={`${panel}-title`}
      onClose={close}
      onClick={(event) => event.target === element.current && close()}
    >
      {is_open && (
        <div class="dialog-body">
          <div class="dialog-head">
            <h2 id={`${panel}-title`}>{title}</h2>
            <button type="button" class="icon-button" aria-label={t("close")} onClick={close}>
              <Icon name="close" />
            </button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
