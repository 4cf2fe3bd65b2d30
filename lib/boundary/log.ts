import pino from "pino";
import { logLevel } from "#lib/env.ts";

let logger: pino.Logger | null = null;

/** JSON lines on stderr. Tokens, passwords and cookies never reach it. */
export function log(): pino.Logger {
  logger ??= pino(
    {
      level: logLevel(),
      base: undefined,
      redact: ["*.password", "*.token", "*.authorization", "*.cookie", "headers"],
    },
    pino.destination({ dest: 2, sync: true }),
  );
  return logger;
}
