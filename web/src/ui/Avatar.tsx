// Who somebody is: their picture, and behind it initials on a calm colour of their own for as long as there is none.
import { User, Users } from "lucide-react";
import { useState } from "react";
import { hueOf, initials } from "#/lib/people";

interface AvatarProps {
  name: string;
  seed: string;
  size: number;
  kind?: "person" | "group";
  /** The address of their picture; the name stands beside it. */
  picture?: string | null;
  className?: string;
}

export function Avatar({ name, seed, size, kind = "person", picture, className }: AvatarProps) {
  const hue = hueOf(seed);
  const letters = /\p{L}/u.test(name) ? initials(name) : null;
  const icon = kind === "group" ? <Users size={size * 0.4} /> : <User size={size * 0.42} />;
  return (
    <span
      aria-hidden="true"
      className={`relative flex shrink-0 select-none items-center justify-center overflow-hidden font-medium ${className ?? ""}`}
      style={{
        width: size,
        height: size,
        fontSize: size * 0.34,
        background: `linear-gradient(150deg, hsl(${hue} 30% 31%), hsl(${(hue + 24) % 360} 34% 22%))`,
        color: `hsl(${hue} 45% 88%)`,
      }}
    >
      {kind === "group" || letters === null ? icon : letters}
      {picture && <Face key={picture} address={picture} />}
    </span>
  );
}

/** Round, as WhatsApp draws it: outside the circle is what stood behind it there. */
export const round = "object-cover [clip-path:circle(49%)]";

function Face({ address }: { address: string }) {
  const [state, setState] = useState<"coming" | "there" | "failed">("coming");
  if (state === "failed") return null;
  return (
    <img
      src={address}
      alt=""
      draggable={false}
      onLoad={() => setState("there")}
      onError={() => setState("failed")}
      className={`absolute inset-0 size-full ${round} ${state === "there" ? "" : "opacity-0"}`}
    />
  );
}
