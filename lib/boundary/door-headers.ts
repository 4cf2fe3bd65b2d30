/** What every answer of a door says to a browser: keep it, frame it, sniff it or run it, never. */
const DOOR_HEADERS = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
} as const;

export function withDoorHeaders(response: Response): Response {
  for (const [name, value] of Object.entries(DOOR_HEADERS)) response.headers.set(name, value);
  if (!response.headers.has("cache-control"))
    response.headers.set("cache-control", "private, no-store");
  return response;
}
