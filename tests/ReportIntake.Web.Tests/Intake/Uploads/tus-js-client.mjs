// Runs one upload by tus-js-client, the version that the pages ship, and prints what came of it as JSON.
// Arguments: the package.json beside whose node_modules the client is, and the case as JSON.
import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PassThrough } from "node:stream";

const require = createRequire(process.argv[2]);
const tus = require("tus-js-client");
const { file, as, from, abortAt, patience, terminate, options } = JSON.parse(process.argv[3]);

const requests = [];
const sources = {
  buffer: () => readFileSync(file),
  file: () => createReadStream(file),
  stream: () => createReadStream(file).pipe(new PassThrough()),
};
const source = sources[as ?? "buffer"]();
let aborted = false;
let watch;
const again = () => void upload.abort().then(() => setTimeout(() => upload.start(), 50));
// As the pages do: a connection on which nothing moves is given up for a new one.
const expectProgress = () => {
  clearTimeout(watch);
  watch = patience && setTimeout(again, patience);
};
const upload = new tus.Upload(source, {
  retryDelays: [0, 50, 100, 200, 400, 800],
  ...options,
  uploadUrl: from ?? null,
  onBeforeRequest: expectProgress,
  onAfterResponse: (request, response) => {
    requests.push(`${request.getMethod()} ${response.getStatus()}`);
  },
  onProgress: (sent) => {
    expectProgress();
    if (abortAt && sent >= abortAt && !aborted) {
      aborted = true;
      again();
    }
  },
  onError: (error) => finish({ error: String(error) }),
  onSuccess: async () => {
    if (terminate) {
      await upload.abort(true);
    }
    finish({});
  },
});
const finish = (result) => {
  console.log(JSON.stringify({ url: upload.url, requests, aborted, ...result }));
  process.exit(0);
};
upload.start();
