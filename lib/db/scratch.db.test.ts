import { expect, test } from "vitest";
import { testDatabase } from "./testing.ts";
test("x", async () => {
  const db = await testDatabase();
  console.log((await db.pools.web.query("select session_user, current_user")).rows, (await db.pools.owner.query("select session_user, current_user")).rows);
  console.log(await db.owner.person.count());
  await db.close();
});
