/** One server-sent event, as the HTML standard reads it (9.2.6). `id` is "" when the event has none. */
export type ServerEvent = { id: string; event: string; data: string };

/** Events may be large, never endless: more than this without an empty line is no event stream. */
const EVENT_CHARS_MAX = 4_000_000;

/** The events of a response's body, as they come in, wherever the pieces break. Comments and unknown fields are passed over. */
export async function* readServerEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      waiting += decoder.decode(value, { stream: !done });
      const blocks = waiting.split("\n\n");
      waiting = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = readBlock(block);
        if (event) yield event;
      }
      // what no empty line has ended is not whole, and not an event
      if (done) return;
      if (waiting.length > EVENT_CHARS_MAX) throw new Error("An event without end.");
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Null for a block without data: a comment, or a word about reconnecting. Our server ends lines with a line feed only. */
function readBlock(block: string): ServerEvent | null {
  const fields = { id: "", event: "message" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    if (name === "id") fields.id = value;
    if (name === "event") fields.event = value;
  }
  return data.length > 0 ? { ...fields, data: data.join("\n") } : null;
}
