import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { releaseDecision, takeDecision, takeNextDecision } from "#lib/actions/inbox.ts";

type Answer = { ok: true; data: object } | { ok: false; message: string };

/** Takes, gives back, and takes the next decision; a refusal stays on the screen, and the page is read anew. */
export function useTaking() {
  const router = useRouter();
  const [pending, setPending] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  async function send<T extends Answer>(what: string, ask: () => Promise<T>): Promise<T | null> {
    if (pending) return null;
    setPending(what);
    const answer = await ask().catch(() => null);
    setPending(null);
    setRefusal(
      answer === null
        ? "The server did not answer. Look at the list anew."
        : answer.ok
          ? null
          : answer.message,
    );
    router.refresh();
    return answer;
  }
  async function open(what: string, ask: () => ReturnType<typeof takeDecision>) {
    const answer = await send(what, ask);
    if (answer?.ok)
      router.push(`/incidents/${answer.data.incidentId}/decisions/${answer.data.decisionId}`);
  }
  return {
    pending,
    refusal,
    refresh: () => router.refresh(),
    take: (decisionId: string) => void open(decisionId, () => takeDecision({ decisionId })),
    takeNext: () => void open("next", () => takeNextDecision({})),
    release: (decisionId: string) => void send(decisionId, () => releaseDecision({ decisionId })),
  };
}

const RENEW_MS = 3 * 60_000;

/** Goes on holding what this person has taken, while they look at it. */
export function useHeld(decisionId: string, isMine: boolean): void {
  useEffect(() => {
    if (!isMine) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible")
        void takeDecision({ decisionId }).catch(() => null);
    }, RENEW_MS);
    return () => clearInterval(timer);
  }, [decisionId, isMine]);
}
