//! A dialog over everything else; Escape and the backdrop close it.
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description: string;
  closeLabel: string;
  children: ReactNode;
}

export function Dialog({ open, onOpenChange, title, description, closeLabel, children }: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/60 backdrop-blur-[2px]" />
        <Primitive.Content className="-translate-x-1/2 -translate-y-1/2 fixed top-1/2 left-1/2 z-50 max-h-[90dvh] w-[min(34rem,calc(100vw-2rem))] animate-rise overflow-y-auto rounded-2xl border border-line bg-surface p-6 shadow-float focus:outline-none">
          <div className="mb-1 flex items-start justify-between gap-4">
            <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
            <Primitive.Close
              aria-label={closeLabel}
              className="-mt-1 -mr-2 flex size-9 items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-text"
            >
              <X size={18} />
            </Primitive.Close>
          </div>
          <Primitive.Description className="mb-5 text-muted text-sm">{description}</Primitive.Description>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
