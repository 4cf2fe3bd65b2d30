"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";

/** What a server action answers, as far as a form cares. */
export type Answer =
  | { ok: true }
  | {
      ok: false;
      message: string;
      reasons?: { code: string; sentence: string }[];
      fieldErrors?: Record<string, string[]>;
    };

/** Sends one act at a time, keeps its refusal on the screen, and reads the page anew when it was done. */
export function useAsking() {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<string[] | null>(null);
  const [fields, setFields] = useState<Record<string, string[] | undefined>>({});
  async function ask<T extends Answer>(send: () => Promise<T>): Promise<T | null> {
    if (pending) return null;
    setPending(true);
    const answer = await send().catch(() => null);
    setPending(false);
    if (answer === null) {
      setRefusal(["The server did not answer. Look at the page anew before you try again."]);
      return null;
    }
    setFields(answer.ok ? {} : (answer.fieldErrors ?? {}));
    setRefusal(answer.ok ? null : refusalOf(answer));
    if (answer.ok) router.refresh();
    return answer;
  }
  const clear = () => {
    setRefusal(null);
    setFields({});
  };
  return { pending, refusal, fields, ask, clear };
}

/** Every reason; none when a field says it. */
function refusalOf(answer: Extract<Answer, { ok: false }>): string[] | null {
  if (answer.reasons?.length) return answer.reasons.map(({ sentence }) => sentence);
  if (answer.fieldErrors && Object.keys(answer.fieldErrors).length > 0) return null;
  return [answer.message];
}
