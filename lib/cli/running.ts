import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const FILE = "database.json";

/** Leaves the administrator's address of a running embedded database where `npm run person` finds it. */
export function adminFile(home: string): string {
  return join(resolve(home), FILE);
}

/** The administrator's connection string of the embedded database that runs from a data folder. */
export async function runningAdminUrl(home: string): Promise<string> {
  const text = await readFile(adminFile(home), "utf8").catch(() => null);
  if (text === null) {
    throw new Error(
      `Countersign does not run from ${home}. Start it first: npm start -- --no-demo`,
    );
  }
  return (JSON.parse(text) as { adminUrl: string }).adminUrl;
}
