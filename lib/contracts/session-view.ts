/** One of a person's own sessions that still counts. Times ISO 8601 UTC. */
export type SessionView = {
  id: string;
  openedAt: string;
  lastSeenAt: string;
  userAgent: string | null;
  address: string | null;
  /** The session that asks. */
  current: boolean;
};
