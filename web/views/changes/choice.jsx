/**
 * A few things to choose from, with their name before them.
 * @param {{words: string, value: number, options: {value: number, words: string}[], onChoose: (value: number) => void}} props
 */
export function Choice({ words, value, options, onChoose }) {
  return (
    <label class="choice">
      <span>{words}</span>
      <select value={value} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.words}
          </option>
        ))}
      </select>
    </label>
  );
}
