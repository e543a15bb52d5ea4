/**
 * Changes as they stand in an address, places counted from 1 as on the page: `a6.all.2.14.before` (attention of a block: head,
 * read token, reading token), `h6.3` (a head off), `m6` (an MLP off), `r3.4.4` (a row of the text in `other`: block,
 * position, its position), parted by "_".
 *
 * @typedef {import("./change.js").Change} Change
 */

const MOST = 64;
const LONGEST_TEXT = 2000;
const NUMBER = "([1-9]\\d{0,3})";
const CUT = new RegExp(`^a${NUMBER}\\.(all|${NUMBER})\\.${NUMBER}\\.${NUMBER}\\.(before|after)$`);
const HEAD = new RegExp(`^h${NUMBER}\\.${NUMBER}$`);
const MLP = new RegExp(`^m${NUMBER}$`);
const ROW = new RegExp(`^r${NUMBER}\\.${NUMBER}\\.${NUMBER}$`);

/** What an address says; nonsense is left out. @param {URLSearchParams} params @returns {Change[]} */
export function readChanges(params) {
  const other = (params.get("other") ?? "").slice(0, LONGEST_TEXT);
  const items = (params.get("change") ?? "").split("_").slice(0, MOST);
  return items.flatMap((item) => readChange(item, other) ?? []);
}

/** @param {string} item @param {string} other @returns {Change | null} */
function readChange(item, other) {
  const cut = CUT.exec(item);
  if (cut) {
    const [layer, key, query] = [cut[1], cut[4], cut[5]].map(index);
    if (key > query) return null;
    const when = cut[6] === "after" ? "after" : "before";
    return { kind: "cut", layer, head: cut[2] === "all" ? null : index(cut[2]), query, key, when };
  }
  const head = HEAD.exec(item);
  if (head) return { kind: "head", layer: index(head[1]), head: index(head[2]) };
  const mlp = MLP.exec(item);
  if (mlp) return { kind: "mlp", layer: index(mlp[1]) };
  const row = ROW.exec(item);
  if (!row || other === "") return null;
  const [layer, position, from_position] = row.slice(1).map(index);
  return { kind: "row", layer, position, from_position, text: other };
}

/** @param {string} number */
const index = (number) => Number(number) - 1;

/**
 * Put changes into an address. Rows of one other text find room there: the last one's.
 * @param {URLSearchParams} params @param {Change[]} changes
 */
export function writeChanges(params, changes) {
  const other = changes.findLast((one) => one.kind === "row")?.text ?? "";
  const items = changes.slice(0, MOST).flatMap((one) => {
    const block = one.layer + 1;
    if (one.kind === "cut")
      return [`a${block}.${one.head === null ? "all" : one.head + 1}.${one.key + 1}.${one.query + 1}.${one.when}`];
    if (one.kind === "head") return [`h${block}.${one.head + 1}`];
    if (one.kind === "mlp") return [`m${block}`];
    const is_here = one.text === other && other.length <= LONGEST_TEXT;
    return is_here ? [`r${block}.${one.position + 1}.${one.from_position + 1}`] : [];
  });
  if (items.length === 0) return;
  params.set("change", items.join("_"));
  if (items.some((item) => item.startsWith("r"))) params.set("other", other);
}
