"use client";

import Link from "next/link";
import { useState } from "react";
import type { ComponentProps } from "react";

/**
 * A link of the frame, which stands on every page: its page is prepared once somebody points at it or reaches it by
 * keyboard. Prepared on sight, all of them would be asked of the server again with every load and every action.
 */
export function ReadyLink({ onPointerEnter, onFocus, ...rest }: ComponentProps<typeof Link>) {
  const [isNear, setIsNear] = useState(false);
  return (
    <Link
      {...rest}
      prefetch={isNear ? null : false}
      onPointerEnter={(event) => {
        setIsNear(true);
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        setIsNear(true);
        onFocus?.(event);
      }}
    />
  );
}
