import { describe, expect, test } from "vitest";
import type { ThreadEntry } from "#lib/contracts/thread-views.ts";
import { neighbour, threadLines } from "./thread-lines.ts";

describe("the lines of a thread", () => {
  test("begin each day with its heading and put records without a time under their own", () => {
    const lines = threadLines([
      record("a", { time: "2026-03-01T23:59:59.000Z" }),
      record("b", { time: "2026-03-02T00:00:00.000Z" }),
      record("c", { time: null }),
    ]);
    expect(lines.map((line) => (line.type === "day" ? line.day : line.entry.id))).toEqual([
      "2026-03-01",
      "a",
      "2026-03-02",
      "b",
      "undated",
      "c",
    ]);
  });

  test("dim a record that says the same as the one before, but not one on another host", () => {
    const lines = threadLines([record("a"), record("b"), record("c", { host: "ws-2" })]);
    expect(repeatsOf(lines)).toEqual([false, true, false]);
  });

  test("show an entry of overlapping pages once", () => {
    const lines = threadLines([record("a"), record("b"), record("b"), record("c")]);
    expect(lines.filter((line) => line.type === "entry")).toHaveLength(3);
  });

  test("are stepped through without stopping at headings or running off an end", () => {
    const lines = threadLines([record("a"), record("b", { time: "2026-03-02T00:00:00.000Z" })]);
    expect(neighbour(lines, null, 1)).toBe("record:a");
    expect(neighbour(lines, "record:a", 1)).toBe("record:b");
    expect(neighbour(lines, "record:b", 1)).toBe("record:b");
    expect(neighbour(lines, "record:a", -1)).toBe("record:a");
    expect(neighbour([], null, 1)).toBeNull();
  });
});

function repeatsOf(lines: ReturnType<typeof threadLines>): boolean[] {
  return lines.flatMap((line) => (line.type === "entry" ? [line.repeat] : []));
}

function record(id: string, over: Partial<Extract<ThreadEntry, { type: "record" }>> = {}) {
  return {
    type: "record" as const,
    seek: id,
    id,
    position: 1,
    kind: "event" as const,
    time: "2026-03-01T03:02:11.000Z",
    timeQuality: "exact" as const,
    receivedAt: "2026-03-01T03:02:12.000Z",
    severity: null,
    title: "Failed sign-in",
    source: "Entra",
    host: "ws-1",
    user: "j.doe",
    instructionLike: false,
    ...over,
  };
}
