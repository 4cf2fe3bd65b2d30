import type { ReactNode } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { handPerson, isByHand, sizeWords } from "#lib/domain/evidence/by-hand.ts";
import type { EvidenceView } from "#lib/contracts/views.ts";

const KIND_WORDS = { alert: "Alert", event: "Event", incident: "Source incident" };
const QUALITY_WORDS = {
  exact: null,
  assumed_utc: "the source gave no time zone; read as UTC",
  assumed_year: "the source gave no year; read as the latest that fits",
  missing: "the record has no time",
};

/** What is known about a record besides its content: where it came from, when, and its digest. */
export function RecordFacts({ record }: { record: EvidenceView }) {
  const quality = QUALITY_WORDS[record.timeQuality];
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 border-b px-3 py-2 text-xs">
      <Fact name="Kind">
        <span className="inline-flex items-center gap-1.5">
          {record.severity ? <SeverityMark severity={record.severity} word={false} /> : null}
          {isByHand(record.format) ? "Evidence" : KIND_WORDS[record.kind]}
        </span>
      </Fact>
      <Fact name="Happened">
        {record.time ? <ExactTime at={record.time} /> : "unknown"}
        {quality && record.time ? <span className="text-warn"> ({quality})</span> : null}
      </Fact>
      <Fact name="Received">
        <ExactTime at={record.receivedAt} />
      </Fact>
      <Fact name="Source">
        <Source {...record} />
      </Fact>
      <Fact name="Size">
        {sizeWords(record.bytes)}
        {record.incidentId ? (
          <a
            href={`/api/incidents/${record.incidentId}/evidence/${record.id}?as=file`}
            download
            className="ml-1.5 text-accent hover:underline"
          >
            Download the bytes
          </a>
        ) : null}
      </Fact>
      <Digest sha256={record.sha256} />
    </dl>
  );
}

/** The machine that sent it, or the person who brought it. */
function Source({ source, format }: Pick<EvidenceView, "source" | "format">) {
  const person = handPerson(source);
  if (person === null) {
    return (
      <>
        <HostileText text={source} /> <span className="text-faint">{format}</span>
      </>
    );
  }
  return (
    <>
      added by hand by{" "}
      <span className="text-text">
        <HostileText text={person} />
      </span>{" "}
      <span className="text-faint">{HAND_WORDS[format]}</span>
    </>
  );
}

const HAND_WORDS: Partial<Record<string, string>> = {
  "hand-paste": "pasted",
  "hand-file": "a file",
  "hand-email": "an e-mail",
  "hand-incident": "on opening the incident",
};

/** The digest of the raw bytes, short, with the whole of it one press away. */
export function Digest({ sha256 }: { sha256: string }) {
  return (
    <Fact name="SHA-256">
      <span className="inline-flex items-center gap-1">
        <span className="record" title={sha256}>
          {sha256.slice(0, 12)}…
        </span>
        <CopyButton value={sha256} what="SHA-256" className="-my-1" />
      </span>
    </Fact>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-1.5">
      <dt className="text-faint">{name}</dt>
      <dd className="text-dim">{children}</dd>
    </div>
  );
}
