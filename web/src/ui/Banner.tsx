// A strip that says something true about the whole view, with at most one action.
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "#/ui/cx";

const tones = {
  info: { box: "bg-raised border-line text-muted", icon: <Info size={17} className="text-accent" /> },
  warn: { box: "bg-warn-soft border-warn/25 text-text", icon: <TriangleAlert size={17} className="text-warn" /> },
  danger: { box: "bg-danger-soft border-danger/25 text-text", icon: <CircleAlert size={17} className="text-danger" /> },
};

interface BannerProps {
  tone: keyof typeof tones;
  children: ReactNode;
  action?: ReactNode;
  boxed?: boolean;
  /** An alert interrupts a screen reader; a status waits. */
  role?: "status" | "alert";
}

export function Banner({ tone, children, action, boxed = false, role = "status" }: BannerProps) {
  const { box, icon } = tones[tone];
  return (
    <div
      role={role}
      className={cx(
        "flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5 text-sm leading-snug",
        boxed ? "rounded-xl border" : "border-b",
        box,
      )}
    >
      <span className="shrink-0" aria-hidden="true">
        {icon}
      </span>
      <div className="min-w-0 flex-1 basis-52">{children}</div>
      {action}
    </div>
  );
}
