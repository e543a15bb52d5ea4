/** Put in by the build: the workers' files, relative to the page. */
declare const WORKERS: { python: string; inference: string; workbench: string };

/** Put in by the build: the version of this site, as in pyproject.toml. */
declare const VERSION: string;

/** Put in by the build: every file of the site but models, with the hash of its content. */
declare const FILES: Record<string, string>;

/** Put in by the build: the Content-Security-Policy that index.html states. */
declare const POLICY: string;
