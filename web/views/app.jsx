import { embeddedFigure } from "../embedding.js";
import { t } from "../i18n/translate.js";
import { AboutDialog } from "./about_dialog.jsx";
import { AttentionFigure } from "./attention_figure.jsx";
import { Embedded } from "./embedded.jsx";
import { FirstScreen } from "./first_screen.jsx";
import { Overviews } from "./flow/overviews.jsx";
import { Header } from "./header.jsx";
import { InTurn } from "./in_turn.jsx";
import { Later } from "./later.jsx";
import { ModelsDialog } from "./models_dialog.jsx";
import { NextToken } from "./next_token.jsx";
import { PageContext, usePage } from "./page_context.js";
import { Prompt } from "./prompt.jsx";
import { SamplingPanel } from "./sampling_panel.jsx";
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
          <Prompt />
          <FirstScreen />
          <Later pick={({ Sections }) => Sections} />
          <Overviews />
          <Figures />
          <Later pick={({ Article }) => Article} />
        </InTurn>
      </main>
      <footer class="footer">{t("footer")}</footer>
      <Later pick={({ ArithmeticCard }) => ArithmeticCard} />
      <ModelsDialog />
      <AboutDialog />
      <Tour />
    </PageContext.Provider>
  );
}

/** One head, the sampling and the next token: below the flow, so after it. */
function Figures() {
  const { state } = usePage();
  const is_early = state.run.value === null && state.problem.value === null;
  return (
    <div class="figures" id="figures" tabIndex={-1}>
      <InTurn is_waiting={is_early}>
        <AttentionFigure />
        <SamplingPanel />
        <NextToken />
      </InTurn>
    </div>
  );
}
