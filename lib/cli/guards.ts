/** `npm run guards`: writes prisma/guards.txt anew from the migrations, on a database of its own. */
import { writeFile } from "node:fs/promises";
import { GOLDEN_FILE, goldenText, readGuards } from "#lib/db/golden-guards.ts";
import { ownerUrl } from "#lib/db/provision.ts";
import { say } from "./progress.ts";
import { startScratchServer } from "./scratch-database.ts";

const server = await startScratchServer();
try {
  const database = await server.database("guards");
  const guards = await readGuards(ownerUrl(database.adminUrl));
  await database.close();
  await writeFile(GOLDEN_FILE, goldenText(guards));
  say(
    `${guards.length} guards written to prisma/guards.txt; read what changed before committing it.`,
  );
} finally {
  await server.stop();
}
