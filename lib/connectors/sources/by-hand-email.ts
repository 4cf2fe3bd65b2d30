import PostalMime from "postal-mime";
import type { Address, Attachment, Email } from "postal-mime";
import { HAND_FORMAT } from "#lib/domain/evidence/by-hand.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import type { ByHand, ReadByHand } from "./by-hand.ts";
import { hostOf, linksIn, seeText, sha256Hex } from "./by-hand-text.ts";
import { add, finish, newDraft, put } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { readTime } from "./times.ts";
import type { Moment } from "./times.ts";

/** Enough for what people receive; more of any is work made to be done. */
const LIMITS = {
  maxNestingDepth: 30,
  maxHeadersSize: 512 * 1024,
  maxRfc822NestingDepth: 3,
  attachmentEncoding: "arraybuffer",
} as const;
const ADDRESSES_MAX = 50;
const LINKS_MAX = 100;
const RECEIVED_MAX = 50;
const ATTACHMENTS_MAX = 50;
const MESSAGE_MAX = 8_000;
const SEARCHED_MAX = 200_000;
const VALUE_MAX = 1_000;

/**
 * An e-mail (RFC 5322, MIME) in normal form: its addresses, links, the way it says it came and the digests of what
 * hangs on it. All of it is what its sender wrote, but for the topmost Received line. Refused without a From, a
 * Received or a Subject line, or when its parts are nested beyond reason.
 */
export async function readEmail({ bytes, name }: ByHand): Promise<ReadByHand> {
  let email: Email;
  try {
    email = await PostalMime.parse(bytes, LIMITS);
  } catch {
    return { ok: false, reason: "This e-mail cannot be read: its headers or parts go too far." };
  }
  const known = email.headers.some(({ key }) => ["from", "received", "subject"].includes(key));
  if (!known) {
    return {
      ok: false,
      reason: "These bytes have no headers of an e-mail. Add them as a file instead.",
    };
  }
  const draft = newDraft(HAND_FORMAT.email, "event");
  fillHeaders(draft, email);
  fillBody(draft, email);
  await fillAttachments(draft, email.attachments);
  draft.title = `E-mail: ${email.subject?.trim() || name || "no subject"}`;
  return { ok: true, record: finish(draft) };
}

function fillHeaders(draft: Draft, email: Email): void {
  put(draft, "email.from", mailboxes(email.from ? [email.from] : [])[0]);
  addAll(draft, "email.to", mailboxes(email.to));
  addAll(draft, "email.cc", mailboxes(email.cc));
  addAll(draft, "email.reply_to", mailboxes(email.replyTo));
  put(draft, "email.subject", cut(email.subject));
  put(draft, "email.message_id", cut(email.messageId));
  put(draft, "email.date", cut(headerOf(email, "date")));
  const received = email.headers.filter(({ key }) => key === "received").slice(0, RECEIVED_MAX);
  const lines = received.map(({ value }) => value.replace(/\s+/g, " ").trim());
  addAll(draft, "email.received", lines.map(cut));
  for (const line of lines) seeText(draft.seen, line.slice(0, VALUE_MAX));
  draft.moment = momentOf(lines[0], headerOf(email, "date"));
}

/** When the last server took it in, which its sender did not write; else when it says it was sent. */
function momentOf(received: string | undefined, date: string | undefined): Moment {
  const stamp = received?.slice(received.lastIndexOf(";") + 1);
  const taken = stamp === undefined ? null : zoned(stamp);
  return taken ?? zoned(date ?? "") ?? readTime(null);
}

const DATE =
  /^(?:[a-z]{3},?\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d{1,2}:\d\d(?::\d\d)?\s+(?:[+-]\d{4}|GMT|UTC?|Z)\b/i;

/** RFC 5322 3.3, with its zone. */
function zoned(written: string): Moment | null {
  const date = DATE.exec(written.trim())?.[0];
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(ms)) return null;
  return { iso: new Date(ms).toISOString(), original: date ?? null, quality: "exact" };
}

function fillBody(draft: Draft, email: Email): void {
  const html = email.html?.slice(0, SEARCHED_MAX) ?? "";
  const text = email.text?.slice(0, SEARCHED_MAX) ?? "";
  const links = [...new Set([...linksIn(text), ...linksIn(html.replaceAll("&amp;", "&"))])];
  addAll(draft, "url.full", links.slice(0, LINKS_MAX));
  addAll(draft, "url.domain", [
    ...new Set(links.slice(0, LINKS_MAX).flatMap((l) => hostOf(l) ?? [])),
  ]);
  const message = text.trim() === "" ? html : text;
  put(draft, "message", message.slice(0, MESSAGE_MAX).toWellFormed());
  seeText(draft.seen, text);
}

async function fillAttachments(draft: Draft, attachments: readonly Attachment[]): Promise<void> {
  for (const { filename, content } of attachments.slice(0, ATTACHMENTS_MAX)) {
    const bytes = typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
    const sha256 = await sha256Hex(bytes);
    const name = cut(filename ?? undefined) || "without a name";
    add(draft, "file.name", name);
    add(draft, "hash.sha256", sha256);
    add(draft, "email.attachment", `${sha256} ${name}`);
  }
}

function headerOf({ headers }: Email, name: string): string | undefined {
  return headers.find(({ key }) => key === name)?.value;
}

function mailboxes(addresses: readonly Address[] | undefined): string[] {
  return (addresses ?? [])
    .flatMap(({ address, group }) => group?.map((member) => member.address) ?? [address ?? ""])
    .filter((address) => address !== "")
    .slice(0, ADDRESSES_MAX)
    .map(cut);
}

function addAll(draft: Draft, name: Parameters<typeof add>[1], values: readonly string[]): void {
  for (const value of values) add(draft, name, value);
}

function cut(value: string | undefined): string {
  return storableText((value ?? "").slice(0, VALUE_MAX));
}
