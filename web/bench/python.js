/** A worker that boots Pyodide with numpy and regex and does nothing else: what start-up is measured against. */

globalThis.onmessage = async ({ data: runtime_url }) => {
  const pyodide_url = `${runtime_url}pyodide/`;
  const { loadPyodide } = await import(`${pyodide_url}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: pyodide_url, packages: ["numpy", "regex"] });
  pyodide.runPython("import numpy, regex");
  postMessage("ready");
};
