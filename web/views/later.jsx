import { useEffect, useState } from "preact/hooks";
import { whole } from "../integrity/whole_fetch.js";
import { usePage } from "./page_context.js";

/** @typedef {typeof import("./later_parts.jsx")} LaterParts */

/**
 * Sections, arithmetic and what is to be read come after the first picture: when they are asked for, or once the model
 * is live. Where that fails the page says so, and "Try again", or asking once more, fetches them anew.
 * @param {{pick: (views: LaterParts) => () => import("preact").ComponentChildren}} props
 */
export function Later({ pick }) {
  const { state, selectors } = usePage();
  const [views, setViews] = useState(/** @type {LaterParts | null} */ (null));
  const asked = state.open_section.value ?? state.explained_cell.value ?? (state.open_panel.value === "share" || null);
  const has_problem = state.problem.value !== null;
  const is_wanted = (selectors.is_live.value || asked !== null) && !has_problem;
  useEffect(() => {
    let is_here = true;
    if (is_wanted && !views) {
      whole("views/later_parts.jsx", () => import("./later_parts.jsx")).then(
        (module) => is_here && setViews(module),
        () => {
          if (is_here) state.problem.value = { code: "network", message: "" };
        },
      );
    }
    return () => {
      is_here = false;
    };
  }, [is_wanted, asked, views]);
  if (!views) return null;
  const View = pick(views);
  return <View />;
}
