import type { ReactNode } from "react";

type Props = { icon?: ReactNode; action?: ReactNode; children: ReactNode };

/** One piece of news at the foot of a pane. */
export function DockLine({ icon, action, children }: Props) {
  return (
    <div className="flex min-h-8 items-center gap-2 px-3 py-1 text-xs text-dim">
      {icon}
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
