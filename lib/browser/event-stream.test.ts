import { expect, test } from "vitest";
import { readServerEvents, type ServerEvent } from "./event-stream.ts";

const WIRE = [
  "retry: 1200\n\n",
  'id: 1\nevent: started\ndata: {"seq":1}\n\n',
  ": ping\n\n",
  'id: 2\nevent: claim\ndata: {"text":"a: b\\n\u00e9 \u{1F600}"}\n\n',
  "data: one\ndata:two\n\n",
  "id: 3\nevent: done\ndata: cut sho",
].join("");

const EVENTS: ServerEvent[] = [
  { id: "1", event: "started", data: '{"seq":1}' },
  { id: "2", event: "claim", data: '{"text":"a: b\\n\u00e9 \u{1F600}"}' },
  { id: "", event: "message", data: "one\ntwo" },
];

function bodyOf(pieces: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

async function read(pieces: Uint8Array[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readServerEvents(bodyOf(pieces))) events.push(event);
  return events;
}

test("wherever the bytes break, the same events come out, and half an event never does", async () => {
  const bytes = new TextEncoder().encode(WIRE);
  expect(await read([bytes])).toEqual(EVENTS);
  for (let at = 1; at < bytes.length; at += 1)
    expect(await read([bytes.subarray(0, at), bytes.subarray(at)]), `cut at ${at}`).toEqual(EVENTS);
  expect(await read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(EVENTS);
});

test("a stream that never ends an event is given up", async () => {
  const megabyte = new TextEncoder().encode(`data: ${"a".repeat(1_000_000)}`);
  await expect(read(Array.from({ length: 6 }, () => megabyte))).rejects.toThrow(/without end/);
});
