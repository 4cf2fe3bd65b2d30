"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";

export type CopyButtonProps = {
  /** The text, or how to make it when it is wanted. */
  value: string | (() => string);
  /** What is copied: "leaf hash", "command". */
  what: string;
  /** A button with words instead of an icon. */
  words?: boolean;
  size?: "sm" | "md";
  /** Instead of the two sheets. */
  icon?: ReactNode;
  className?: string;
};

/** Puts `value` on the clipboard and says so, in the button and to screen readers. */
export function CopyButton({
  value,
  what,
  words,
  size = "sm",
  icon: given,
  className,
}: CopyButtonProps) {
  const [copied, setCopied] = useState<"yes" | "no" | null>(null);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(null), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () =>
    void writeClipboard(typeof value === "string" ? value : value()).then((done) =>
      setCopied(done ? "yes" : "no"),
    );
  const icon =
    copied === "yes" ? (
      <Check aria-hidden className="size-3.5 text-ok" strokeWidth={2} />
    ) : (
      (given ?? <Copy aria-hidden className="size-3.5" strokeWidth={1.5} />)
    );
  return (
    <>
      {words ? (
        <Button size={size} icon={icon} onClick={copy} className={className}>
          {copied === "yes" ? "Copied" : `Copy ${what}`}
        </Button>
      ) : (
        <IconButton
          size={size}
          label={`Copy ${what}`}
          icon={icon}
          onClick={copy}
          className={className}
        />
      )}
      <output className="sr-only">
        {copied === "yes"
          ? `Copied ${what}`
          : copied === "no"
            ? "Copying was refused by the browser"
            : ""}
      </output>
    </>
  );
}

async function writeClipboard(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return false;
  }
}
