import { t } from "../../i18n/translate.js";
import { kindOf } from "../../state/kinds.js";
import { STOPS } from "../../state/tour_stops.js";
import { usePage } from "../page_context.js";
import { Prose } from "../prose.jsx";
import { tourNumbers } from "./numbers.js";

/** The tour to read: the same words and numbers one below the other, each with a button that shows the part itself. */
export function Article() {
  const page = usePage();
  const numbers = tourNumbers(page);
  return (
    <section class="card article" aria-labelledby="article-title">
      <div class="card-head">
        <h2 id="article-title">{t("tour.article_title")}</h2>
        <button type="button" onClick={() => page.actions.goToStop(0)}>
          {t("tour.start")}
        </button>
      </div>
      <p class="card-intro">{t("tour.article_intro")}</p>
      <ol class="article-stops">
        {STOPS.map(({ name }, index) => (
          <Paragraph
            key={name}
            name={name}
            index={index}
            numbers={{ ...numbers, ...kindOf(page.state.model_shape.value, name) }}
          />
        ))}
      </ol>
    </section>
  );
}

/** @param {{name: string, index: number, numbers: import("../../i18n/translate.js").Values}} props */
function Paragraph({ name, index, numbers }) {
  const page = usePage();
  const title = t(`tour.stop.${name}.title`, numbers);
  const is_somewhere = STOPS[index].at !== undefined;
  return (
    <li>
      <h3>{title}</h3>
      <p>
        <Prose words={`tour.stop.${name}.text`} values={numbers} />
      </p>
      {is_somewhere && (
        <button
          type="button"
          class="quiet"
          aria-label={t("tour.show_named", { title })}
          onClick={() => page.actions.goToStop(index)}
        >
          {t("tour.show")}
        </button>
      )}
    </li>
  );
}
