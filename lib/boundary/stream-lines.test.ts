/** Lines that are sent as they are read, and what becomes of those that cannot be. */
import { expect, test } from "vitest";
import { begun, streamLines } from "./stream-lines.ts";

const FILE = { fileName: "rows.csv", contentType: "text/csv; charset=utf-8" };

async function* lines(count: number, onEnd = () => {}): AsyncGenerator<string> {
  try {
    for (let n = 1; n <= count; n += 1) yield String(n);
  } finally {
    onEnd();
  }
}

test("what was begun goes on to its end, each line once", async () => {
  for (const count of [0, 1, 3]) {
    const text = await streamLines(await begun(lines(count)), FILE).text();
    expect(text).toBe(Array.from({ length: count }, (_, n) => `${n + 1}\n`).join(""));
  }
});

test("what cannot be begun throws before there is an answer", async () => {
  // oxlint-disable-next-line require-yield -- it ends before it has a line
  const refused = async function* (): AsyncGenerator<string> {
    throw new Error("too wide");
  };
  await expect(begun(refused())).rejects.toThrow("too wide");
});

test("whoever goes away ends the reading", async () => {
  let ended = false;
  const { body } = streamLines(await begun(lines(1000, () => (ended = true))), FILE);
  const reader = body!.getReader();
  await reader.read();
  await reader.cancel();
  expect(ended).toBe(true);
});
