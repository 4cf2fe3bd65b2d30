import type { ReactNode } from "react";

/** The head of a settings page: its name, what it is for, and the one thing to do there. */
export function PageHead({
  title,
  children,
  action,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <header className="flex items-start justify-between gap-6 pb-5">
      <div className="flex max-w-[640px] flex-col gap-0.5">
        <h1 className="text-xl font-semibold">{title}</h1>
        <p className="text-dim">{children}</p>
      </div>
      {action}
    </header>
  );
}
