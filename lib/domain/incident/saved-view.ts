import type { Role } from "#lib/domain/people/permissions.ts";

export const SAVED_VIEWS_MAX = 50;
export const VIEW_NAME_MAX = 60;

type Owned = { owner: { id: string }; shared: boolean };

/** A view is its owner's; one that is shared is a lead's too, so that it does not outlast the one who left. */
export function mayChangeView(person: { id: string; role?: Role }, view: Owned): boolean {
  return view.owner.id === person.id || (view.shared && person.role === "lead");
}

/** Who may put a view before everybody: those who work the queue. */
export function mayShareViews(role: Role | undefined): boolean {
  return role === "analyst" || role === "lead";
}
