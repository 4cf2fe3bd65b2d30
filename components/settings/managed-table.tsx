import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { DataTable, Td, Th } from "#components/ui/data-table.tsx";
import { Menu } from "#components/ui/menu.tsx";

export const ACT_ICON = { className: "size-4", strokeWidth: 1.5, "aria-hidden": true } as const;

type Props = {
  label: string;
  /** The heads of the columns, the first of which names the row. */
  heads: { name: string; numeric?: boolean }[];
  /** The rows end with an `ActsCell`. */
  mayManage: boolean;
  children: ReactNode;
};

/** Things an admin looks after, one a row; it scrolls by itself where it is too narrow. */
export function ManagedTable({ label, heads, mayManage, children }: Props) {
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label={label}>
        <thead>
          <tr>
            {heads.map(({ name, numeric }, index) => (
              <Th key={name} className={index === 0 ? "pl-0" : numeric ? "text-right" : undefined}>
                {name}
              </Th>
            ))}
            {mayManage ? (
              <Th>
                <span className="sr-only">Acts</span>
              </Th>
            ) : null}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </DataTable>
    </div>
  );
}

export function ActsCell({ children }: { children: ReactNode }) {
  return <Td className="w-px pr-0 text-right">{children}</Td>;
}

/** What may be done to the thing of this name. */
export function ActsMenu({ of, children }: { of: string; children: ReactNode }) {
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          aria-label={`Acts on ${of}`}
          className="inline-flex size-6 items-center justify-center rounded-control text-dim hover:bg-hover hover:text-text"
        >
          <Ellipsis {...ACT_ICON} />
        </button>
      }
    >
      {children}
    </Menu>
  );
}
