// Opens something by a right click, a long press, Enter or the menu key.
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef } from "react";

/** As long as phones take for their own menus. */
const longPressMs = 500;
/** A finger that moves further scrolls. */
const slackPx = 10;

/** Handlers for the element that the menu belongs to; links, buttons and marked text keep their own. */
export function useMenuPress(open: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const from = useRef({ x: 0, y: 0 });
  const stop = (): void => clearTimeout(timer.current);
  const isOwn = (target: EventTarget): boolean =>
    target instanceof Element && target.closest("a, button, input, textarea, audio, video") !== null;
  return {
    onContextMenu: (event: MouseEvent): void => {
      stop();
      if (isOwn(event.target) || (getSelection()?.toString() ?? "") !== "") return;
      event.preventDefault();
      open();
    },
    onPointerDown: (event: PointerEvent): void => {
      stop();
      if (event.pointerType === "mouse" || isOwn(event.target)) return;
      from.current = { x: event.clientX, y: event.clientY };
      timer.current = setTimeout(open, longPressMs);
    },
    onPointerMove: (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - from.current.x, event.clientY - from.current.y) > slackPx) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onPointerLeave: stop,
    onKeyDown: (event: KeyboardEvent): void => {
      if (event.target !== event.currentTarget) return;
      const menuKey = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
      if (event.key !== "Enter" && !menuKey) return;
      event.preventDefault();
      open();
    },
  };
}
