/** `node lib/cli/eval-correlation.ts [--json FILE]`: real alerts against their ground truth. Needs COUNTERSIGN_DATA_DIR. */
import { join } from "node:path";
import { sampleDataDirectory } from "#lib/env.ts";
import { correlationFigures } from "./correlation-figures.ts";
import type { Figure } from "./figures.ts";
import { publish } from "./figures.ts";
import { startScratchServer } from "./scratch-database.ts";

/** The figures, by real ingest into scratch databases; `folder` is the one that holds `security/`. */
export async function evalCorrelation(folder: string): Promise<Figure[]> {
  const server = await startScratchServer();
  let made = 0;
  try {
    return await correlationFigures(
      () => server.database(`correlation_${++made}`),
      join(folder, "security"),
    );
  } finally {
    await server.stop();
  }
}

if (import.meta.main) {
  const folder = sampleDataDirectory();
  if (!folder) throw new Error("Set COUNTERSIGN_DATA_DIR to the folder with the sample data.");
  publish("correlation", await evalCorrelation(folder));
}
