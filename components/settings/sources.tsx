"use client";

import { Cable, Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Td, Tr } from "#components/ui/data-table.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import type { SourceView } from "#lib/contracts/views.ts";
import { AddSource } from "./add-source.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { ActsCell, ManagedTable } from "./managed-table.tsx";
import { SourceActs } from "./source-acts.tsx";
import type { ShownToken } from "./source-token.tsx";
import { SourceToken } from "./source-token.tsx";
import { formatWords, sensitivityWords } from "./source-words.ts";

type Props = { sources: SourceView[]; mayManage: boolean };

/** The systems that post alerts and events, and how each is doing. */
export function Sources({ sources, mayManage }: Props) {
  const router = useRouter();
  const [adding, setAdding] = useState(false);
  const [token, setToken] = useState<ShownToken | null>(null);
  const showToken = (next: ShownToken) => {
    setAdding(false);
    setToken(next);
    router.refresh();
  };
  const add = mayManage ? (
    <Button
      tone="primary"
      icon={<Plus className="size-3.5" strokeWidth={2} aria-hidden />}
      onClick={() => setAdding(true)}
    >
      Add source
    </Button>
  ) : null;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-[1240px] px-6 py-6">
        <PageHead title="Sources" action={sources.length > 0 ? add : null}>
          The systems that post alerts and events. Each has its own token; what could not be read is
          kept, byte for byte, as a dead letter.
        </PageHead>
        {sources.length === 0 ? (
          <EmptyState
            icon={<Cable strokeWidth={1.5} aria-hidden />}
            title="No source yet"
            action={add}
            flush
          >
            Add one to get a token; then any system can post its alerts with one HTTP request.
          </EmptyState>
        ) : (
          <SourceTable sources={sources} mayManage={mayManage} onToken={showToken} />
        )}
      </div>
      {mayManage ? <AddSource open={adding} onOpenChange={setAdding} onAdded={showToken} /> : null}
      <SourceToken token={token} onDone={() => setToken(null)} />
    </div>
  );
}

type TableProps = Props & { onToken: (token: ShownToken) => void };

function SourceTable({ sources, mayManage, onToken }: TableProps) {
  return (
    <ManagedTable
      label="Sources"
      heads={[
        { name: "Name" },
        { name: "Format" },
        { name: "Sensitivity" },
        { name: "Last record" },
        { name: "Records", numeric: true },
        { name: "Dead letters", numeric: true },
        { name: "Token" },
      ]}
      mayManage={mayManage}
    >
      {sources.map((source) => (
        <Tr key={source.id} className={source.active ? undefined : "text-faint"}>
          <Td className="pl-0 font-medium">
            <HostileText text={source.name} />
          </Td>
          <Td className="text-dim">{formatWords(source.format)}</Td>
          <Td className="text-xs text-dim">{sensitivityWords(source.sensitivity)}</Td>
          <Td className="text-dim">
            {source.lastRecordAt ? (
              <RelativeTime at={source.lastRecordAt} />
            ) : (
              <span className="text-faint">never</span>
            )}
          </Td>
          <Td numeric>{source.records.toLocaleString("en")}</Td>
          <Td numeric className={source.deadLetters > 0 ? "text-warn" : "text-dim"}>
            {source.deadLetters.toLocaleString("en")}
          </Td>
          <Td>
            {source.active ? (
              <span className="record text-dim">
                {source.tokenHint ? `…${source.tokenHint}` : "none"}
              </span>
            ) : (
              <Badge>Revoked</Badge>
            )}
          </Td>
          {mayManage ? (
            <ActsCell>
              <SourceActs source={source} onToken={onToken} />
            </ActsCell>
          ) : null}
        </Tr>
      ))}
    </ManagedTable>
  );
}
