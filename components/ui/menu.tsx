"use client";

import dynamic from "next/dynamic";
import { use, useState } from "react";
import { later, soon } from "./later.tsx";
import { MenuParts } from "./menu-parts.ts";
import type {
  MenuChecksProps,
  MenuChoiceProps,
  MenuItemProps,
  MenuLinkProps,
  MenuProps,
} from "./menu-parts.ts";
import { usePress } from "./use-press.ts";

const load = soon(async () => (await import("./menu-popup.tsx")).MenuPopup);
const MenuPopup = later(dynamic(load));

export function Menu({ trigger, ...look }: MenuProps) {
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const onOpen = (next: boolean) => {
    setOpen(next);
    setUsed(true);
  };
  const { element, anchor, byKey, popup } = usePress({
    trigger,
    has: "menu",
    open,
    onOpen,
    load,
  });
  return (
    <>
      {element}
      {used ? <MenuPopup {...look} {...popup} {...{ anchor, byKey, open, onOpen }} /> : null}
    </>
  );
}

export function MenuItem(props: MenuItemProps) {
  const parts = use(MenuParts);
  return parts ? <parts.Item {...props} /> : null;
}

export function MenuLink(props: MenuLinkProps) {
  const parts = use(MenuParts);
  return parts ? <parts.Link {...props} /> : null;
}

/** One of several, chosen inside a menu. */
export function MenuChoice<T extends string>({ onChange, ...props }: MenuChoiceProps<T>) {
  const parts = use(MenuParts);
  return parts ? <parts.Choice {...props} onChange={(value) => onChange(value as T)} /> : null;
}

/** Any of several; the menu stays open while choosing. */
export function MenuChecks<T extends string>({ onChange, ...props }: MenuChecksProps<T>) {
  const parts = use(MenuParts);
  return parts ? <parts.Checks {...props} onChange={(values) => onChange(values as T[])} /> : null;
}

export function MenuSeparator() {
  const parts = use(MenuParts);
  return parts ? <parts.Separator /> : null;
}
