"use client";

import { useSyncExternalStore } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/states.tsx";
import { RecordText } from "#components/marks/voices.tsx";

export type ShownToken = { name: string; token: string; fresh: boolean };

/** The one moment a token is readable. */
export function SourceToken({ token, onDone }: { token: ShownToken | null; onDone: () => void }) {
  const origin = useSyncExternalStore(
    () => () => undefined,
    () => location.origin,
    () => "http://localhost:3000",
  );
  const command = token ? postCommand(origin, token.token) : "";
  return (
    <Dialog
      open={token !== null}
      onOpenChange={(open) => (open ? undefined : onDone())}
      size="lg"
      title={token ? (token.fresh ? `Token of ${token.name}` : `New token of ${token.name}`) : ""}
      footer={
        <Button tone="primary" onClick={onDone}>
          I have stored it
        </Button>
      }
    >
      {token ? (
        <div className="flex flex-col gap-4">
          <Notice tone="warn">
            Shown once. Only its digest is stored, so it cannot be shown again.
            {token.fresh ? null : " The token before it has stopped working."}
          </Notice>
          <div className="flex flex-col gap-1.5">
            <p className="text-xs font-medium">Token</p>
            <div className="flex items-center gap-2">
              <RecordText wrap label="Token" className="min-w-0 flex-1">
                {token.token}
              </RecordText>
              <CopyButton value={token.token} what="token" />
            </div>
          </div>
          <div className="flex flex-col gap-1.5">
            <p className="text-xs font-medium">Post a first alert</p>
            <RecordText label="Command that posts an alert">{command}</RecordText>
            <CopyButton value={command} what="command" words className="self-start" />
          </div>
        </div>
      ) : null}
    </Dialog>
  );
}

function postCommand(origin: string, token: string): string {
  const alert = {
    title: "Encoded PowerShell from Word",
    severity: "high",
    host: "WS-014",
    user: "j.doe",
  };
  return [
    `curl -X POST ${origin}/api/alerts \\`,
    `  -H "Authorization: Bearer ${token}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d '${JSON.stringify(alert)}'`,
  ].join("\n");
}
