"use client";

import { PackageOpen } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { useRefreshWhile } from "#components/ui/use-refresh-while.ts";
import type { ExportPage } from "#lib/contracts/export-views.ts";
import type { TrailChoices } from "#lib/contracts/trail-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import {
  EXPORT_STATE_WORDS,
  EXPORT_STATES,
  isOpen,
  type ExportState,
} from "#lib/domain/trail/export.ts";
import { ExportDialog } from "./export-dialog.tsx";
import { incidentDraft } from "./export-draft.ts";
import { ExportLine } from "./export-line.tsx";

type Filter = { whose: "mine" | "all"; state: ExportState | null };
type Props = ExportPage & {
  person: PersonView;
  filter: Filter;
  isFirst: boolean;
  choices: TrailChoices;
  /** The address asks for the form, filled in. */
  asked: { incident: string } | null;
};

/** What was asked to be taken away of the trail; what goes on moves by itself. */
export function Exports(props: Props) {
  const { exports, nextCursor, person, filter, isFirst, choices, asked } = props;
  const [isAsking, setAsking] = useState(asked !== null);
  const router = useRouter();
  useRefreshWhile(exports.some(({ state }) => isOpen(state)));
  useKeys([{ key: "e", what: "Ask for an export", run: () => setAsking(true) }]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[960px] flex-col px-6 py-6">
        <PageHead
          title="Exports"
          action={
            <Button tone="primary" keys="e" onClick={() => setAsking(true)}>
              Ask for an export
            </Button>
          }
        >
          The trail as files: written in the background, kept for a week. Who asked and who
          downloaded stands on the{" "}
          <Link href="/trail?kind=record" className="underline">
            trail
          </Link>
          .
        </PageHead>
        <Filters filter={filter} onChange={(next) => router.push(addressOf(next, null))} />
        {exports.length === 0 ? (
          <NoExports filter={filter} isFirst={isFirst} />
        ) : (
          <ol aria-label="Exports" className="flex flex-col border-t">
            {exports.map((one) => (
              <ExportLine key={one.id} one={one} isMine={one.by.id === person.id} />
            ))}
          </ol>
        )}
        <nav aria-label="Pages" className="flex gap-2 pt-3">
          {isFirst ? null : <ButtonLink href={addressOf(filter, null)}>Newest</ButtonLink>}
          {nextCursor ? <ButtonLink href={addressOf(filter, nextCursor)}>Older</ButtonLink> : null}
        </nav>
      </div>
      {isAsking ? (
        <ExportDialog
          draft={incidentDraft(asked?.incident ?? "")}
          choices={choices}
          onClose={() => {
            setAsking(false);
            if (asked !== null) router.replace(addressOf(filter, null));
          }}
        />
      ) : null}
    </div>
  );
}

const EVERY = "every";

function Filters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const whose = (value: Filter["whose"], words: string) => (
    <ButtonLink
      href={addressOf({ ...filter, whose: value }, null)}
      aria-current={filter.whose === value ? "page" : undefined}
      tone={filter.whose === value ? "default" : "quiet"}
    >
      {words}
    </ButtonLink>
  );
  return (
    <div className="flex flex-wrap items-center gap-2 pb-3">
      <nav aria-label="Whose" className="flex gap-2">
        {whose("mine", "Mine")}
        {whose("all", "Everybody's")}
      </nav>
      <div className="w-40">
        <SelectField<ExportState | typeof EVERY>
          label="State"
          labelHidden
          value={filter.state ?? EVERY}
          options={[
            { value: EVERY, label: "In every state" },
            ...EXPORT_STATES.map((state) => ({ value: state, label: EXPORT_STATE_WORDS[state] })),
          ]}
          onChange={(state) => onChange({ ...filter, state: state === EVERY ? null : state })}
        />
      </div>
    </div>
  );
}

function NoExports({ filter, isFirst }: Pick<Props, "filter" | "isFirst">) {
  const isFiltered = filter.state !== null;
  return (
    <EmptyState
      flush
      icon={<PackageOpen strokeWidth={1.5} aria-hidden />}
      title={isFiltered ? "No export matches" : isFirst ? "No export yet" : "No older exports"}
      action={isFiltered ? <ButtonLink href="/exports">Show all of mine</ButtonLink> : null}
    >
      {isFiltered
        ? "No export is in this state."
        : "An export comes here the moment it is asked for, and its file when it is written."}
    </EmptyState>
  );
}

function addressOf({ whose, state }: Filter, cursor: string | null): string {
  const search = new URLSearchParams();
  if (whose === "all") search.set("whose", whose);
  if (state) search.set("state", state);
  if (cursor) search.set("cursor", cursor);
  return search.size === 0 ? "/exports" : `/exports?${search}`;
}
