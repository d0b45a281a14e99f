// Builds everything the pages load into wwwroot/assets, and the official areas and the passwords that are guessed first into
// data files beside one another that are embedded. Called by the .NET build: node build.mjs <areas file>. All paths are recreated, so nothing old is ever served.
import { createHash } from "node:crypto";
import { build } from "esbuild";
import { compile } from "sass";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../wwwroot/assets");
const areasFile = process.argv[2] ?? join(here, "../obj/assets/areas.json");
// Cheap phones keep old browsers: what their Chrome and WebView can run still gets the scripts, all others the plain pages.
const target = ["chrome80", "firefox78", "safari14.1"];

const scripts = (name) =>
  build({
    entryPoints: { [name]: join(here, name, "main.ts") },
    outdir: out,
    bundle: true,
    // Only `import()` makes further files, and those carry a hash: their addresses are not in any page.
    splitting: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    minify: true,
    target,
    legalComments: "none",
    logLevel: "warning",
  });

async function styles(name) {
  const { css } = compile(join(here, `styles/${name}.scss`), {
    loadPaths: [join(here, "node_modules")],
    style: "compressed",
    quietDeps: true,
  });
  await writeFile(join(out, `${name}.css`), css);
}

/** Provinces ("32") and regencies ("32.74") with the codes of the Ministry of Home Affairs, as [code, name] pairs. */
async function areas() {
  const data = join(here, "node_modules/idn-area-data/data");
  const rows = async (file) =>
    (await readFile(join(data, file), "utf8"))
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(","));
  const pairs = [
    ...(await rows("provinces.csv")).map(([code, name]) => [code, name]),
    ...(await rows("regencies.csv")).map(([code, , name]) => [code, name]),
  ];
  if (pairs.some(([code, name]) => !/^\d\d(\.\d\d)?$/.test(code) || !name || /["\\]/.test(name))) {
    throw new Error("idn-area-data: a row has another shape than code,name");
  }
  await writeFile(areasFile, JSON.stringify(Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))));
}

/**
 * Of passwords seen in breaches, and of the words and names they are made of: the first 8 bytes of each one's SHA-256,
 * sorted. A tenth of the words' own size in memory, and looked up without reading them in.
 */
async function breached() {
  const lists = ["common/src/passwords", "en/src/commonWords", "en/src/firstnames", "id/src/commonWords"];
  const words = new Set();
  for (const list of lists) {
    for (const word of JSON.parse(await readFile(join(here, `node_modules/@zxcvbn-ts/language-${list}.json`), "utf8"))) {
      words.add(word.toLowerCase());
    }
  }
  const hashes = [...words].filter((word) => word.length > 3).map((word) => createHash("sha256").update(word, "utf8").digest().subarray(0, 8));
  if (hashes.length < 50_000) {
    throw new Error("@zxcvbn-ts: the lists have another shape than arrays of words");
  }
  await writeFile(join(dirname(areasFile), "breached-passwords.bin"), Buffer.concat(hashes.sort(Buffer.compare)));
}

await mkdir(dirname(areasFile), { recursive: true });
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([scripts("citizen"), scripts("staff"), styles("citizen"), styles("staff"), areas(), breached()]);
await cp(join(here, "images"), out, { recursive: true });
