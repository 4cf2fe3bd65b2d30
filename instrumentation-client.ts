/** Runs in the browser before the first page comes alive; the router tells it where it is asked to go. */
export { goingTo as onRouterTransitionStart } from "#lib/browser/going.ts";
