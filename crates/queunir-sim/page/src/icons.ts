// The drawings: newer ones are an svg with a title, older ones keep a span with `data-icon`, `data-testid` and the same title.
import { css } from "./atoms.ts";
import { h, s } from "./dom.ts";
import { dress } from "./generation.ts";

interface Drawing {
  box?: string;
  path: string;
  stroke?: boolean;
}

const DRAWINGS: Record<string, Drawing> = {
  "wds-ic-status-pending": {
    box: "0 0 16 16",
    path: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2M8 5v3.2l2 1.3",
    stroke: true,
  },
  "ic-schedule": {
    box: "0 0 16 16",
    path: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2M8 5v3.2l2 1.3",
    stroke: true,
  },
  "wds-ic-delivered": { box: "0 0 16 16", path: "M3 8.6l3.2 3.2L13 4.6", stroke: true },
  "wds-ic-read": { box: "0 0 18 16", path: "M1 8.6l3.2 3.2L11 4.6M8.2 11.2l.8.6L16 4.6", stroke: true },
  "msg-fail": {
    box: "0 0 16 16",
    path: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM7.2 4h1.6v5H7.2zm0 6.2h1.6V12H7.2z",
  },
  "ic-push-pin": { path: "M16 9V4h1V2H7v2h1v5l-2 2v2h5v7l1 1 1-1v-7h5v-2z" },
  "ic-notifications-off": {
    path: "M12 22a2 2 0 0 0 2-2h-4a2 2 0 0 0 2 2zM4 4l16 16M18 15V11a6 6 0 0 0-9-5.2M6 11v5l-1 1h11",
    stroke: true,
  },
  "ic-archive": { path: "M4 4h16v4H4zM5.5 8v12h13V8M10 12h4", stroke: true },
  "ic-search": { path: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L21 21", stroke: true },
  "ic-close": { path: "M6 6l12 12M18 6L6 18", stroke: true },
  "ic-refresh": { path: "M18 8A7 7 0 1 0 19 13M19 4v5h-5", stroke: true },
  "ic-expand-more": { path: "M6 9l6 6 6-6", stroke: true },
  "wds-ic-send-filled": { path: "M3 20.5V14l8-2-8-2V3.5L22 12z" },
  "ic-mic": {
    path: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M6 11a6 6 0 0 0 12 0M12 17v4",
    stroke: true,
  },
  "plus-rounded": { path: "M12 5v14M5 12h14", stroke: true },
  smiley: {
    path: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 14c1 2 2.4 3 4 3s3-1 4-3M9 9.5v.5M15 9.5v.5",
    stroke: true,
  },
  "ic-chat": { path: "M4 5h16v11H9l-5 4z", stroke: true },
  "ic-status": { path: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8", stroke: true },
  "ic-channels": { path: "M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6", stroke: true },
  "ic-groups": {
    path: "M8 6a3 3 0 1 0 0 6 3 3 0 0 0 0-6M16 6a3 3 0 1 0 0 6M2 19c0-3 2.5-5 6-5s6 2 6 5M16 14c3.5 0 6 2 6 5",
    stroke: true,
  },
  "ic-settings": {
    path: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 2v4M12 18v4M2 12h4M18 12h4M5 5l3 3M16 16l3 3M19 5l-3 3M8 16l-3 3",
    stroke: true,
  },
  "new-chat-outline": { path: "M4 4h16v12H9l-5 4zM12 7v6M9 10h6", stroke: true },
  "more-refreshed": {
    path: "M12 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm0 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm0 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  },
  "ic-lock": { path: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3", stroke: true },
  "tail-in": { box: "0 0 8 13", path: "M1.5 0H8v13L.6 2.3C-.3 1 .2 0 1.5 0z" },
  "tail-out": { box: "0 0 8 13", path: "M6.5 0H0v13L7.4 2.3C8.3 1 7.8 0 6.5 0z" },
  recalled: { path: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M5.6 5.6l12.8 12.8", stroke: true },
  "default-contact-refreshed": {
    path: "M12 5a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm0 10c-4.4 0-8 2-8 4.5V21h16v-1.500c0-2.500-3.600-4.500-8-4.500z",
  },
  "default-group-refreshed": {
    path: "M8.500 6a3.200 3.200 0 1 0 0 6.400 3.200 3.200 0 0 0 0-6.400zm7.500.6a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600zM8.500 14C5 14 2 15.600 2 17.700V19h13v-1.300C15 15.600 12 14 8.500 14zm7.500 0c3 0 6 1.400 6 3.300V19h-5v-1.300c0-1.500-.8-2.700-2-3.500z",
  },
  "ic-image": { path: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.500v.5", stroke: true },
  "ic-videocam-filled": { path: "M3 7a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v3l5-3v10l-5-3v3a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z" },
  "ic-videocam": { path: "M3 6h13v12H3zM16 10l5-3v10l-5-3", stroke: true },
  "ic-headphones": { path: "M4 14v-2a8 8 0 0 1 16 0v2M4 14h3v6H4zM17 14h3v6h-3z", stroke: true },
  "ic-description": { path: "M6 3h8l5 5v13H6zM9 12h7M9 16h7", stroke: true },
  "ic-gif": { path: "M4 7h16v10H4zM9 10H7v4h2v-2M12 10v4M15 14v-4h2.500M15 12h2", stroke: true },
  "ic-mic-filled": {
    path: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11h2a5 5 0 0 0 10 0h2a7 7 0 0 1-6 6.900V21h-2v-3.100A7 7 0 0 1 5 11z",
  },
  "ptt-status": {
    path: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11h2a5 5 0 0 0 10 0h2a7 7 0 0 1-6 6.900V21h-2v-3.100A7 7 0 0 1 5 11z",
  },
  "ic-sticker": { path: "M5 4h14v9l-6 7H5zM13 20v-7h6", stroke: true },
  "ic-location-on": {
    path: "M12 2a7 7 0 0 0-7 7c0 5.200 7 13 7 13s7-7.800 7-13a7 7 0 0 0-7-7zm0 4.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z",
  },
  "ic-person": { path: "M12 5a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 21c0-3 3.500-5 8-5s8 2 8 5", stroke: true },
  "ic-poll": { path: "M4 6h14M4 12h9M4 18h16", stroke: true },
  "ic-view-once": { path: "M12 3a9 9 0 1 0 9 9M11 9.500l1.500-1v7", stroke: true },
  "ic-play-arrow-filled": { path: "M8 5v14l11-7z" },
  "ic-download": { path: "M12 4v11M7 11l5 5 5-5M5 20h14", stroke: true },
  "ic-upload": { path: "M12 20V9M7 13l5-5 5 5M5 4h14", stroke: true },
  "ic-cloud-off": {
    path: "M4 4l16 16M9 6.500A6 6 0 0 1 18 11a4 4 0 0 1 2.500 6.500M6.500 9.500A4.500 4.500 0 0 0 7 18.500h9.500",
    stroke: true,
  },
  "audio-download": {
    path: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v8M8.500 12l3.500 3.500 3.500-3.500",
    stroke: true,
  },
  "document-PDF-icon": { path: "M6 2h9l5 5v15H6zM9 13h8M9 17h5", stroke: true },
  "document-refreshed-thin": { path: "M6 2h9l5 5v15H6zM9 12h8M9 16h8", stroke: true },
  "forward-refreshed": { path: "M14 6l6 6-6 6v-4c-5 0-8 2-10 5 0-6 4-9 10-9z" },
  "media-cancel": { path: "M12 4a8 8 0 1 1-8 8", stroke: true },
  "ic-star": {
    path: "M12 3l2.700 5.800 6.300.8-4.600 4.400 1.200 6.300L12 17.200 6.400 20.300l1.200-6.300L3 9.600l6.300-.8z",
  },
  "ic-link": { path: "M9 15l6-6M10 7l2-2a4 4 0 0 1 6 6l-2 2M14 17l-2 2a4 4 0 0 1-6-6l2-2", stroke: true },
  "ic-phone": { path: "M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4c-9 1-16-6-15-15z", stroke: true },
  "ic-phone-missed": { path: "M4 4l8 7 8-7M3 17c5-5 13-5 18 0l-3 3-4-3H10l-4 3z", stroke: true },
  "ic-alternate-email": {
    path: "M16 12a4 4 0 1 0-1.200 2.900M16 8v5a2.500 2.500 0 0 0 5 0v-1a9 9 0 1 0-4 7.500",
    stroke: true,
  },
  "media-filled-refreshed": { path: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.500v.5", stroke: true },
  "ic-chevron-down-menu": { path: "M6 9l6 6 6-6", stroke: true },
  "ic-mood": {
    path: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 14c1 2 2.4 3 4 3s3-1 4-3M9 9.5v.5M15 9.5v.5",
    stroke: true,
  },
  "ic-info": { path: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v6M12 7.500v.5", stroke: true },
  "ic-reply": { path: "M10 6l-6 6 6 6v-4c5 0 8 1 10 5 0-6-4-9-10-9z" },
  "ic-content-copy": { path: "M8 8h11v12H8zM5 16V4h11", stroke: true },
  "ic-fast-forward": { path: "M14 6l6 6-6 6v-4c-5 0-8 2-10 5 0-6 4-9 10-9z" },
  "wds-ic-push-pin-slash": { path: "M16 9V4h1V2H7v2h1v5l-2 2v2h5v7l1 1 1-1v-7h5v-2z" },
  "ic-grade": {
    path: "M12 4l2.500 5.200 5.700.8-4.100 4 1 5.700L12 17l-5.100 2.700 1-5.700-4.100-4 5.700-.8z",
    stroke: true,
  },
  "wds-ic-grade-slash": {
    path: "M12 4l2.500 5.200 5.700.8-4.100 4 1 5.700L12 17l-5.100 2.700 1-5.700-4.100-4 5.700-.8zM4 4l16 16",
    stroke: true,
  },
  "ic-edit": { path: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4", stroke: true },
  "ic-check-box": { path: "M4 4h16v16H4zM8 12l3 3 5-6", stroke: true },
  "ic-thumb-down": { path: "M7 4h10l2 9h-6v6l-3 1-3-7zM4 4v9", stroke: true },
  "ic-delete": { path: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13", stroke: true },
  "ic-add": { path: "M12 5v14M5 12h14", stroke: true },
  "web-ic-check": { path: "M5 12.500l5 5L19 7", stroke: true },
  "ic-arrow-forward": { path: "M5 12h14M13 6l6 6-6 6", stroke: true },
  "pin-refreshed": { path: "M16 9V4h1V2H7v2h1v5l-2 2v2h5v7l1 1 1-1v-7h5v-2z" },
  "pinned-small": { path: "M16 9V4h1V2H7v2h1v5l-2 2v2h5v7l1 1 1-1v-7h5v-2z" },
  "ic-key-off": { path: "M3 12a4 4 0 1 0 8 0 4 4 0 0 0-8 0M11 12h10v3", stroke: true },
};

/** A drawing: an svg with its name as title; in other generations a span around it. */
export function drawing(name: string, size = 24, height = size): Element {
  const shown = dress().icon(name);
  if (!dress().spans) return svg(name, shown, size, height);
  return h("span", { "aria-hidden": "true", "data-icon": shown, class: css("display: inline-flex") }, [
    svg(name, shown, size, height),
  ]);
}

/** An older icon: span, `data-icon`, `data-testid` and title all say the same. */
export function spanIcon(name: string, size = 24, height = size): HTMLElement {
  const shown = dress().icon(name);
  return h(
    "span",
    { "aria-hidden": "true", "data-icon": shown, "data-testid": shown, class: css("display: inline-flex") },
    [svg(name, shown, size, height)],
  );
}

function svg(name: string, shown: string, size: number, height: number): SVGElement {
  const { box = "0 0 24 24", path, stroke = false } = DRAWINGS[name.replace(/-ack$/, "")] ?? { path: "" };
  const shape = stroke
    ? {
        d: path,
        fill: "none",
        stroke: "currentColor",
        "stroke-width": box === "0 0 24 24" ? 2 : 1.5,
        "stroke-linecap": "round",
      }
    : { d: path, fill: "currentColor" };
  return s("svg", { viewBox: box, height, width: size, preserveAspectRatio: "xMidYMid meet", fill: "none" }, [
    s("title", {}, shown),
    s("path", shape),
  ]);
}
