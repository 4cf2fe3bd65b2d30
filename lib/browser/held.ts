"use client";

import { useSyncExternalStore } from "react";

/** A value beside the tree: only the parts that read it render when it changes, and a key may read it at any time. */
export class Held<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly read = (): T => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly set = (value: T): void => {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  };
}

export function useHeld<T>(held: Held<T>): T {
  return useSyncExternalStore(held.subscribe, held.read, held.read);
}
