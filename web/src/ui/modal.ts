// The browser's own dialog, opened over everything else and closed again as a property says.
import { type RefObject, useEffect, useRef } from "react";

/** The reference for a `<dialog>` that is modal while `open`; what is marked `data-first` in it gets the focus. */
export function useModal(open: boolean): RefObject<HTMLDialogElement | null> {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    if (!dialog) return;
    if (open && !dialog.open) {
      dialog.showModal();
      // React's `autoFocus` comes before the dialog is shown, and is lost to its first button then.
      dialog.querySelector<HTMLElement>("[data-first]")?.focus();
    }
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return box;
}
