import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { EvaluationView, ModelConfigView, ProbeView } from "#lib/contracts/copilot-views.ts";
import { judgeScores } from "#lib/domain/copilot/thresholds.ts";
import { whereWords } from "./model-words.ts";
import { sensitivityWords } from "./source-words.ts";

type Props = {
  configs: ModelConfigView[];
  /** All that are known. */
  evaluations: EvaluationView[];
  inForceId: string | null;
};

/** Every version of every profile, newest first. A version never changes; a change is a new one. */
export function ModelProfiles({ configs, evaluations, inForceId }: Props) {
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label="Models">
        <thead>
          <tr>
            <Th className="pl-0">Profile</Th>
            <Th>Model</Th>
            <Th>Where</Th>
            <Th>Takes up to</Th>
            <Th>Key</Th>
            <Th>Probe</Th>
            <Th>Evaluation</Th>
            <Th className="pr-0">Added</Th>
          </tr>
        </thead>
        <tbody>
          {configs.map((config) => (
            <ProfileRow
              key={config.id}
              config={config}
              isInForce={config.id === inForceId}
              evaluation={evaluationOf(config, evaluations)}
            />
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}

/** One that goes on now before the last finished one. */
function evaluationOf(config: ModelConfigView, evaluations: readonly EvaluationView[]) {
  const now = evaluations.find((one) => one.config.id === config.id && one.state !== "finished");
  return now ?? config.evaluation;
}

type RowProps = {
  config: ModelConfigView;
  isInForce: boolean;
  evaluation: EvaluationView | null;
};

function ProfileRow({ config, isInForce, evaluation }: RowProps) {
  return (
    <Tr>
      <Td className="pl-0 whitespace-nowrap">
        <Link
          href={`/models/${config.id}`}
          className="font-medium underline-offset-2 hover:text-accent hover:underline"
        >
          <HostileText text={config.name} />
        </Link>{" "}
        <span className="text-dim tabular-nums">{config.version}</span>{" "}
        {isInForce ? (
          <Badge tone="model" className="ml-1">
            In force
          </Badge>
        ) : null}
      </Td>
      <Td className="record max-w-[220px] truncate text-dim">
        <HostileText text={config.model} />
      </Td>
      <Td className="max-w-[220px] truncate text-dim">
        <HostileText text={whereWords(config)} />
      </Td>
      <Td className="text-xs text-dim">{sensitivityWords(config.profile.accepts)}</Td>
      <Td className="record whitespace-nowrap text-dim">
        {config.keyHint ? `…${config.keyHint}` : "none"}
      </Td>
      <Td className="whitespace-nowrap">
        <ProbeWord probe={config.probe} />
      </Td>
      <Td className="whitespace-nowrap">
        <EvaluationWord evaluation={evaluation} />
      </Td>
      <Td className="pr-0 whitespace-nowrap text-dim">
        <span className="flex items-center gap-2">
          <RelativeTime at={config.createdAt} />
          {config.createdBy ? (
            <PersonChip name={config.createdBy.name} compact />
          ) : (
            <span className="text-2xs text-faint">from the environment</span>
          )}
        </span>
      </Td>
    </Tr>
  );
}

function ProbeWord({ probe }: { probe: ProbeView | null }) {
  if (!probe) return <span className="text-faint">not probed</span>;
  if (probe.ok === null) return <span className="text-model">running</span>;
  const wrong = probe.findings.filter(({ ok }) => !ok).length;
  return probe.ok ? (
    <span className="text-ok">came back well</span>
  ) : (
    <span className="text-warn">
      {wrong} {wrong === 1 ? "finding" : "findings"}
    </span>
  );
}

function EvaluationWord({ evaluation }: { evaluation: EvaluationView | null }) {
  if (!evaluation) return <span className="text-faint">not evaluated</span>;
  if (evaluation.state === "queued") return <span className="text-model">waiting</span>;
  if (evaluation.state === "running") {
    return (
      <span className="text-model tabular-nums">
        {evaluation.casesDone} of {evaluation.cases}
      </span>
    );
  }
  if (evaluation.state === "failed" || !evaluation.scores)
    return <span className="text-danger">failed</span>;
  const short = judgeScores(evaluation.scores).filter(({ holds }) => holds === false).length;
  return short === 0 ? (
    <span className="text-ok">reaches every limit</span>
  ) : (
    <span className="text-warn">
      {short} {short === 1 ? "limit" : "limits"} not reached
    </span>
  );
}
