import { Candidates } from "../sampling/candidates.jsx";

/** From logits to what is drawn from, step by step, over the whole vocabulary. @param {import("./section_props.js").SectionProps} props */
export function SamplingSection({ section: { data, options, labels } }) {
  const names = new Map(Array.from(data.token_ids, (token_id, index) => [token_id, labels[index]]));
  return <Candidates steps={data} options={options} labelOf={(token_id) => names.get(token_id) ?? ""} />;
}
