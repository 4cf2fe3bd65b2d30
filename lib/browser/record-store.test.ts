/** What the thread asks for while a person scrolls, of a door over real HTTP that answers when it is told to. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RecordStore } from "./record-store.ts";

type Asked = { positions: number[]; answer: () => Promise<void>; fail: () => Promise<void> };

const server = createServer((request, response) => {
  const search = new URL(request.url!, "http://door").searchParams;
  const positions = search.get("positions")!.split(",").map(Number);
  asked.push({
    positions,
    answer: () => reply(response, 200, { records: positions.map(record) }),
    fail: () => reply(response, 503, { detail: "The database is away." }),
  });
  server.emit("asked");
});
let asked: Asked[] = [];
let store: RecordStore;

beforeEach(async () => {
  asked = [];
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  store = new RecordStore(`http://127.0.0.1:${(server.address() as AddressInfo).port}/records`);
});
afterEach(async () => {
  store.want([], []);
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

function record(position: number) {
  return { type: "record", id: `id-${position}`, position, title: `Record ${position}` };
}

/** Resolves once the store has taken the answer in. */
async function reply(response: ServerResponse, status: number, body: unknown): Promise<void> {
  const told = new Promise<void>((resolve) => {
    const end = store.subscribe(() => {
      end();
      resolve();
    });
  });
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
  await told;
}

/** The request with this number, from 0, once it has come. */
async function request(number: number): Promise<Asked> {
  while (asked.length <= number) await once(server, "asked");
  return asked[number]!;
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index);

describe("the words of a thread", () => {
  test("of a view that is new are asked for alone and first, of others beside them, the likeliest first", async () => {
    store.want(range(1, 21), range(21, 400));
    expect((await request(0)).positions).toEqual(range(1, 21));
    expect((await request(1)).positions).toEqual(range(21, 181));
    await asked[0]!.answer();
    expect(store.get(20)?.title).toBe("Record 20");
    expect(store.placeOf("id-20")).toBe(20);
    await asked[1]!.answer();
    expect((await request(2)).positions).toEqual(range(181, 341));
    await asked[2]!.answer();
    expect((await request(3)).positions).toEqual(range(341, 400));
  });

  test("are asked for together with those to come while the reader goes on steadily", async () => {
    store.want(range(1, 21), []);
    await (await request(0)).answer();
    store.want(range(5, 25), range(25, 60));
    expect((await request(1)).positions).toEqual(range(21, 60));
  });

  test("of lines in view do not wait for what was asked of others", async () => {
    store.want([], range(1, 400));
    await request(0);
    await request(1);
    store.want(range(900, 910), range(910, 920));
    expect((await request(2)).positions).toEqual(range(900, 910));
  });

  test("are not asked for where the reader has gone on before their turn", async () => {
    store.want(range(1, 11), []);
    for (let place = 100; place < 2_000; place += 100) store.want(range(place, place + 10), []);
    expect((await request(0)).positions).toEqual(range(1, 11));
    expect((await request(1)).positions).toEqual(range(1_900, 1_910));
  });

  test("that came once are not asked for again", async () => {
    store.want(range(1, 11), []);
    await (await request(0)).answer();
    store.want(range(5, 15), []);
    expect((await request(1)).positions).toEqual(range(11, 15));
  });

  test("are asked for again after a failure when the reader says so", async () => {
    store.want([7], []);
    await (await request(0)).fail();
    expect(store.failed).toBe("The database is away.");
    store.want([8], []);
    store.retry();
    expect(store.failed).toBeNull();
    expect((await request(1)).positions).toEqual([8]);
  });
});
