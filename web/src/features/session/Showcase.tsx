// A small still of the product for the sign-in pages; decoration only.
import { useWords } from "#/lib/words";
import { Avatar } from "#/ui/Avatar";
import { Ticks } from "#/ui/Ticks";

export function Showcase() {
  const say = useWords();
  return (
    <div
      aria-hidden="true"
      className="mt-10 max-w-md overflow-hidden rounded-2xl border border-line bg-surface shadow-float"
    >
      <div className="flex items-center border-line border-b">
        <Avatar name="Marina Duarte" seed="marina" size={56} />
        <div className="px-4">
          <p className="font-medium text-sm">Marina Duarte</p>
          <p className="font-mono text-faint text-xs">+55 11 98888-0142</p>
        </div>
      </div>
      <div className="ground space-y-2 p-5 text-sm">
        <p className="w-fit max-w-[80%] rounded-xl rounded-tl-sm bg-received px-3.5 py-2">{say("auth.show_in")}</p>
        <p className="ml-auto flex w-fit max-w-[80%] flex-wrap items-end justify-end gap-x-3 rounded-xl rounded-tr-sm bg-sent px-3.5 py-2">
          <span className="mr-auto">{say("auth.show_out")}</span>
          <span className="inline-flex items-center gap-1.5 font-mono text-[0.6875rem] text-muted">
            09:41 <Ticks tick="read" label="" />
          </span>
        </p>
      </div>
    </div>
  );
}
