/**
 * Runs Python tests in Pyodide, the Python of the page. Ends with pytest's status.
 * usage: node run.mjs ROOT SITE_PACKAGES WHEELS ARGUMENTS; the last two as JSON lists: files, and what pytest is given
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [root, site_packages, wheels, pytest_arguments] = process.argv.slice(2);
const pyodide_url = pathToFileURL(join(root, "web", "node_modules", "pyodide", "pyodide.mjs")).href;
const { loadPyodide } = await import(pyodide_url);
const pyodide = await loadPyodide({ env: { HOME: "/tmp", PYTEST_DISABLE_PLUGIN_AUTOLOAD: "1" } });
const installed = pyodide.runPython("import site; site.getsitepackages()[0]");
for (const wheel of JSON.parse(wheels)) {
  pyodide.unpackArchive(new Uint8Array(readFileSync(wheel)).buffer, "whl", { extractDir: installed });
}
for (const [folder, place] of [
  [root, "/glassbox"],
  [site_packages, "/tools"],
]) {
  pyodide.FS.mkdirTree(place);
  pyodide.mountNodeFS(place, folder);
}
pyodide.globals.set("pytest_arguments", pytest_arguments);
process.exitCode = pyodide.runPython(readFileSync(join(root, "tests", "pyodide", "run_pytest.py"), "utf8"));
