/** A reader of a run against a server that does everything a server may do to it, over real HTTP. */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { followRun, type FollowState } from "./follow-run.ts";

const ALL = Array.from({ length: 8 }, (_, at) => eventText(at + 1));

function eventText(seq: number): string {
  const kind = seq === 1 ? "started" : seq === 8 ? "done" : "claim";
  return JSON.stringify({ seq, kind, at: "2026-01-01T00:00:00.000Z", data: { text: `n ${seq}` } });
}

/** What a server does with one request for the events after `after`. */
type Turn = (response: ServerResponse, after: number) => void;

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

const head = (response: ServerResponse, status = 200, headers: Record<string, string> = {}) =>
  response.writeHead(status, { "content-type": "text/event-stream", ...headers });
const send = (response: ServerResponse, seqs: number[]) => {
  for (const seq of seqs) response.write(`id: ${seq}\nevent: x\ndata: ${ALL[seq - 1]}\n\n`);
};
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Everything after the place asked for, to the end. */
const whole: Turn = (response, after) => {
  head(response);
  send(response, range(after + 1, 8));
  response.end();
};

/** Follows against the turns, in order, the last one again and again; gives what was handed over and asked for. */
async function follow(turns: Turn[], after = 0) {
  const asked: number[] = [];
  const states: FollowState[] = [];
  const seen: string[] = [];
  server = createServer((request, response) => {
    const from = Number(new URL(request.url!, "http://x").searchParams.get("after"));
    asked.push(from);
    turns[Math.min(asked.length, turns.length) - 1]!(response, from);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await followRun({
    runId: "r",
    after,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onEvent: (_, text) => seen.push(text),
    onState: (state) => states.push(state),
    signal: AbortSignal.timeout(20_000),
  });
  return { asked, seen, state: states.at(-1) };
}

test("a run is read to its end and not asked for again", async () => {
  expect(await follow([whole])).toEqual({ asked: [0], seen: ALL, state: "ended" });
});

test("the place survives a stream that dies before it says anything", async () => {
  const dies: Turn = (response) => void response.destroy();
  const saysHello: Turn = (response) => {
    head(response).write("retry: 1000\n\n");
    setImmediate(() => response.destroy());
  };
  const three: Turn = (response, after) => {
    head(response);
    send(response, range(after + 1, after + 3));
    setImmediate(() => response.destroy());
  };
  const result = await follow([three, dies, saysHello, dies, whole]);
  expect(result).toEqual({ asked: [0, 3, 3, 3, 3], seen: ALL, state: "ended" });
});

test("an event that was cut in the middle is asked for again", async () => {
  const cut: Turn = (response) => {
    head(response);
    send(response, [1, 2]);
    response.write(`id: 3\nevent: claim\ndata: ${ALL[2]!.slice(0, -1)}`);
    setImmediate(() => response.destroy());
  };
  expect(await follow([cut, whole])).toEqual({ asked: [0, 2], seen: ALL, state: "ended" });
});

test("what comes twice is handed over once, and what was left out is asked for", async () => {
  const muddled: Turn = (response) => {
    head(response);
    send(response, [1, 2, 2, 1, 3, 5]);
  };
  expect(await follow([muddled, whole])).toEqual({ asked: [0, 3], seen: ALL, state: "ended" });
});

test.each([429, 500, 502, 503])("a server that answers %i is asked again", async (status) => {
  const busy: Turn = (response) => void head(response, status).end("<html>");
  expect(await follow([busy, whole])).toEqual({ asked: [0, 0], seen: ALL, state: "ended" });
});

test.each([401, 403, 404])("a server that answers %i is not asked again", async (status) => {
  const refuses: Turn = (response) => void head(response, status).end();
  expect(await follow([refuses])).toEqual({ asked: [0], seen: [], state: "refused" });
});

test("a reader who has everything is told so", async () => {
  const nothing: Turn = (response) => void response.writeHead(204).end();
  expect(await follow([nothing], 8)).toEqual({ asked: [8], seen: [], state: "ended" });
});
