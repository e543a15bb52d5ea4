import { t } from "../../i18n/translate.js";

/**
 * A figure that is one stop of the keyboard: arrows move a cursor in it, and a line reads out where it is.
 * @param {{class: string, role: string, ids: {title: string, readout: string}, onKeyDown: (event: KeyboardEvent) => void,
 *   onEnter: () => void, onLeave: () => void, children: import("preact").ComponentChildren,
 *   room?: import("preact").Ref<HTMLDivElement>}} props
 *   `role`: key of the words for what it is; `onEnter`: the keyboard has come to it
 */
export function CursorGroup({ class: name, role, ids, onKeyDown, onEnter, onLeave, children, room }) {
  return (
    <div
      class={name}
      ref={room}
      role="group"
      tabIndex={0}
      aria-roledescription={t(role)}
      aria-labelledby={ids.title}
      aria-describedby={ids.readout}
      onKeyDown={onKeyDown}
      onFocus={(event) => event.currentTarget.matches(":focus-visible") && onEnter()}
      onBlur={onLeave}
    >
      {children}
    </div>
  );
}
