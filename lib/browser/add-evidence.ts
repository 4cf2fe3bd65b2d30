import type { HandWay } from "#lib/domain/evidence/by-hand.ts";

/** What a person brings to an incident. `name`: the file's, or what they call it. */
export type Addition = { way: HandWay; name: string | null; bytes: Blob };
export type AddedEvidence = { id: string; label: string; sha256: string };
export type AddAnswer =
  | { ok: true; added: AddedEvidence }
  /** `known`: the record that has these bytes already. */
  | { ok: false; message: string; known: { id: string; label: string } | null };

type Given = {
  incidentId: string;
  addition: Addition;
  /** Hex; the server compares. Null where the browser could not make it. */
  sha256: string | null;
  /** From 0 to 1, as the bytes leave. */
  onProgress: (share: number) => void;
  /** Stops the sending; what had all arrived by then is added all the same. */
  signal?: AbortSignal;
};

const UNSENT =
  "The server could not be reached. Nothing was added as far as this page knows; look at the thread before you send it again.";

const STOPPED = "The sending was stopped.";
const UNREADABLE =
  "The file can no longer be read: it was moved, changed or taken away since it was chosen. Choose it again.";

/** Sends the bytes as they are. Never throws. */
export async function sendEvidence({
  incidentId,
  addition,
  sha256,
  onProgress,
  signal,
}: Given): Promise<AddAnswer> {
  const { way, name, bytes } = addition;
  if (!(await isReadable(bytes))) return refusal(UNREADABLE);
  const query = new URLSearchParams({ way, ...(name && { name }), ...(sha256 && { sha256 }) });
  // Not fetch, which tells nothing of what has left.
  const request = new XMLHttpRequest();
  request.open("POST", `/api/incidents/${incidentId}/evidence?${query}`);
  request.setRequestHeader("content-type", "application/octet-stream");
  request.setRequestHeader("accept", "application/json");
  return new Promise((resolve) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      if (total > 0) onProgress(loaded / total);
    });
    request.addEventListener("load", () => resolve(answerOf(request)));
    request.addEventListener("error", () => resolve(refusal(UNSENT)));
    request.addEventListener("abort", () => resolve(refusal(STOPPED)));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(bytes);
  });
}

function refusal(message: string): AddAnswer {
  return { ok: false, message, known: null };
}

/** A file that was moved or changed since it was chosen is none any more, and a request says nothing of it. */
async function isReadable(bytes: Blob): Promise<boolean> {
  try {
    await bytes.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function answerOf({ status, responseText }: XMLHttpRequest): AddAnswer {
  const body = parsed(responseText);
  if (status === 201) return { ok: true, added: body as AddedEvidence };
  const { code, detail, evidenceId, label } = body as Partial<Record<string, string>>;
  return {
    ok: false,
    message: detail ?? "The server did not answer as expected.",
    known: code === "evidence_known" && evidenceId && label ? { id: evidenceId, label } : null,
  };
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Hex; null where the page may not make digests, as over plain HTTP. */
export async function digestOf(bytes: Blob): Promise<string | null> {
  const { subtle } = globalThis.crypto as Partial<Crypto>;
  if (!subtle) return null;
  try {
    const digest = new Uint8Array(await subtle.digest("SHA-256", await bytes.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    // A file that was moved since it was chosen can no longer be read: the sending says so.
    return null;
  }
}
