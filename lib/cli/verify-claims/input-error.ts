/** Something the person at the keyboard can mend: one sentence, exit code 2. */
export class InputError extends Error {
  override name = "InputError";
}
