import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import type { TargetView } from "#lib/contracts/review-views.ts";
import { RESPONSE_ACTIONS } from "#lib/domain/decision/decision.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { blastRadiusOf } from "#lib/domain/decision/policy.ts";
import { BLAST_RADIUS_WORDS, responseWords, undoWords } from "#lib/domain/decision/words.ts";
import { STATUS_WORDS } from "#lib/domain/incident/words.ts";

type Props = { content: DecisionContent; targets: readonly TargetView[] };

/** What a containment touches, how far that reaches as known from the evidence, and how each of it is taken back. */
export function ReviewTargets({ content, targets }: Props) {
  if (content.kind !== "containment") return null;
  return (
    <section aria-label="Targets" className="flex flex-col gap-2 border-t pt-4">
      <h2 className="text-xs font-medium text-dim">Targets, how far they reach and how to undo</h2>
      <p className="text-sm">
        Blast radius: {BLAST_RADIUS_WORDS[blastRadiusOf(content)]}.{" "}
        <span className="text-dim">
          What stands below is known from the evidence of this desk; what else depends on a target
          is in no record here.
        </span>
      </p>
      <ul className="flex flex-col divide-y rounded-control border">
        {content.actions.map((action, index) => (
          <li key={`${action.action}:${action.target}`} className="flex flex-col gap-1 px-3 py-2">
            <p className="flex flex-wrap items-baseline gap-2">
              <span className="font-medium">{responseWords(action)}</span>
              <span className="record break-all">
                <HostileText text={action.target} />
              </span>
              <span className="ml-auto text-2xs text-faint">
                D3FEND {RESPONSE_ACTIONS[action.action]}
              </span>
            </p>
            <Known known={targets.filter((one) => one.action === index)} />
            <p className="text-xs text-dim">{undoWords(action)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Known({ known }: { known: readonly TargetView[] }) {
  if (!known.some(({ count }) => count > 0)) {
    return (
      <>
        <p className="text-xs text-warn">The evidence of this incident does not name it.</p>
        {known.map((one) => (
          <Elsewhere key={`${one.type}:${one.value}`} target={one} />
        ))}
      </>
    );
  }
  return known.map((one) => <Reach key={`${one.type}:${one.value}`} target={one} />);
}

function Reach({ target }: { target: TargetView }) {
  const { type, count, lastAt, beside, asService } = target;
  return (
    <div className="flex flex-col gap-0.5 text-xs">
      <p className="text-dim">
        {type === "ip" ? "Address" : type} in {counted(count, "record")} of this incident
        {lastAt ? (
          <>
            , last at <ExactTime at={lastAt} />
          </>
        ) : null}
        .
      </p>
      {asService > 0 ? (
        <p className="text-warn">
          A service account as known from the evidence: it logged on as a service in{" "}
          {counted(asService, "record")}.
        </p>
      ) : null}
      {beside.length > 0 ? (
        <p className="text-dim">
          In the same records:{" "}
          {beside.map(({ type: kind, value, count: times }, index) => (
            <span key={`${kind}:${value}`}>
              {index > 0 ? ", " : null}
              {kind} <HostileText text={value} className="record text-xs text-text" /> ({times})
            </span>
          ))}
          .
        </p>
      ) : null}
      <Elsewhere target={target} />
    </div>
  );
}

function Elsewhere({ target: { otherCount, openCount, others } }: { target: TargetView }) {
  if (otherCount === 0) return <p className="text-xs text-dim">No other incident names it.</p>;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 text-xs text-dim">
      <span>
        {otherCount === 100 ? "100 or more other incidents" : counted(otherCount, "other incident")}{" "}
        {otherCount === 1 ? "names" : "name"} it, {openCount} not closed:
      </span>
      {others.map(({ id, number, status, severity }) => (
        <Link
          key={id}
          href={`/incidents/${id}`}
          className="inline-flex items-center gap-1 text-accent hover:underline"
        >
          <SeverityMark severity={severity} word={false} />
          <span className="record text-xs">{number}</span>
          <span className="text-dim">{STATUS_WORDS[status].toLowerCase()}</span>
        </Link>
      ))}
    </p>
  );
}

function counted(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}
