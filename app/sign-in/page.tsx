import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Mark } from "#components/layout/mark.tsx";
import { SignInForm } from "#components/layout/sign-in-form.tsx";
import { currentPerson } from "#lib/auth/current-person.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage() {
  if (await currentPerson()) redirect("/");
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[960px] items-center px-6 py-12">
      <div className="grid w-full gap-12 md:grid-cols-[1fr_340px] md:items-center md:gap-20">
        <section className="flex flex-col gap-5">
          <p className="flex items-center gap-2.5 text-lg font-semibold">
            <Mark className="size-6" />
            Countersign
          </p>
          <ol className="flex flex-col gap-1 text-xl leading-snug font-medium text-dim md:text-2xl">
            <li>The model proposes.</li>
            <li>The evidence decides what is shown as supported.</li>
            <li className="text-text">A person signs.</li>
            <li>The trail proves it.</li>
          </ol>
        </section>
        <section aria-labelledby="sign-in" className="rounded-panel border bg-surface p-6">
          <h1 id="sign-in" className="mb-4 text-lg font-semibold">
            Sign in
          </h1>
          <SignInForm />
          <p className="mt-4 border-t pt-3 text-2xs text-faint">
            Every sign-in, also a refused one, is on the trail. A session ends after 30 minutes
            without use.
          </p>
        </section>
      </div>
    </main>
  );
}
