/** `node e2e/fake-model/main.ts [PORT]`: a model for development that makes honest claims about the alerts it is shown. */
import { honestAnswer } from "./claims-from-evidence.ts";
import { startFakeModel } from "./server.ts";

const model = await startFakeModel({
  script: honestAnswer,
  port: Number(process.argv[2] ?? 18_700),
});
process.stdout.write(
  `fake model at ${model.url}; set ANTHROPIC_BASE_URL=${model.url} and ANTHROPIC_MODEL=fake\n`,
);
process.on("SIGINT", () => void model.close());
process.on("SIGTERM", () => void model.close());
