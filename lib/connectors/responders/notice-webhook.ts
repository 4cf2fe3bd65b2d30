import type { Secret } from "./secret.ts";
import type { Egress } from "#lib/egress/resolve.ts";
import { safeFetch } from "./safe-fetch/safe-fetch.ts";
import { signingKey, signWebhook } from "./webhook-signature.ts";

/** `id` is the same on every attempt; `body` too, byte for byte. */
export type NoticePost = { id: string; body: string };

/** `refused`: its receiver wants no more (410), or its address is none that requests may go to. */
export type Posting = { outcome: "taken" } | { outcome: "refused" | "failed"; fault: string };

export type NoticeWebhook = { post: (message: NoticePost) => Promise<Posting> };

type Settings = {
  /** https; in clear text only on this machine, and only where `egress` lists it. */
  url: string;
  /** `whsec_` or `whsk_`; the first is the one in force, others are on their way out. */
  keys: readonly Secret[];
  egress?: Egress;
  timeoutMs?: number;
};

const TIMEOUT_MS = 15_000;
/** Whatever a receiver says beside the status is not looked at. */
const ANSWER_BYTES = 64_000;

/** Posts to one receiver by Standard Webhooks 1.0.0, over safe-fetch. Throws when there is no key to sign with. */
export function openNoticeWebhook(settings: Settings): NoticeWebhook {
  const keys = settings.keys.flatMap((key) => signingKey(key) ?? []);
  if (keys.length === 0 || keys.length < settings.keys.length)
    throw new TypeError("the webhook of notices needs whsec_ or whsk_ keys, and nothing else");
  return {
    async post({ id, body }) {
      const signed = signWebhook(keys, { id, atSeconds: Math.floor(Date.now() / 1000), body });
      const fetched = await safeFetch(
        {
          url: settings.url,
          method: "POST",
          headers: { "content-type": "application/json", "user-agent": "Countersign", ...signed },
          body,
          timeoutMs: settings.timeoutMs ?? TIMEOUT_MS,
          bytesMax: ANSWER_BYTES,
        },
        settings.egress,
      );
      const status = fetched.ok ? fetched.answer.status : fetched.status;
      // taken by its status, whatever the rest of the answer was like
      if (status !== null && status >= 200 && status < 300) return { outcome: "taken" };
      if (status === 410) return { outcome: "refused", fault: "http 410" };
      if (status !== null) return { outcome: "failed", fault: `http ${status}` };
      if (!fetched.ok && (fetched.fault === "address" || fetched.fault === "request"))
        return { outcome: "refused", fault: fetched.fault };
      return { outcome: "failed", fault: fetched.ok ? "unknown" : fetched.fault };
    },
  };
}
