"use client";

import { KeyRound, Unplug } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConfirmDialog } from "#components/ui/dialog.tsx";
import { MenuItem } from "#components/ui/menu.tsx";
import { toast } from "#components/ui/toast.ts";
import { revokeSourceAction, rotateSourceTokenAction } from "#lib/actions/sources.ts";
import { reached } from "#lib/browser/reached.ts";
import type { SourceView } from "#lib/contracts/views.ts";
import { ACT_ICON, ActsMenu } from "./managed-table.tsx";
import type { ShownToken } from "./source-token.tsx";

type Act = "rotate" | "revoke";
type Props = { source: SourceView; onToken: (token: ShownToken) => void };

/** What an admin may do to a source; each asks first, for both stop the present token at once. */
export function SourceActs({ source, onToken }: Props) {
  const router = useRouter();
  const [asking, setAsking] = useState<Act | null>(null);
  const [pending, setPending] = useState(false);
  const rotate = async () => {
    const result = await reached(rotateSourceTokenAction({ sourceId: source.id }));
    if (!result.ok) return toast.failed("The token was not rotated", { detail: result.message });
    setAsking(null);
    onToken({ name: source.name, token: result.data.token, fresh: false });
  };
  const revoke = async () => {
    const result = await reached(revokeSourceAction({ sourceId: source.id }));
    if (!result.ok) return toast.failed("The source was not revoked", { detail: result.message });
    setAsking(null);
    toast.done(`${source.name} may no longer post`);
    router.refresh();
  };
  const act = async (run: () => Promise<void>) => {
    setPending(true);
    await run().finally(() => setPending(false));
  };
  const close = (open: boolean) => (open ? undefined : setAsking(null));
  return (
    <>
      <SourceMenu source={source} onSelect={setAsking} />
      <ConfirmDialog
        open={asking === "rotate"}
        onOpenChange={close}
        title={
          source.active ? `Rotate the token of ${source.name}?` : `Let ${source.name} post again?`
        }
        act={source.active ? "Rotate token" : "Give it a new token"}
        tone="primary"
        pending={pending}
        onConfirm={() => void act(rotate)}
      >
        {source.active
          ? "The present token stops at once; the system that uses it is refused until it has the new one. What it brought stays."
          : "It gets a new token, shown once, and may post again."}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "revoke"}
        onOpenChange={close}
        title={`Revoke ${source.name}?`}
        act="Revoke source"
        pending={pending}
        onConfirm={() => void act(revoke)}
      >
        It may not post any more. Its records, incidents and trail stay as they are.
      </ConfirmDialog>
    </>
  );
}

function SourceMenu({ source, onSelect }: { source: SourceView; onSelect: (act: Act) => void }) {
  return (
    <ActsMenu of={source.name}>
      <MenuItem icon={<KeyRound {...ACT_ICON} />} onSelect={() => onSelect("rotate")}>
        {source.active ? "Rotate token" : "Give it a new token"}
      </MenuItem>
      {source.active ? (
        <MenuItem icon={<Unplug {...ACT_ICON} />} tone="danger" onSelect={() => onSelect("revoke")}>
          Revoke source
        </MenuItem>
      ) : null}
    </ActsMenu>
  );
}
