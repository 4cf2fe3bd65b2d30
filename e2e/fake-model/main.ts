/**
 * `node e2e/fake-model/main.ts [PORT] [FAULT]`: a model for development that makes honest claims about the alerts it is
 * shown, or fails in the way named.
 */
import { honestAnswer } from "./claims-from-evidence.ts";
import { faulty, FAULTS } from "./faults.ts";
import type { FaultName } from "./faults.ts";
import { startFakeModel } from "./server.ts";

const [port = "18700", fault] = process.argv.slice(2);
if (fault !== undefined && !(fault in FAULTS)) {
  process.stderr.write(
    `There is no fault ${fault}. There are: ${Object.keys(FAULTS).join(", ")}.\n`,
  );
  process.exit(2);
}
const model = await startFakeModel({
  script: fault ? faulty(fault as FaultName, honestAnswer) : honestAnswer,
  port: Number(port),
});
process.stdout.write(
  `fake model at ${model.url}; set ANTHROPIC_BASE_URL=${model.url} and ANTHROPIC_MODEL=fake\n`,
);
process.on("SIGINT", () => void model.close());
process.on("SIGTERM", () => void model.close());
