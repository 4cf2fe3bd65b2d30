import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bodyRecords } from "./body-records.ts";

function posted(
  body: string | Buffer,
  type: string,
  headers: Record<string, string> = {},
): Request {
  const bytes = new Uint8Array(Buffer.from(body));
  return new Request("http://localhost/api/alerts", {
    method: "POST",
    body: bytes,
    headers: { "content-type": type, ...headers },
  });
}

async function outcome(request: Request): Promise<number | string> {
  let count = 0;
  try {
    for await (const _ of await bodyRecords(request)) count += 1;
    return count;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const NDJSON = "application/x-ndjson";
const JSON_TYPE = "application/json";
const GZIP = { "content-encoding": "gzip" };

test("a body of things that are no records is not kept one by one without end", async () => {
  expect(await outcome(posted(`[${"1,".repeat(20_000)}1]`, JSON_TYPE))).toBe("too_many_broken");
  expect(await outcome(posted(`{"id":"a"}\n{"id":"b"}\n${'{"x"\n'.repeat(20_000)}`, NDJSON))).toBe(
    "too_many_broken",
  );
  expect(await outcome(posted('{"id":"a"}\n'.repeat(20_000), NDJSON))).toBe(20_000);
});

test("a gzip bomb ends after its first megabytes", async () => {
  const lines = Buffer.from('{"id":"1"}\n{"id":"2","title":"');
  const bomb = gzipSync(Buffer.concat([lines, Buffer.alloc(64 * 1024 * 1024, 97)]));
  expect(await outcome(posted(bomb, NDJSON, GZIP))).toBe("body_too_large");
  expect(await outcome(posted(gzipSync('{"id":"1"}'), NDJSON, GZIP))).toBe(1);
  expect(await outcome(posted("no gzip", NDJSON, GZIP))).toBe("gzip_broken");
});
