export function focusOn(id: string) {
  document.getElementById(id)?.focus({ preventScroll: true });
}

/** Focuses what a change of the screen is about to bring; gives up after about a second. */
export function focusSoon(id: string, frames = 60) {
  requestAnimationFrame(() => {
    if (document.getElementById(id)) focusOn(id);
    else if (frames > 0) focusSoon(id, frames - 1);
  });
}
