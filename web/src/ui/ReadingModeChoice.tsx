// The question of decision 9 with both answers and their consequence; nothing is chosen beforehand.
import { BookOpenCheck, Eye } from "lucide-react";
import { useWords } from "#/lib/words";
import { Choice } from "#/ui/Choice";

type Mode = "background" | "on_open";

export function ReadingModeChoice({ value, onChoose }: { value: Mode | null; onChoose(mode: Mode): void }) {
  const say = useWords();
  return (
    <Choice
      label={say("mode.question")}
      value={value}
      onChoose={onChoose}
      options={[
        {
          value: "background",
          title: say("mode.background"),
          text: say("mode.background_text"),
          icon: <BookOpenCheck size={20} aria-hidden="true" />,
        },
        {
          value: "on_open",
          title: say("mode.on_open"),
          text: say("mode.on_open_text"),
          icon: <Eye size={20} aria-hidden="true" />,
        },
      ]}
    />
  );
}
