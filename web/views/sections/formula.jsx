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
 * @param {{tex: string}} props
 */
export function Formula({ tex }) {
  const [is_ready, setReady] = useState(loaded !== null);
  useEffect(() => {
    let is_here = true;
    if (!is_ready) load().then(() => is_here && setReady(true), () => {});
    return () => {
      is_here = false;
    };
  }, [is_ready]);
  const html = useMemo(
    () => (is_ready && loaded ? loaded.renderToString(tex, { output: "mathml", displayMode: true, throwOnError: false }) : ""),
    [tex, is_ready],
  );
  // Letters and numbers only: what comes from a text never stands in a formula.
  return <div class="formula" dangerouslySetInnerHTML={{ __html: html }} />;
}
