/**
 * A token's label; marks that stand for whitespace are set back, so that the letters stay easy to read.
 * @param {{label: string}} props
 */
export function TokenLabel({ label }) {
  return (
    <bdi class="token-label">
      {label.split(/([␣⏎⇥\u2400-\u2421]+)/u).map((part, index) =>
        index % 2 ? (
          <span key={index} class="space-mark">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </bdi>
  );
}
