"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Kbd } from "./kbd.tsx";

const ITEM = cx(
  "flex min-h-7 w-full items-center gap-2 rounded-control px-2 py-1 text-sm outline-none select-none",
  "data-highlighted:bg-hover data-disabled:opacity-50",
);

type MenuProps = {
  trigger: ReactElement;
  side?: "top" | "bottom" | "left" | "right";
  align?: "start" | "center" | "end";
  className?: string;
  children: ReactNode;
};

export function Menu({
  trigger,
  side = "bottom",
  align = "start",
  className,
  children,
}: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal role="region" aria-label="Menu">
        <Base.Positioner side={side} align={align} sideOffset={4} className="z-50">
          <Base.Popup className={cx("float min-w-44 p-1 outline-none", className)}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

type MenuItemProps = {
  icon?: ReactNode;
  keys?: string;
  tone?: "default" | "danger";
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
};

export function MenuItem({
  icon,
  keys,
  tone = "default",
  disabled,
  onSelect,
  children,
}: MenuItemProps) {
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

export function MenuLink({
  href,
  icon,
  children,
}: {
  href: string;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Base.LinkItem render={<Link href={href} />} className={ITEM} closeOnClick>
      {icon}
      <span className="flex-1">{children}</span>
    </Base.LinkItem>
  );
}

type MenuChoiceProps<T extends string> = {
  label: string;
  value: T;
  options: readonly { value: T; label: string; mark?: ReactNode }[];
  /** The menu holds more to choose and stays open. */
  stays?: boolean;
  onChange: (value: T) => void;
};

/** One of several, chosen inside a menu. */
export function MenuChoice<T extends string>({
  label,
  value,
  options,
  stays = false,
  onChange,
}: MenuChoiceProps<T>) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      <Base.Group>
        <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-2xs font-medium text-faint">
          {label}
        </Base.GroupLabel>
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
              <Check className="size-3.5 text-accent" strokeWidth={2} aria-hidden />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.Group>
    </Base.RadioGroup>
  );
}

type MenuChecksProps<T extends string> = {
  label: string;
  values: readonly T[];
  options: readonly { value: T; label: string; mark?: ReactNode }[];
  onChange: (values: T[]) => void;
};

/** Any of several; the menu stays open while choosing. */
export function MenuChecks<T extends string>({
  label,
  values,
  options,
  onChange,
}: MenuChecksProps<T>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-2xs font-medium text-faint">
        {label}
      </Base.GroupLabel>
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
            <Check className="size-3.5 text-accent" strokeWidth={2} aria-hidden />
          </Base.CheckboxItemIndicator>
        </Base.CheckboxItem>
      ))}
    </Base.Group>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}
