"use client";

import { Component } from "react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

type Props = {
  /** Nobody misses the part: it goes without a word. */
  quiet?: boolean;
  children: ReactNode;
};

/** Keeps the screen when a part of it cannot be fetched or drawn: the part says so in its place, the rest goes on. */
export class PartBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    if (this.props.quiet) return null;
    return (
      <div role="alert" className="flex flex-wrap items-center gap-2 px-3 py-2 text-xs text-dim">
        This part could not be loaded. The rest of the page works on, with what you typed there.
        <Button size="sm" onClick={() => window.location.reload()}>
          Reload the page
        </Button>
      </div>
    );
  }
}
