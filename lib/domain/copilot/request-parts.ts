/** The parts of a stored request, for reading it: what instructs, what is evidence, what is asked. */

export type RequestPart = {
  role: "system" | "evidence" | "question";
  /** Which of its role it is, from 1; `of` is how many there are. */
  number: number;
  of: number;
  text: string;
};

type Block = { type?: unknown; text?: unknown };
type Body = { system?: unknown; messages?: unknown };

/**
 * `request` is the body of `POST /v1/messages` as it was sent. Null when it is none: then only its exact text can be
 * shown. Evidence is known by the line of its fence, which nothing inside it can hold.
 */
export function requestParts(request: string): RequestPart[] | null {
  const body = parse(request);
  if (!body) return null;
  const found: Omit<RequestPart, "number" | "of">[] = textsOf(body.system).map((text) => ({
    role: "system",
    text,
  }));
  const messages = Array.isArray(body.messages) ? (body.messages as { content?: unknown }[]) : [];
  for (const text of messages.flatMap((message) => textsOf(message?.content))) {
    found.push({ role: isFenced(text) ? "evidence" : "question", text });
  }
  if (found.length === 0) return null;
  return found.map((part, index) => {
    const same = found.filter(({ role }) => role === part.role);
    const before = found.slice(0, index).filter(({ role }) => role === part.role);
    return { ...part, number: before.length + 1, of: same.length };
  });
}

function isFenced(text: string): boolean {
  const first = text.trimStart().split("\n", 1)[0] ?? "";
  return /^<<<\S.*>>>$/.test(first);
}

function textsOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return (content as Block[]).flatMap((block) =>
    typeof block?.text === "string" ? [block.text] : [],
  );
}

function parse(request: string): Body | null {
  try {
    const body: unknown = JSON.parse(request);
    return typeof body === "object" && body !== null ? body : null;
  } catch {
    return null;
  }
}
