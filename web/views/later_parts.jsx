/** What is fetched after the first picture. */
export { ArithmeticCard } from "./arithmetic/arithmetic_card.jsx";
export { Changes } from "./changes/changes.jsx";
export { Learned } from "./learned/learned.jsx";
export { Models } from "./models/models.jsx";
export { Past } from "./past/past.jsx";
export { SamplingFigures } from "./sampling/sampling_figures.jsx";
export { Sections } from "./sections/sections.jsx";
export { ShareDialog } from "./share_dialog.jsx";
export { Texts } from "./texts/texts.jsx";
export { Article } from "./tour/article.jsx";
export { SamplingWorkbench } from "./workbench/workbench.jsx";
