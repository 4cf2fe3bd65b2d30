import { parseArgs } from "node:util";
import { homeDirectory } from "#lib/env.ts";
import { resolve } from "node:path";
import { StartError } from "./progress.ts";

export type StartArgs = { port: number; home: string; demo: boolean; dev: boolean };

const USAGE = "Usage: npm start -- [--port N] [--data-dir DIR] [--no-demo]";

/** The options of `npm start` and `npm run dev`. Throws StartError for what it does not know. */
export function readStartArgs(argv: string[]): StartArgs {
  let values: { port?: string; "data-dir"?: string; "no-demo"?: boolean; dev?: boolean };
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        port: { type: "string" },
        "data-dir": { type: "string" },
        "no-demo": { type: "boolean" },
        dev: { type: "boolean" },
      },
    }));
  } catch (error) {
    throw new StartError(`${(error as Error).message}. ${USAGE}`);
  }
  const port = Number(values.port ?? "3000");
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartError(`--port must be a number from 1 to 65535, not "${values.port}". ${USAGE}`);
  }
  return {
    port,
    home: resolve(values["data-dir"] ?? homeDirectory()),
    demo: !values["no-demo"],
    dev: values.dev ?? false,
  };
}
