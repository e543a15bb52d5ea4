/** The figure that the page opens with, and that stands alone with ?embed=flow. */
export { Flow as FirstScreen } from "./flow/flow.jsx";
