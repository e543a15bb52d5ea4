import { t } from "../i18n/translate.js";
import { Dialog } from "./dialog.jsx";

/** What the page is, what it does with a text, and that it asks no one. */
export function AboutDialog() {
  return (
    <Dialog panel="about" title={t("about.title")}>
      <p>{t("about.what")}</p>
      <p>{t("about.real")}</p>
      <h3>{t("about.privacy_title")}</h3>
      <p>{t("about.privacy")}</p>
      <h3>{t("about.console_title")}</h3>
      <p>{t("about.console")}</p>
      <pre class="code" tabIndex={0}>
        <code>{t("about.console_example")}</code>
      </pre>
      <p>{t("about.licence")}</p>
    </Dialog>
  );
}
