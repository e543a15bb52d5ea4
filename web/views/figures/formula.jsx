import { useEffect, useMemo, useState } from "preact/hooks";
import { whole } from "../../integrity/whole_fetch.js";

/** @type {typeof import("katex").default | null} */
let loaded = null;
/** @type {Promise<void> | null} */
let loading = null;

/** Fetched with the first formula: the first picture needs none. */
function load() {
  loading ??= whole("node_modules/katex/dist/katex.mjs", () => import("katex")).then(
    (katex) => {
      loaded = katex.default;
    },
    (error) => {
      // The next formula tries again.
      loading = null;
      throw error;
    },
  );
  return loading;
}

/**
 * A formula as MathML, which browsers set and screen readers read by themselves.
 * @param {{parts: string[]}} props in TeX; between them a line may end
 */
export function Formula({ parts }) {
  const tex = parts.join("\n");
  const [is_ready, setReady] = useState(loaded !== null);
  useEffect(() => {
    let is_here = true;
    const show = () => is_here && setReady(true);
    // Without it the card still says every number of the formula.
    if (!is_ready) load().then(show, () => {});
    return () => {
      is_here = false;
    };
  }, [is_ready, tex]);
  const html = useMemo(() => parts.map((part) => (is_ready && loaded ? setPart(loaded, part) : "")), [tex, is_ready]);
  // Letters and numbers only: what comes from a text never stands in a formula.
  return (
    <div class="formula">
      {html.map((part, index) => (
        <span key={index} dangerouslySetInnerHTML={{ __html: part }} />
      ))}
    </div>
  );
}

/** @param {typeof import("katex").default} katex @param {string} tex */
const setPart = (katex, tex) => katex.renderToString(tex, { output: "mathml", displayMode: true, throwOnError: false });
