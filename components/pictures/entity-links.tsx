"use client";

import { X } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { GraphEdgeView, GraphNodeView } from "#lib/contracts/picture-views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import type { PictureActs } from "./looks.ts";

const SHOWN = 100;
/** As long as a search of the thread may be. */
const SEARCH_MAX = 200;

export const NO_QUERY = "No query tells these records from those of another by the same name";

type Props = PictureActs & {
  node: GraphNodeView;
  edges: readonly GraphEdgeView[];
  onClose: () => void;
};

/** Everything that records say of one entity and another; each line opens exactly those records. */
export function EntityLinks({ node, edges, onClose, onFind, onShowWhere }: Props) {
  const more = edges.length - SHOWN;
  // records may write the short name of a host as well as the long one
  const search = node.type === "host" ? node.value.split(".", 1)[0]! : node.value;
  return (
    <section
      aria-label={`Links of ${visibleText(node.value)}`}
      className="flex max-h-[45%] min-h-28 shrink-0 flex-col border-t bg-surface"
    >
      <div className="flex items-center gap-2 px-3 py-1.5">
        <span className="text-xs text-faint">{node.type}</span>
        <h2 className="record min-w-0 flex-1 truncate">
          <HostileText text={node.value} />
        </h2>
        <CopyButton value={node.value} what={node.type} />
        {search.length <= SEARCH_MAX ? (
          <Button size="sm" onClick={() => onFind(search)}>
            Search the thread for it
          </Button>
        ) : null}
        <IconButton label="Close" icon={<X />} onClick={onClose} />
      </div>
      <ul className="min-h-0 overflow-auto px-3 pb-2 text-xs">
        {edges.slice(0, SHOWN).map((edge) => (
          <li key={`${edge.from}|${edge.verb}|${edge.to}`}>
            <EdgeLine edge={edge} onShowWhere={onShowWhere} />
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <p className="px-3 pb-2 text-xs text-faint">
          and {more.toLocaleString("en")} more; the table lists all
        </p>
      ) : null}
    </section>
  );
}

function valueOf(key: string): string {
  return key.slice(key.indexOf(":") + 1);
}

function EdgeLine({
  edge,
  onShowWhere,
}: { edge: GraphEdgeView } & Pick<PictureActs, "onShowWhere">) {
  const { where, records } = edge;
  const words = (
    <>
      <span className="record min-w-0 break-all">
        <HostileText text={valueOf(edge.from)} /> <span className="text-faint">{edge.verb}</span>{" "}
        <HostileText text={valueOf(edge.to)} />
      </span>
      <span className="ml-auto shrink-0 text-dim tabular-nums">
        {records.toLocaleString("en")} {records === 1 ? "record" : "records"}
      </span>
    </>
  );
  const look = "flex w-full items-baseline gap-2 rounded-control px-1 py-0.5 text-left";
  if (where === null)
    return (
      <p title={NO_QUERY} className={look}>
        {words}
      </p>
    );
  return (
    <button type="button" onClick={() => onShowWhere(where)} className={`${look} hover:bg-hover`}>
      {words}
    </button>
  );
}
