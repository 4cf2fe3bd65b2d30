import { parseArgs } from "node:util";
import { homeDirectory } from "#lib/env.ts";
import { resolve } from "node:path";
import { StartError } from "./progress.ts";

export type StartArgs = {
  port: number;
  /** The address the web process listens on; this machine alone unless the operator says otherwise. */
  host: string;
  home: string;
  demo: boolean;
  dev: boolean;
};

const USAGE = "Usage: npm start -- [--port N] [--host ADDRESS] [--data-dir DIR] [--no-demo]";

/** The options of `npm start` and `npm run dev`. Throws StartError for what it does not know. */
export function readStartArgs(argv: string[]): StartArgs {
  let values: {
    port?: string;
    host?: string;
    "data-dir"?: string;
    "no-demo"?: boolean;
    dev?: boolean;
  };
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        port: { type: "string" },
        host: { type: "string" },
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
    host: values.host ?? "127.0.0.1",
    home: resolve(values["data-dir"] ?? homeDirectory()),
    demo: !values["no-demo"],
    dev: values.dev ?? false,
  };
}
