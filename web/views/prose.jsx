import { pieces } from "../i18n/translate.js";
import { Term } from "./term.jsx";

/**
 * The words for a key, with the terms in them that the glossary explains.
 * @param {{words: string, values?: import("../i18n/translate.js").Values}} props `words`: a key of en.json
 */
export function Prose({ words, values }) {
  return (
    <>
      {pieces(words, values).map((piece, index) =>
        piece.term ? (
          <Term key={index} name={piece.term}>
            {piece.words}
          </Term>
        ) : (
          piece.words
        ),
      )}
    </>
  );
}
