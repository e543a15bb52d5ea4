import { useEffect, useMemo, useState } from "preact/hooks";

/** @type {typeof import("katex").default | null} */
let loaded = null;
/** @type {Promise<void> | null} */
let loading = null;

/** Fetched with the first formula: the first picture needs none. */
function load() {
  loading ??= import("katex").then((katex) => {
    loaded = katex.default;
  });
  return loading;
}

/**
 * A formula as MathML, which browsers set and screen readers read by themselves.
 * @param {{parts: string[]}} props in TeX; between them a line may end
 */
export function Formula({ parts }) {
  const [is_ready, setReady] = useState(loaded !== null);
  useEffect(() => {
    let is_here = true;
    if (!is_ready)
      load().then(
        () => is_here && setReady(true),
        () => {},
      );
    return () => {
      is_here = false;
    };
  }, [is_ready]);
  const html = useMemo(
    () => parts.map((tex) => (is_ready && loaded ? setPart(loaded, tex) : "")),
    [parts.join("\n"), is_ready],
  );
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
