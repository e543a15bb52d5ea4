/**
 * Tokens whose label has the letters that are looked for; a space in them is the mark of one.
 * @param {string[]} labels of the vocabulary, by token id @param {string} words @param {number} most
 * @returns {number[]} token ids: the same with or without a space before it, then the shortest
 */
export function bestMatches(labels, words, most) {
  if (words === "") return [];
  const wanted = words.replaceAll(" ", "␣");
  /** @type {{token_id: number, order: number}[]} */
  const found = [];
  labels.forEach((label, token_id) => {
    const at = label.indexOf(wanted);
    if (at < 0) return;
    const order = label === wanted ? 0 : label === `␣${wanted}` ? 1 : 2 + label.length + (at > 1 ? 1000 : 0);
    found.push({ token_id, order });
  });
  found.sort((a, b) => a.order - b.order || a.token_id - b.token_id);
  return found.slice(0, most).map(({ token_id }) => token_id);
}
