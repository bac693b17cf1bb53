// Choosing files for a conversation, and sending what was chosen: each a message of its own, in order.
import { type DragEvent, useCallback, useEffect, useRef, useState } from "react";
import { type Chosen, filesOf, letGo, withFiles } from "#/features/inbox/chosen";
import { keepFile } from "#/features/inbox/localFiles";
import { fileOf, useSend } from "#/features/inbox/queries";

export interface Attach {
  chosen: Chosen[];
  add(files: Iterable<File>): void;
  caption(key: string, caption: string): void;
  remove(key: string): void;
  discard(): void;
  send(): void;
  /** Something that can be dropped is held over the conversation. */
  over: boolean;
  /** What makes an element take what is dropped on it. */
  drop: {
    onDragEnter(event: DragEvent): void;
    onDragOver(event: DragEvent): void;
    onDragLeave(event: DragEvent): void;
    onDrop(event: DragEvent): void;
  };
}

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");

/** `allowed` is whether anything can be sent; what is dropped is never opened by the browser either way. */
export function useAttach(chatId: string, allowed: boolean, onSent: () => void): Attach {
  const { mutate } = useSend();
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const latest = useRef(chosen);
  latest.current = chosen;
  useEffect(() => () => letGo(latest.current), []);

  const add = useCallback((files: Iterable<File>): void => {
    const all = [...files];
    setChosen((now) => withFiles(now, all));
  }, []);
  const discard = (): void => {
    letGo(chosen);
    setChosen([]);
  };
  const drag = (change: number) => (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth.current = Math.max(0, depth.current + change);
    setOver(depth.current > 0 && allowed);
  };

  return {
    chosen,
    add,
    discard,
    over,
    caption: (key, caption) => setChosen((now) => now.map((one) => (one.key === key ? { ...one, caption } : one))),
    remove: (key) => {
      letGo(chosen.filter((one) => one.key === key));
      setChosen((now) => now.filter((one) => one.key !== key));
    },
    send: () => {
      for (const { key, file, caption } of chosen) {
        keepFile(key, file);
        mutate({ chatId, text: caption.trim() === "" ? "" : caption, key, file: fileOf(file) });
      }
      discard();
      onSent();
    },
    drop: {
      onDragEnter: drag(1),
      onDragOver: drag(0),
      onDragLeave: drag(-1),
      onDrop: (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        if (allowed) add(filesOf(event.dataTransfer));
      },
    },
  };
}
