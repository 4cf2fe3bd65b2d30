"use client";

import { useEffect } from "react";
import { openStatement } from "#lib/actions/open-statement.ts";

/** Notes when this reader first had the statement on the screen; that it could not be noted stops nobody. */
export function StatementOpened({ decisionId }: { decisionId: string }) {
  useEffect(() => {
    openStatement({ decisionId }).catch(() => null);
  }, [decisionId]);
  return null;
}
