"use client";

import { useEffect, useRef, useState } from "react";
import { digestOf, sendEvidence } from "#lib/browser/add-evidence.ts";
import type { AddAnswer, Addition } from "#lib/browser/add-evidence.ts";
import { unfit } from "./evidence-input.tsx";

export type Refusal = Extract<AddAnswer, { ok: false }>;

/** How much of it has left; nothing while nothing is sent. */
export function SendProgress({ share }: { share: number | null }) {
  if (share === null) return null;
  return (
    <progress aria-label="Sending" value={share} max={1} className="h-1.5 w-full accent-accent" />
  );
}

/** Sends, tells how far it is, keeps why it was refused, and stops when asked to. */
export function useSending(of: string | null) {
  const [share, setShare] = useState<number | null>(null);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const stopping = useRef<AbortController>(null);
  const send = async (addition: Addition, sha256: string | null, to = of): Promise<AddAnswer> => {
    setShare(0);
    setRefused(null);
    const { signal } = (stopping.current = new AbortController());
    const given = { incidentId: to ?? "", addition, sha256, onProgress: setShare, signal };
    const answer = await sendEvidence(given);
    setShare(null);
    if (!answer.ok) setRefused(answer);
    return answer;
  };
  return {
    share,
    refused,
    send,
    forget: () => setRefused(null),
    stop: () => stopping.current?.abort(),
  };
}

/** Of what is about to be sent; null until it is made, or where it cannot be. */
export function useDigest(addition: Addition | null): string | null {
  const [made, setMade] = useState<{ of: Blob; sha256: string | null } | null>(null);
  const bytes = addition && unfit(addition) === null ? addition.bytes : null;
  useEffect(() => {
    if (!bytes) return undefined;
    let live = true;
    void digestOf(bytes).then((sha256) => (live ? setMade({ of: bytes, sha256 }) : undefined));
    return () => {
      live = false;
    };
  }, [bytes]);
  return made !== null && made.of === bytes ? made.sha256 : null;
}
