import { ButtonLink } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/states.tsx";

/** The policy asks for a passkey and there is none; `instead` says what can be done all the same. */
export function NoPasskey({ instead = "" }: { instead?: string }) {
  return (
    <Notice
      tone="warn"
      action={
        <ButtonLink size="sm" href="/account">
          Enrol a passkey
        </ButtonLink>
      }
    >
      The policy asks for a passkey here, and you have none. {instead}
    </Notice>
  );
}
