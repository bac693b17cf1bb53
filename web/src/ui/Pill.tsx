// A state as a pill with a light; pressing it tells why.
import { Popover } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "#/ui/cx";

export type PillTone = "good" | "busy" | "off" | "doubt";

const tones: Record<PillTone, { box: string; light: string }> = {
  good: { box: "border-accent/35 bg-accent-soft text-accent", light: "bg-accent" },
  busy: { box: "border-warn/35 bg-warn-soft text-warn", light: "bg-warn animate-breathe" },
  off: { box: "border-edge bg-raised text-muted", light: "bg-faint" },
  doubt: { box: "border-warn/35 bg-warn-soft text-warn", light: "bg-transparent ring-2 ring-inset ring-warn" },
};

interface PillProps {
  tone: PillTone;
  word: string;
  /** Said before the word by a screen reader. */
  label: string;
  children: ReactNode;
}

export function Pill({ tone, word, label, children }: PillProps) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={`${label}: ${word}`}
        className={cx(
          "label-mono inline-flex h-7 items-center gap-2 rounded-full border px-2.5 font-medium transition-colors hover:brightness-110",
          tones[tone].box,
        )}
      >
        <span className={cx("size-2 rounded-full", tones[tone].light)} />
        {word}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={8}
          collisionPadding={12}
          aria-label={label}
          className="z-50 w-80 max-w-[calc(100vw-1.5rem)] animate-rise rounded-xl border border-line bg-raised p-4 text-sm shadow-float focus:outline-none"
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
