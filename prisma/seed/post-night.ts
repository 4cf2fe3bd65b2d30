import { NIGHT } from "./night/all-night.ts";
import type { NightRequest } from "./night/request.ts";

export type PostNight = {
  /** Where the product answers, without a path. */
  url: string;
  sources: readonly { name: string; token: string }[];
  /** The night is told relative to this moment; the same start makes the same records. */
  nightStart: Date;
  onProgress?: (text: string) => void;
};

export type NightResult = {
  requests: number;
  accepted: number;
  duplicates: number;
  rejected: number;
};

/**
 * Posts the demo night to `POST /api/alerts` the way its sources would. Posting it again changes
 * nothing: every record is then a duplicate. Throws when a request is refused or a source is missing.
 */
export async function postNight(given: PostNight): Promise<NightResult> {
  const tokens = new Map(given.sources.map((source) => [source.name, source.token]));
  const total: NightResult = { requests: 0, accepted: 0, duplicates: 0, rejected: 0 };
  for (const [i, { name, requests }] of NIGHT.entries()) {
    given.onProgress?.(`${i + 1} of ${NIGHT.length}: ${name}`);
    for (const request of requests(given.nightStart)) {
      const token = tokens.get(request.source);
      if (!token) throw new Error(`The demo night needs a source named "${request.source}".`);
      const answer = await post(given.url, token, request);
      total.requests += 1;
      total.accepted += answer.accepted;
      total.duplicates += answer.duplicates;
      total.rejected += answer.rejected.length;
    }
  }
  return total;
}

type Answer = { accepted: number; duplicates: number; rejected: unknown[] };

async function post(url: string, token: string, request: NightRequest): Promise<Answer> {
  const target = new URL("/api/alerts", url);
  if (request.incidentKey) target.searchParams.set("incident", request.incidentKey);
  const response = await fetch(target, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": contentType(request.body) },
    body: request.body,
  });
  const text = await response.text();
  if (response.status !== 202) {
    throw new Error(`POST /api/alerts answered ${response.status}: ${text.slice(0, 300)}`);
  }
  return JSON.parse(text) as Answer;
}

function contentType(body: string): string {
  return body.endsWith("}\n") ? "application/x-ndjson" : "application/json";
}
