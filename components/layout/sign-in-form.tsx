"use client";

import { signIn } from "next-auth/react";
import { useState } from "react";
import type { FormEvent } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";

type State = { pending: boolean; error: string | null };

export function SignInForm() {
  const [state, setState] = useState<State>({ pending: false, error: null });
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (state.pending) return;
    const form = new FormData(event.currentTarget);
    setState({ pending: true, error: null });
    const result = await signIn("credentials", {
      email: textOf(form, "email"),
      password: textOf(form, "password"),
      redirect: false,
    }).catch(() => undefined);
    // A full load, so that nothing of whoever used this browser before is left in memory.
    if (result?.ok && !result.error) return location.assign("/");
    setState({ pending: false, error: refusalWords(result?.error) });
  };
  return (
    <form method="post" className="flex flex-col gap-3.5" onSubmit={(event) => void submit(event)}>
      <TextField
        label="E-mail"
        name="email"
        type="email"
        size="lg"
        autoComplete="username"
        required
        maxLength={254}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        size="lg"
        autoComplete="current-password"
        required
        maxLength={1024}
      />
      <div aria-live="assertive" className="empty:hidden">
        {state.error ? (
          <p role="alert" className="text-sm text-danger">
            {state.error}
          </p>
        ) : null}
      </div>
      <Button type="submit" tone="primary" size="lg" pending={state.pending} className="w-full">
        Sign in
      </Button>
    </form>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

/** One sentence for an unknown account and a wrong password: which it was is nobody's business. */
function refusalWords(error: string | null | undefined): string {
  const wait = /^too_many_attempts:(\d+)$/.exec(error ?? "");
  if (wait) {
    const minutes = Math.max(1, Math.ceil(Number(wait[1]) / 60));
    return `Too many attempts. Try again in ${minutes} minute${minutes === 1 ? "" : "s"}.`;
  }
  if (error === "CredentialsSignin") return "The e-mail address or the password is not right.";
  return "The server did not answer as expected. Nothing was changed; try again.";
}
