// Bundles the page into the Python package. Nothing is fetched at run time: it works offline.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "lupex", "web", "page");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: [join(here, "src", "main.ts")],
  outdir: out,
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "iife", // a page that is a file may not load modules
  target: "es2022",
  legalComments: "linked",
  logLevel: "warning",
});
copyFileSync(join(here, "static", "index.html"), join(out, "index.html"));
// Empty here; in a copy without a server it holds what the page would ask.
writeFileSync(join(out, "copy.js"), "");

// The digest of what it was built from, so that a test can tell a stale page from a fresh one.
const sources = [
  ...readdirSync(join(here, "src")).map((name) => join("src", name)),
  join("static", "index.html"), "package.json", "package-lock.json", "build.mjs", "tsconfig.json",
].sort();
const digest = createHash("sha256");
for (const name of sources) digest.update(name.replaceAll("\\", "/") + "\0").update(readFileSync(join(here, name)));
writeFileSync(join(out, "sources.sha256"), digest.digest("hex") + "\n");
