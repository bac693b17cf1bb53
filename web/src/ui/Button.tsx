// Buttons: one primary action per view, the rest quiet.
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { cx } from "#/ui/cx";
import { Spinner } from "#/ui/Spinner";

const looks = {
  primary:
    "bg-accent text-accent-ink font-semibold hover:bg-accent-strong disabled:bg-hover disabled:text-faint disabled:border-edge border border-transparent",
  outline: "border border-edge bg-transparent text-text font-medium hover:bg-hover disabled:text-faint",
  quiet: "border border-transparent text-muted font-medium hover:bg-hover hover:text-text disabled:text-faint",
  danger: "border border-danger/40 text-danger font-medium hover:bg-danger-soft disabled:text-faint",
};
const sizes = {
  s: "h-8 px-3 text-sm gap-1.5",
  m: "h-10 px-4 text-[0.9375rem] gap-2",
  l: "h-12 px-6 text-base gap-2.5",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  busy?: boolean;
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = "outline",
  size = "m",
  busy = false,
  icon,
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={cx(
        "inline-flex shrink-0 select-none items-center justify-center rounded-lg transition-colors duration-150 ease-calm active:translate-y-px disabled:cursor-not-allowed disabled:active:translate-y-0",
        looks[look],
        sizes[size],
        className,
      )}
    >
      {busy ? <Spinner size={16} /> : icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  ref?: Ref<HTMLButtonElement>;
}

/** A square button that shows an icon only; the label is its name and its hint. */
export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        "inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-text disabled:cursor-not-allowed disabled:text-faint disabled:hover:bg-transparent aria-pressed:bg-active aria-pressed:text-accent",
        className,
      )}
    >
      {children}
    </button>
  );
}
