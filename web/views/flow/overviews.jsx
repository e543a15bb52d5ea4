import { HeadGrid } from "../head_grid/head_grid.jsx";
import { Lens } from "../lens/lens.jsx";
import { usePage } from "../page_context.js";

/** What is unfolded of the model as a whole: all heads, or the logit lens. */
export function Overviews() {
  const name = usePage().state.open_section.value;
  if (name === "heads") return <HeadGrid />;
  return name === "lens" ? <Lens /> : null;
}
