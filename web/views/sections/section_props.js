/** @typedef {{section: import("../../state/sections_state.js").SectionData}} SectionProps what every section is given */

export {};
