import { createContext } from "react";
import type { ComponentType, ReactElement, ReactNode } from "react";

export type MenuProps = {
  trigger: ReactElement;
  side?: "top" | "bottom" | "left" | "right";
  align?: "start" | "center" | "end";
  className?: string;
  children: ReactNode;
};

export type MenuItemProps = {
  icon?: ReactNode;
  keys?: string;
  tone?: "default" | "danger";
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
};

export type MenuLinkProps = { href: string; icon?: ReactNode; children: ReactNode };

type Option<T extends string> = { value: T; label: string; mark?: ReactNode };

export type MenuChoiceProps<T extends string> = {
  label: string;
  value: T;
  options: readonly Option<T>[];
  /** The menu holds more to choose and stays open. */
  stays?: boolean;
  onChange: (value: T) => void;
};

export type MenuChecksProps<T extends string> = {
  label: string;
  values: readonly T[];
  options: readonly Option<T>[];
  onChange: (values: T[]) => void;
};

type Parts = {
  Item: ComponentType<MenuItemProps>;
  Link: ComponentType<MenuLinkProps>;
  Choice: ComponentType<MenuChoiceProps<string>>;
  Checks: ComponentType<MenuChecksProps<string>>;
  Separator: ComponentType;
};

/** What the parts of a menu are drawn with, which is fetched with the menu. */
export const MenuParts = createContext<Parts | null>(null);
