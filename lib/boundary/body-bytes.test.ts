import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { bodyBytes } from "./body-bytes.ts";

const TYPE = { "content-type": "application/octet-stream" };

function sent(
  body: Uint8Array<ArrayBuffer> | null,
  headers: Record<string, string> = TYPE,
): Request {
  return new Request("http://desk.example/", { method: "POST", body, headers });
}

test("every byte comes out as it went in", async () => {
  const all = Uint8Array.from({ length: 256 }, (_, n) => n);
  const sha256 = createHash("sha256").update(all).digest("hex");
  expect([...(await bodyBytes(sent(all), { max: 256, sha256 }))]).toEqual([...all]);
});

test.each([
  ["more than there is room for", sent(new Uint8Array(257)), "body_too_large"],
  ["nothing", sent(null), "body_empty"],
  ["no bytes", sent(new Uint8Array()), "body_empty"],
  [
    "what a form of somebody else could send",
    sent(new Uint8Array(3), { "content-type": "text/plain" }),
    "content_type_unknown",
  ],
  ["no type", sent(new Uint8Array(3), {}), "content_type_unknown"],
  [
    "packed bytes",
    sent(new Uint8Array(3), { ...TYPE, "content-encoding": "gzip" }),
    "encoding_unknown",
  ],
])("%s is refused", async (_, request, code) => {
  await expect(bodyBytes(request, { max: 256 })).rejects.toMatchObject({ code });
});

test("bytes of another digest are refused", async () => {
  const given = { max: 256, sha256: "0".repeat(64) };
  await expect(bodyBytes(sent(new Uint8Array(3)), given)).rejects.toMatchObject({
    code: "body_altered",
  });
});

test("a body of any length is refused soon after its limit, and read on only so far", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(1024 * 1024));
    },
  });
  const request = new Request("http://desk.example/", {
    method: "POST",
    body: endless,
    headers: TYPE,
    duplex: "half",
  } as RequestInit);
  await expect(bodyBytes(request, { max: 1024 })).rejects.toMatchObject({ code: "body_too_large" });
  expect(pulled).toBeLessThan(120);
});
