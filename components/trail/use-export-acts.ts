"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";

type Answer<T> =
  | { ok: true; data: T }
  | { ok: false; message: string; fieldErrors?: Record<string, string[]> };

/** Sends one act at a time and keeps its refusal on the screen; the page is read anew when it was done. */
export function useExportActs() {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string[] | undefined>>({});
  /** True when it was done. */
  async function send<T>(act: () => Promise<Answer<T>>): Promise<boolean> {
    if (pending) return false;
    setPending(true);
    const answer = await act().catch(() => null);
    setPending(false);
    const refused = answer?.ok ? null : (answer ?? { message: NO_ANSWER, fieldErrors: undefined });
    const found = refused?.fieldErrors ?? {};
    setFields(found);
    setRefusal(Object.keys(found).length > 0 ? null : (refused?.message ?? null));
    router.refresh();
    return answer?.ok === true;
  }
  /** What was refused is not what is asked any more. */
  const clear = () => {
    setRefusal(null);
    setFields({});
  };
  return { pending, refusal, fields, send, clear };
}

const NO_ANSWER = "The server did not answer. Look at the exports before you try again.";
