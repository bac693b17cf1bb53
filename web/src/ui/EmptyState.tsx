// A place where nothing is yet, with what it is for.
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex h-full animate-rise flex-col items-center justify-center px-8 py-12 text-center">
      <div className="mb-5 flex size-16 items-center justify-center rounded-2xl border border-line bg-raised text-accent">
        {icon}
      </div>
      <h2 className="mb-1.5 font-semibold text-lg">{title}</h2>
      {children && <div className="max-w-sm text-pretty text-muted text-sm">{children}</div>}
      {action && <div className="mt-6">{action}</div>}
    </div>
  );
}
