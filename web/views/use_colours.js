import { useEffect, useState } from "preact/hooks";
import { usePage } from "./page_context.js";

const SCHEMES = ["(prefers-color-scheme: dark)", "(forced-colors: active)", "print"];

/** A value that changes with the page's colours, for what is drawn on a canvas. */
export function useColours() {
  const theme = usePage().state.theme.value;
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const queries = SCHEMES.map((scheme) => matchMedia(scheme));
    const onChange = () => setChanges((count) => count + 1);
    for (const query of queries) query.addEventListener("change", onChange);
    return () => {
      for (const query of queries) query.removeEventListener("change", onChange);
    };
  }, []);
  return `${theme} ${changes}`;
}
