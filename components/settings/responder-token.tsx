"use client";

import { useSyncExternalStore } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/states.tsx";
import { RecordText } from "#components/marks/voices.tsx";
import type { ResponderKind } from "#lib/domain/decision/responder.ts";

export type ShownResponderToken = { name: string; kind: ResponderKind; token: string };
type Props = { token: ShownResponderToken | null; onDone: () => void };

/** The one moment a responder's token is readable. */
export function ResponderToken({ token, onDone }: Props) {
  const origin = useSyncExternalStore(
    () => () => undefined,
    () => location.origin,
    () => "http://localhost:3000",
  );
  const command = token ? readCommand(origin, token) : "";
  return (
    <Dialog
      open={token !== null}
      onOpenChange={(open) => (open ? undefined : onDone())}
      size="lg"
      title={token ? `Token of ${token.name}` : ""}
      footer={
        <Button tone="primary" onClick={onDone}>
          I have stored it
        </Button>
      }
    >
      {token ? (
        <div className="flex flex-col gap-4">
          <Notice tone="warn">
            Shown once. Only its digest is stored.{" "}
            {token.kind === "block_list"
              ? "A firewall fetches the list with it."
              : "The receiver reads with it what it is told of."}
          </Notice>
          <div className="flex items-center gap-2">
            <RecordText wrap label="Token" className="min-w-0 flex-1">
              {token.token}
            </RecordText>
            <CopyButton value={token.token} what="token" />
          </div>
          <RecordText label="Command that reads with it">{command}</RecordText>
        </div>
      ) : null}
    </Dialog>
  );
}

function readCommand(origin: string, { kind, token }: ShownResponderToken): string {
  const path = kind === "block_list" ? "block-list?kind=address" : "responses/RUN";
  return `curl -H "Authorization: Bearer ${token}" ${origin}/api/${path}`;
}
