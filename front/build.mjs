// Bundles css/ and js/ and copies public/ into the package's static folder. Run by hatch_build.py, or by hand: npm run build
import { build } from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const out = fileURLToPath(new URL("../src/zhenke/static/zhenke/", import.meta.url));
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: { zhenke: "js/zhenke.js", charts: "js/charts.js", members: "js/members.js" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  legalComments: "linked",
  target: ["chrome105", "safari15.4", "firefox110"],
  logLevel: "warning",
});
await build({
  entryPoints: { zhenke: "css/zhenke.css" },
  outdir: out,
  bundle: true,
  minify: true,
  target: ["chrome105", "safari15.4", "firefox110"],
  logLevel: "warning",
});
await cp("public", out, { recursive: true });
