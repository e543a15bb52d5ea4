import { t } from "../../i18n/translate.js";
import { TABS } from "../../state/river_state.js";
import { HeadGrid } from "../head_grid/head_grid.jsx";
import { Later } from "../later.jsx";
import { Lens } from "../lens/lens.jsx";
import { usePage } from "../page_context.js";
import { SamplingPanel } from "../sampling_panel.jsx";
import { nameOf } from "./names.js";
import { StageButtons } from "./stage_buttons.jsx";
import { Why } from "./why.jsx";

/** What explains the river: one at a time. */
export function RiverTabs() {
  const { state, actions } = usePage();
  const chosen = state.tab.value;
  const river = state.river.value;
  const answer = river ? nameOf(river.labels.get(river.data.answer) ?? "") : "…";

  /** @param {KeyboardEvent & {currentTarget: HTMLElement}} event */
  const onKeyDown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = TABS.indexOf(chosen);
    const next =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? TABS.length - 1
          : step === undefined
            ? null
            : (at + step + TABS.length) % TABS.length;
    if (next === null) return;
    event.preventDefault();
    actions.openTab(TABS[next]);
    event.currentTarget.querySelectorAll("button")[next].focus();
  };

  return (
    <section class="tabs" id="figures" tabIndex={-1} aria-label={t("river.more")}>
      <StageButtons />
      <div role="tablist" aria-label={t("river.more")} onKeyDown={onKeyDown}>
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === chosen}
            aria-controls="tab-panel"
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => actions.openTab(name)}
          >
            {t(`river.tab.${name}`, { answer })}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${chosen}`} tabIndex={-1}>
        <Panel name={chosen} />
      </div>
    </section>
  );
}

/** @param {{name: import("../../state/river_state.js").Tab}} props */
function Panel({ name }) {
  if (name === "heads") return <HeadGrid />;
  if (name === "why") return <Why />;
  if (name === "changes") return <Later pick={({ Changes }) => Changes} />;
  if (name === "texts") return <Later pick={({ Texts }) => Texts} />;
  if (name === "models") return <Later pick={({ Models }) => Models} />;
  if (name === "lens") return <Lens />;
  if (name === "sampling") return <SamplingPanel />;
  if (name === "past") return <Later pick={({ Past }) => Past} />;
  if (name === "learned") return <Later pick={({ Learned }) => Learned} />;
  return <Later pick={({ Article }) => Article} />;
}
