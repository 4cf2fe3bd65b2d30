import { TextField } from "#components/ui/field.tsx";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";

type Props = {
  password: string;
  error: string | undefined;
  onPassword: (password: string) => void;
  size?: "lg";
  autoFocus?: boolean;
};

/** The password of whoever is signed in, entered again: a session alone is not enough. Its form has `method="post"`. */
export function PasswordField({ password, error, onPassword, size, autoFocus }: Props) {
  return (
    <TextField
      size={size}
      type="password"
      name="password"
      autoComplete="current-password"
      label="Your password"
      required
      autoFocus={autoFocus}
      value={password}
      maxLength={TEXT_LIMITS.password}
      error={error}
      onChange={(event) => onPassword(event.target.value)}
    />
  );
}
