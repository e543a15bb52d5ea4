import { usePage } from "../page_context.js";
import { Pattern } from "./pattern.jsx";

const STACK_STEP_PX = 4;
const STACK_MOST = 3;

/**
 * One head in front of the stack of all: its attention pattern, a row for each token in the row of that token, a column
 * for each key.
 * @param {import("./flow_figure.js").Figure} props
 */
export function HeadCard({ data, layout, rows }) {
  const { state } = usePage();
  const { card } = layout;
  const behind = Math.min(STACK_MOST, (state.model_shape.value?.n_head ?? 1) - 1);
  const bottom = rows.top + rows.height + 23;
  return (
    <div class="flow-card-room">
      {Array.from({ length: behind }, (_, index) => (
        <div
          key={index}
          class="flow-card-behind"
          style={{
            left: `${card.x + (behind - index) * STACK_STEP_PX}px`,
            top: `${7 - (behind - index) * 2}px`,
            width: `${card.width}px`,
            height: `${bottom - 6}px`,
          }}
        />
      ))}
      <div
        class="flow-card"
        style={{ left: `${card.x}px`, top: "7px", width: `${card.width}px`, height: `${bottom - 3}px` }}
      />
      <Pattern data={data} layout={layout} rows={rows} />
    </div>
  );
}
