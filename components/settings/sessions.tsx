"use client";

import { visibleText } from "#lib/domain/evidence/display.ts";
import { useRouter } from "next/navigation";
import { signOut } from "next-auth/react";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { ConfirmDialog } from "#components/ui/dialog.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { toast } from "#components/ui/toast.ts";
import { endAllSessionsAction, endSessionAction } from "#lib/actions/sessions.ts";
import { reached } from "#lib/browser/reached.ts";
import type { SessionView } from "#lib/contracts/session-view.ts";

/** Where the person is signed in, and how to end it, one by one or everywhere. */
export function Sessions({ sessions }: { sessions: SessionView[] }) {
  const [asking, setAsking] = useState(false);
  const [pending, setPending] = useState(false);
  const endAll = async () => {
    setPending(true);
    const result = await reached(endAllSessionsAction({}));
    if (result.ok) {
      await signOut({ callbackUrl: "/sign-in" });
    } else {
      setPending(false);
      setAsking(false);
      toast.failed("Your sessions were not ended", { detail: result.message });
    }
  };
  return (
    <>
      <SessionTable sessions={sessions} />
      <Button className="self-start" onClick={() => setAsking(true)}>
        Sign out everywhere
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Sign out everywhere?"
        act="Sign out everywhere"
        tone="primary"
        pending={pending}
        onConfirm={() => void endAll()}
      >
        All your sessions end at once, this one too. What you proposed and signed stays.
      </ConfirmDialog>
    </>
  );
}

function SessionTable({ sessions }: { sessions: SessionView[] }) {
  return (
    <div className="overflow-x-auto">
      <DataTable aria-label="Your sessions">
        <thead>
          <tr>
            <Th className="pl-0">Browser</Th>
            <Th>Address</Th>
            <Th>Signed in</Th>
            <Th>Last used</Th>
            <Th>
              <span className="sr-only">End</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <Tr key={session.id}>
              <Td
                className="max-w-[220px] truncate pl-0"
                title={session.userAgent ? visibleText(session.userAgent) : undefined}
              >
                <HostileText text={browserWords(session.userAgent)} />
              </Td>
              <Td className="record text-dim">
                <HostileText text={session.address ?? "unknown"} />
              </Td>
              <Td className="text-dim">
                <RelativeTime at={session.openedAt} />
              </Td>
              <Td className="text-dim">
                <RelativeTime at={session.lastSeenAt} />
              </Td>
              <Td className="w-px pr-0 text-right">
                {session.current ? (
                  <Badge tone="accent">This one</Badge>
                ) : (
                  <EndSession session={session} />
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}

function EndSession({ session }: { session: SessionView }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const end = async () => {
    setPending(true);
    const result = await reached(endSessionAction({ sessionId: session.id }));
    setPending(false);
    if (!result.ok) return toast.failed("The session was not ended", { detail: result.message });
    router.refresh();
  };
  return (
    <Button size="sm" tone="quiet" pending={pending} onClick={() => void end()}>
      End
    </Button>
  );
}

const BROWSERS = [
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrom(e|ium)\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/^curl\//, "curl"],
] as const;
const SYSTEMS = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Mac OS X/, "macOS"],
  [/Linux|X11/, "Linux"],
] as const;

/** "Chrome on Linux"; the whole string when neither is known. It is only what the browser said of itself. */
function browserWords(userAgent: string | null): string {
  if (!userAgent) return "Unknown";
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? userAgent.slice(0, 60);
}
