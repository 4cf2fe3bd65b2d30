import { mailSender } from "#lib/env.ts";

/** Who notices by mail are from; null: this desk sends none. */
export function mailFrom(): string | null {
  return mailSender();
}
