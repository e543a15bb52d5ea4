/** Wires client, interface and page. */

import { createClient } from "./client/client.js";
import { createGlassbox } from "./client/glassbox.js";
import { createPythonApi } from "./client/python_api.js";
import { createWorkbenchHost } from "./client/workbench.js";
import { readSite } from "./integrity/site_table.js";
import { takeSite } from "./integrity/whole_fetch.js";
import { isolate, keepForOffline } from "./offline.js";
import { startPage } from "./start_page.jsx";

const base_url = new URL(".", document.baseURI).href;
const site = readSite();
takeSite(site, base_url);

const { page, host, api } = startPage({
  base_url,
  connect(onProgress, onNotice, onModels) {
    const client = createClient({
      base_url,
      site,
      workers: WORKERS,
      onProgress,
      onNotice,
      onModels,
      storage: localStorageIfAllowed(),
      begun: isolate(base_url),
    });
    const bench = createWorkbenchHost({ base_url, file: WORKERS.workbench, site });
    return { host: client, api: createPythonApi(client.call), bench };
  },
});

Object.assign(globalThis, { glassbox: createGlassbox(host, api, page) });

void page.started.then(() => keepForOffline(base_url, site.build, page.onNewBuild));

/** Reading the property throws where storage is denied. */
function localStorageIfAllowed() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
