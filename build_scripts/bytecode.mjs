/** node bytecode.mjs FOLDER WHEEL PACKAGE…: compiles, in Pyodide, what start-up imports of the archives in FOLDER. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [given, wheel, ...packages] = process.argv.slice(2);
const folder = resolve(given);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: `${folder}/`, packages, packageCacheDir: folder, stdout() {} });

// What the page's Python worker does.
const micropip = pyodide.pyimport("micropip");
pyodide.FS.writeFile(`/tmp/${wheel}`, readFileSync(join(folder, wheel)));
await micropip.install.callKwargs(`emfs:/tmp/${wheel}`, { deps: false });
pyodide.pyimport("glassbox.bridge");

const source = readFileSync(new URL("bytecode.py", import.meta.url), "utf8");
pyodide.FS.writeFile("/tmp/bytecode.py", source);
pyodide.runPython("import sys; sys.path.append('/tmp')");
const bytecode = pyodide.pyimport("bytecode");
const members = bytecode.imported_files();

/** @param {string} file */
function compile(file) {
  const path = join(folder, file);
  const archive = pyodide.toPy(new Uint8Array(readFileSync(path)));
  const content = bytecode.with_bytecode(archive.tobytes(), members).toJs();
  writeFileSync(path, content);
  return createHash("sha256").update(content).digest("hex");
}

const lock_path = join(folder, "pyodide-lock.json");
const lock = JSON.parse(readFileSync(lock_path, "utf8"));
compile("python_stdlib.zip");
compile(wheel);
// Pyodide compares what it fetches with the lock.
for (const entry of Object.values(lock.packages)) entry.sha256 = compile(entry.file_name);
writeFileSync(lock_path, JSON.stringify(lock, null, 1));
