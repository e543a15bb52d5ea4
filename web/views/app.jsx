import { t } from "../i18n/translate.js";
import { AboutDialog } from "./about_dialog.jsx";
import { AttentionFigure } from "./attention_figure.jsx";
import { Flow } from "./flow/flow.jsx";
import { Overviews } from "./flow/overviews.jsx";
import { Header } from "./header.jsx";
import { Later } from "./later.jsx";
import { ModelsDialog } from "./models_dialog.jsx";
import { NextToken } from "./next_token.jsx";
import { PageContext } from "./page.js";
import { Prompt } from "./prompt.jsx";
import { SamplingPanel } from "./sampling_panel.jsx";

/**
 * The page from top to bottom: header, prompt strip, the main figures, what explains them.
 * @param {{page: import("./page.js").Page}} props
 */
export function App({ page }) {
  return (
    <PageContext.Provider value={page}>
      <a class="skip-link" href="#figures">{t("skip_to_figures")}</a>
      <Header />
      <main>
        <Prompt />
        <Flow />
        <Later pick={({ Sections }) => Sections} />
        <Overviews />
        <div class="figures" id="figures" tabIndex={-1}>
          <AttentionFigure />
          <SamplingPanel />
          <NextToken />
        </div>
      </main>
      <footer class="footer">{t("footer")}</footer>
      <Later pick={({ ArithmeticCard }) => ArithmeticCard} />
      <ModelsDialog />
      <AboutDialog />
    </PageContext.Provider>
  );
}
