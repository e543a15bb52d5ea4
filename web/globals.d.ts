/** Put in by the build: the workers' files, relative to the page. */
declare const WORKERS: { python: string; inference: string };
