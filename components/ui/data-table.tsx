import type { ComponentProps } from "react";
import { cx } from "./cx.ts";

/** A table with hairlines, square corners and a head that stays in view. Give it a `caption` or a name. */
export function DataTable({ className, ...rest }: ComponentProps<"table">) {
  return <table {...rest} className={cx("w-full border-collapse text-left text-sm", className)} />;
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      {...rest}
      className={cx(
        "sticky top-0 z-10 h-8 border-b bg-bg px-3 text-2xs font-medium whitespace-nowrap text-faint",
        className,
      )}
    />
  );
}

export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return <tr {...rest} className={cx("h-row border-b border-line/70 hover:bg-hover", className)} />;
}

export function Td({ numeric, className, ...rest }: ComponentProps<"td"> & { numeric?: boolean }) {
  return (
    <td
      {...rest}
      className={cx("px-3 py-1 align-middle", numeric && "text-right tabular-nums", className)}
    />
  );
}
