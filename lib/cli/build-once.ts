/** Makes the production build unless there is one of exactly these sources. */
import { build, isBuilt } from "./build.ts";
import { StartError, step } from "./progress.ts";

try {
  if (!(await isBuilt())) await step("Production build", build);
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
