"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { Reason } from "./reasons.tsx";

type Answer =
  | { ok: true }
  | {
      ok: false;
      code: string;
      message: string;
      reasons?: Reason[];
      fieldErrors?: Record<string, string[]>;
    };

export type SettlingAct = "sign" | "passkey" | "reject" | "withdraw";

/** Sends a signature, a rejection or a withdrawal, and keeps every reason of a refusal on the screen. */
export function useSettling(always?: () => void) {
  const router = useRouter();
  const [running, start] = useTransition();
  const [act, setAct] = useState<SettlingAct | null>(null);
  const [refused, setRefused] = useState<Reason[] | null>(null);
  const [fields, setFields] = useState<Record<string, string[] | undefined>>({});
  const run = (which: SettlingAct, send: () => Promise<Answer>) => {
    if (running) return;
    setAct(which);
    start(async () => {
      const answer = await send();
      always?.();
      setFields(answer.ok ? {} : (answer.fieldErrors ?? {}));
      setRefused(answer.ok ? null : reasonsOf(answer));
      router.refresh();
    });
  };
  return { pending: running ? act : null, refused, fields, run };
}

function reasonsOf(answer: Extract<Answer, { ok: false }>): Reason[] | null {
  if (answer.reasons?.length) return answer.reasons;
  if (answer.fieldErrors && Object.keys(answer.fieldErrors).length > 0) return null;
  return [{ code: answer.code, sentence: answer.message }];
}
