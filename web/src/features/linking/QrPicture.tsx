// A text drawn as a QR code; the library is loaded only when a code is shown.
import { useQuery } from "@tanstack/react-query";
import { Spinner } from "#/ui/Spinner";

interface Drawing {
  size: number;
  path: string;
}

/** The dark modules as one path, so that edges stay sharp at any size. */
async function draw(value: string): Promise<Drawing> {
  const { create } = await import("qrcode");
  const { modules } = create(value, { errorCorrectionLevel: "L" });
  let path = "";
  for (let y = 0; y < modules.size; y++)
    for (let x = 0; x < modules.size; x++) if (modules.get(y, x)) path += `M${x} ${y}h1v1h-1z`;
  return { size: modules.size, path };
}

/** White in both themes: phones need dark on light, with a quiet zone of four modules. */
export function QrPicture({ value, label }: { value: string; label: string }) {
  const drawing = useQuery({
    queryKey: ["qr-picture", value],
    queryFn: () => draw(value),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: (before) => before,
  }).data;
  return (
    <div className="flex aspect-square w-full items-center justify-center rounded-2xl bg-white text-black shadow-float">
      {drawing ? (
        <svg
          viewBox={`-4 -4 ${drawing.size + 8} ${drawing.size + 8}`}
          shapeRendering="crispEdges"
          role="img"
          aria-label={label}
          className="w-full"
          data-code={value}
        >
          <path d={drawing.path} fill="#0b1512" />
        </svg>
      ) : (
        <Spinner size={28} />
      )}
    </div>
  );
}
