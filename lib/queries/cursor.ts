import { sqlState } from "#lib/db/transaction.ts";
import { Problem } from "#lib/domain/problem.ts";

/** A keyset cursor: the sort key and the id of the last row of a page, opaque to the reader. */
export function encodeCursor(key: string, id: string): string {
  return Buffer.from(JSON.stringify([key, id])).toString("base64url");
}

/** Throws Problem 400 (cursor_invalid) for anything `encodeCursor` did not make. */
export function decodeCursor(cursor: string): { key: string; id: string } {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "string") {
      return { key: value[0], id: value[1] };
    }
  } catch {
    // falls through to the one answer
  }
  throw cursorInvalid();
}

/**
 * Runs a query whose conditions hold parts of a cursor. One that `encodeCursor` did not make has the right shape and
 * the wrong words (a month 13): the database says so (SQLSTATE class 22), and it is the sender's fault.
 */
export async function readFrom<T>(cursor: string | null, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (cursor !== null && sqlState(error)?.startsWith("22")) throw cursorInvalid();
    throw error;
  }
}

export function cursorInvalid(): Problem {
  return new Problem("cursor_invalid", 400, "This is not one of our cursors.");
}
