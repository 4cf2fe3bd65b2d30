import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { NIGHT } from "./night/all-night.ts";
import { postNight } from "./post-night.ts";
import { DEMO_SOURCES } from "./sources.ts";

type Seen = { path: string; token: string; type: string; bytes: number };

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** A listener that answers every request alike and notes what came. */
async function listen(status: number, answer: object): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const answerOne = async (request: IncomingMessage, response: ServerResponse) => {
    const bytes = await bodyLength(request);
    seen.push({
      path: request.url ?? "",
      token: request.headers.authorization ?? "",
      type: request.headers["content-type"] ?? "",
      bytes,
    });
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  };
  server = createServer((request, response) => void answerOne(request, response));
  await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function bodyLength(request: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of request) bytes += (chunk as Buffer).length;
  return bytes;
}

const nightStart = new Date("2026-03-01T22:00:00.000Z");
const sources = DEMO_SOURCES.map(({ name }) => ({ name, token: `token of ${name}` }));

it("posts every request of the night under the token of its source", async () => {
  const { url, seen } = await listen(202, {
    accepted: 2,
    duplicates: 1,
    rejected: [],
    incidents: [],
  });
  const notes: string[] = [];
  const onProgress = (text: string): void => {
    notes.push(text);
  };
  const result = await postNight({ url, sources, nightStart, onProgress });
  const requests = NIGHT.flatMap((story) => story.requests(nightStart));
  expect(result).toEqual({
    requests: requests.length,
    accepted: requests.length * 2,
    duplicates: requests.length,
    rejected: 0,
  });
  expect(seen.map(({ path, token, bytes }) => ({ path, token, bytes }))).toEqual(
    requests.map(({ source, body }) => ({
      path: "/api/alerts",
      token: `Bearer token of ${source}`,
      bytes: Buffer.byteLength(body),
    })),
  );
  expect(new Set(seen.map(({ type }) => type))).toEqual(
    new Set(["application/json", "application/x-ndjson"]),
  );
  expect(notes).toHaveLength(NIGHT.length);
});

it("stops and says why when a request is refused or a source is missing", async () => {
  const { url } = await listen(401, { title: "The token is not known." });
  await expect(postNight({ url, sources, nightStart })).rejects.toThrow(/answered 401.*not known/);
  await expect(postNight({ url, sources: [], nightStart })).rejects.toThrow(/needs a source named/);
});
