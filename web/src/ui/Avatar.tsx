// A person without a picture: initials on a calm colour of their own.
import { User, Users } from "lucide-react";
import { hueOf, initials } from "#/lib/people";

interface AvatarProps {
  name: string;
  seed: string;
  size: number;
  kind?: "person" | "group";
  className?: string;
}

export function Avatar({ name, seed, size, kind = "person", className }: AvatarProps) {
  const hue = hueOf(seed);
  const letters = /\p{L}/u.test(name) ? initials(name) : null;
  const icon = kind === "group" ? <Users size={size * 0.4} /> : <User size={size * 0.42} />;
  return (
    <span
      aria-hidden="true"
      className={`flex shrink-0 select-none items-center justify-center font-medium ${className ?? ""}`}
      style={{
        width: size,
        height: size,
        fontSize: size * 0.34,
        background: `linear-gradient(150deg, hsl(${hue} 30% 31%), hsl(${(hue + 24) % 360} 34% 22%))`,
        color: `hsl(${hue} 45% 88%)`,
      }}
    >
      {kind === "group" || letters === null ? icon : letters}
    </span>
  );
}
