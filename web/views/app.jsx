import { embeddedFigure } from "../embedding.js";
import { t } from "../i18n/translate.js";
import { AboutDialog } from "./about_dialog.jsx";
import { Embedded } from "./embedded.jsx";
import { Header } from "./header.jsx";
import { InTurn } from "./in_turn.jsx";
import { Later } from "./later.jsx";
import { ModelsDialog } from "./models_dialog.jsx";
import { PageContext } from "./page_context.js";
import { River } from "./river/river.jsx";
import { RiverTabs } from "./river/tabs.jsx";
import { Sentence } from "./sentence.jsx";
import { Tour } from "./tour/tour.jsx";

/**
 * The page from top to bottom: header, prompt strip, the main figures, what explains them.
 * @param {{page: import("./page_context.js").Page}} props
 */
export function App({ page }) {
  const figure = embeddedFigure(location.search);
  if (figure) {
    return (
      <PageContext.Provider value={page}>
        <Embedded figure={figure} />
      </PageContext.Provider>
    );
  }
  return (
    <PageContext.Provider value={page}>
      <a class="skip-link" href="#figures">
        {t("skip_to_figures")}
      </a>
      <Header />
      <main>
        <InTurn>
          <Sentence />
          <River />
          <Later pick={({ Sections }) => Sections} />
          <RiverTabs />
        </InTurn>
      </main>
      <footer class="footer">{t("footer")}</footer>
      <Later pick={({ ArithmeticCard }) => ArithmeticCard} />
      <ModelsDialog />
      <Later pick={({ ShareDialog }) => ShareDialog} />
      <AboutDialog />
      <Tour />
    </PageContext.Provider>
  );
}
