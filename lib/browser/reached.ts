type Unreached = {
  ok: false;
  code: "no_connection";
  message: string;
  reasons?: undefined;
  fieldErrors?: undefined;
};

/** What a server action answers when it could not be reached, or its answer never came. */
export const UNREACHED: Unreached = {
  ok: false,
  code: "no_connection",
  message: "There is no connection; whether it was done is not known. Look again when it is back.",
};

/** The answer of a server action; `UNREACHED` instead of an exception, which would take the screen away. */
export async function reached<T>(answer: Promise<T>): Promise<T | Unreached> {
  try {
    return await answer;
  } catch {
    return UNREACHED;
  }
}
