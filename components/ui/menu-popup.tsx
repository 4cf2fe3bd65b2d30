"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import { cx } from "./cx.ts";
import { isOfTrigger } from "./popup-root.ts";
import type { PopupRoot } from "./popup-root.ts";
import { Kbd } from "./kbd.tsx";
import { MenuParts } from "./menu-parts.ts";
import type {
  MenuChecksProps,
  MenuChoiceProps,
  MenuItemProps,
  MenuLinkProps,
  MenuProps,
} from "./menu-parts.ts";

const ITEM = cx(
  "flex min-h-7 w-full items-center gap-2 rounded-control px-2 py-1 text-sm outline-none select-none",
  "data-highlighted:bg-hover data-disabled:opacity-50",
);

type Props = Omit<MenuProps, "trigger"> & PopupRoot & { byKey: boolean };

/** The menu itself, which is fetched when somebody reaches for it; the parts it is made of come with it. */
export function MenuPopup({
  anchor,
  id,
  labelledBy,
  open,
  onOpen,
  byKey,
  side = "bottom",
  align = "start",
  className,
  children,
}: Props) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, details) => {
        if (!next && isOfTrigger(details, anchor.current)) details.cancel();
        else onOpen(next);
      }}
    >
      <Base.Portal role="region" aria-label="Menu">
        <Base.Positioner anchor={anchor} side={side} align={align} sideOffset={4} className="z-50">
          <Base.Popup
            id={id}
            aria-labelledby={labelledBy}
            onFocus={(event) => {
              const { currentTarget, relatedTarget, target } = event;
              // It is focused again whenever the pointer leaves an item; only coming in means the first
              const isInside =
                relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
              if (byKey && target === currentTarget && !isInside) firstOf(currentTarget);
            }}
            onKeyDown={(event) => {
              if (event.key !== "Tab") return;
              // On to what comes after the button, as if the menu had never been in between
              anchor.current?.focus();
              onOpen(false);
            }}
            className={cx("float min-w-44 p-1 outline-none", className)}
          >
            <MenuParts value={PARTS}>{children}</MenuParts>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function firstOf(menu: Element) {
  menu.querySelector<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])')?.focus();
}

function Item({ icon, keys, tone = "default", disabled, onSelect, children }: MenuItemProps) {
  return (
    <Base.Item
      className={cx(ITEM, tone === "danger" && "text-danger")}
      disabled={disabled}
      onClick={onSelect}
    >
      {icon}
      <span className="flex-1">{children}</span>
      {keys ? <Kbd>{keys}</Kbd> : null}
    </Base.Item>
  );
}

function ItemLink({ href, icon, children }: MenuLinkProps) {
  return (
    <Base.LinkItem render={<Link href={href} />} className={ITEM} closeOnClick>
      {icon}
      <span className="flex-1">{children}</span>
    </Base.LinkItem>
  );
}

function Choice({ label, value, options, stays = false, onChange }: MenuChoiceProps<string>) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next) => onChange(String(next))}>
      <Base.Group>
        <GroupLabel>{label}</GroupLabel>
        {options.map((option) => (
          <Base.RadioItem
            key={option.value}
            value={option.value}
            closeOnClick={!stays}
            className={ITEM}
          >
            {option.mark}
            <span className="flex-1">{option.label}</span>
            <Base.RadioItemIndicator>
              <Tick />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.Group>
    </Base.RadioGroup>
  );
}

function Checks({ label, values, options, onChange }: MenuChecksProps<string>) {
  return (
    <Base.Group>
      <GroupLabel>{label}</GroupLabel>
      {options.map((option) => (
        <Base.CheckboxItem
          key={option.value}
          className={ITEM}
          checked={values.includes(option.value)}
          onCheckedChange={(on) =>
            onChange(
              on ? [...values, option.value] : values.filter((value) => value !== option.value),
            )
          }
        >
          {option.mark}
          <span className="flex-1">{option.label}</span>
          <Base.CheckboxItemIndicator>
            <Tick />
          </Base.CheckboxItemIndicator>
        </Base.CheckboxItem>
      ))}
    </Base.Group>
  );
}

function GroupLabel({ children }: { children: string }) {
  return (
    <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-2xs font-medium text-faint">
      {children}
    </Base.GroupLabel>
  );
}

function Tick() {
  return <Check className="size-3.5 text-accent" strokeWidth={2} aria-hidden />;
}

function Separator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

const PARTS = { Item, Link: ItemLink, Choice, Checks, Separator };
