import { useMemo, useRef, useState } from "preact/hooks";
import qrcode from "qrcode-generator";
import { t } from "../i18n/translate.js";
import { download } from "../saving/save_figure.js";
import { Dialog } from "./dialog.jsx";
import { usePage } from "./page_context.js";

// What a code of the largest size holds at the lowest correction, in bytes.
const QR_MOST = 2953;
// Light all around, so that a camera finds the code.
const QR_QUIET = 4;

/** The state of the page as an address, as a code for the projector, as a file. */
export function ShareDialog() {
  return (
    <Dialog panel="share" title={t("share.title")}>
      <Shared />
    </Dialog>
  );
}

function Shared() {
  const { actions } = usePage();
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [note, setNote] = useState("");
  const { address, is_whole } = actions.sharedAddress();

  async function copy() {
    try {
      await navigator.clipboard.writeText(address);
      setNote(t("share.copied"));
    } catch {
      // Without a secure context or leave: by hand.
      field.current?.select();
      setNote(t("share.copy_by_hand"));
    }
  }

  /** @param {Event & {currentTarget: HTMLInputElement}} event */
  async function open({ currentTarget }) {
    const file = currentTarget.files?.[0];
    currentTarget.value = "";
    if (file && !(await actions.openStateFile(file))) setNote(t("share.not_ours", { name: file.name }));
  }

  return (
    <>
      <p>{t("share.what")}</p>
      <textarea ref={field} class="share-address" aria-label={t("share.address")} readOnly rows={3} value={address} />
      {!is_whole && <p class="hint">{t("share.too_long")}</p>}
      <div class="past-tools">
        <button type="button" class="primary" onClick={copy}>
          {t("share.copy")}
        </button>
        <button type="button" onClick={() => download(actions.stateFile(), "glassbox.json")}>
          {t("share.save")}
        </button>
        <label class="share-open">
          {t("share.open")}
          <input type="file" accept=".json,application/json" onChange={open} />
        </label>
      </div>
      <p role="status">{note}</p>
      <Code address={address} />
    </>
  );
}

/** The address for a camera. @param {{address: string}} props */
function Code({ address }) {
  const modules = useMemo(() => codeOf(address), [address]);
  if (!modules) return <p class="hint">{t("share.no_code")}</p>;
  const side = modules.length + 2 * QR_QUIET;
  const dark = modules.flatMap((row, y) =>
    row.flatMap((is_dark, x) => (is_dark ? [`M${x + QR_QUIET},${y + QR_QUIET}h1v1h-1z`] : [])),
  );
  return (
    <svg class="share-code" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={t("share.code")}>
      <rect width={side} height={side} fill="#fff" />
      <path d={dark.join("")} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}

/** The modules of a QR code, dark or not; null for what none can hold. @param {string} address @returns {boolean[][] | null} */
function codeOf(address) {
  if (address.length > QR_MOST) return null;
  const code = qrcode(0, "L");
  code.addData(address, "Byte");
  code.make();
  const count = code.getModuleCount();
  return Array.from({ length: count }, (_, y) => Array.from({ length: count }, (__, x) => code.isDark(y, x)));
}
