// Runs one upload by tus-js-client, the version that the pages ship, and prints what came of it as JSON.
// Arguments: the package.json beside whose node_modules the client is, and the case as JSON.
import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2]);
const tus = require("tus-js-client");
const { file, as, from, abortAt, terminate, options } = JSON.parse(process.argv[3]);

const requests = [];
const source = as === "stream" ? createReadStream(file) : readFileSync(file);
const upload = new tus.Upload(source, {
  retryDelays: [0, 50, 100, 200, 400, 800],
  ...options,
  uploadUrl: from ?? null,
  onAfterResponse: (request, response) => {
    requests.push(`${request.getMethod()} ${response.getStatus()}`);
  },
  onProgress: (sent) => {
    if (abortAt && sent >= abortAt && !aborted) {
      aborted = true;
      void upload.abort().then(() => setTimeout(() => upload.start(), 50));
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
let aborted = false;
const finish = (result) => {
  console.log(JSON.stringify({ url: upload.url, requests, aborted, ...result }));
  process.exit(0);
};
upload.start();
