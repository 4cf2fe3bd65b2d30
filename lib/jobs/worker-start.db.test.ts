/** A worker that starts while its database dies: it waits, and works once the database is there. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createClient } from "#lib/db/prisma.ts";
import { workerQueue } from "#lib/db/queue.ts";
import { makeEvidence, makeIncident, makeSource } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { FAST } from "./testing-model.ts";
import { startWorker } from "./worker.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

/** A way to the database that is cut at each of these connections as soon as something comes back over it. */
async function cutting(connections: readonly number[]) {
  const target = new URL(db.urls.worker);
  const open = new Set<Socket>();
  let [count, cuts] = [0, 0];
  const server = createServer((client) => {
    const number = (count += 1);
    const database = connect(Number(target.port), target.hostname);
    for (const socket of [client, database]) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.pipe(database).pipe(client);
    if (!connections.includes(number)) return;
    database.once("data", () => {
      cuts += 1;
      client.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(target), { hostname: "127.0.0.1", port: String(port) }).href,
    cuts: () => cuts,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

test("the database dies under a worker that starts, more than once, and then the worker works", async () => {
  // the first connections are those of the prompts, the next ones those of the queue
  const way = await cutting([1, 2, 4, 5]);
  const client = createClient(way.url, 2);
  const troubles: string[] = [];
  const worker = await startWorker({
    db: client,
    queue: workerQueue(way.url),
    log: {
      info: () => undefined,
      warn: (_: object, message: string) => troubles.push(message),
      error: () => undefined,
    },
    sealKey: null,
    clocks: FAST,
  });
  expect(way.cuts()).toBeGreaterThan(1);
  expect(troubles).toContain("had trouble with the database");
  const { id: incidentId } = await makeIncident(db);
  const { id: sourceId } = await makeSource(db);
  await makeEvidence(db, { sourceId, incidentId, position: 1 });
  await db.web.outbox.create({ data: { kind: "incident.changed", incidentId } });
  await vi.waitUntil(
    async () => (await db.web.outbox.count({ where: { incidentId, relayedAt: null } })) === 0,
    { timeout: 20_000 },
  );
  await worker.stop();
  await client.$disconnect();
  way.close();
});
