// Linked devices without a browser, in a thread of their own: reading what they are sent is no business of the load.
import { randomBytes } from "node:crypto";
import { connect as tcp } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

const PING = 9;
const PONG = 10;
/** So much of the content must be there before a frame is looked at; its type is within. */
const START = 32;

const { base, count } = workerData;
let frames = 0;

for (let index = 0; index < count; index += 1) await listen(await link());
parentPort.on("message", () => parentPort.postMessage(frames));
parentPort.postMessage("in");

/** Links a device; gives its keys. */
function link() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${base.replace("http", "ws")}/_ws`);
    socket.addEventListener("error", reject);
    socket.addEventListener("open", () => socket.send(hello(null)));
    socket.addEventListener("message", ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.type === "qr") scan(frame.ref).catch(reject);
      if (frame.type !== "paired") return;
      socket.close();
      resolve(frame.device);
    });
  });
}

async function scan(code) {
  const body = JSON.stringify({ code });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${base}/_sim/scan`, { method: "POST", headers, body });
  // A code that was replaced meanwhile: the next one is on its way.
  if (!response.ok && response.status !== 410) throw new Error(`scan: ${response.status}`);
}

/** Comes back with its keys and counts frames from then on; resolves when the chats are there. */
function listen(device) {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = tcp(Number(port), hostname);
    socket.on("error", reject);
    const key = randomBytes(16).toString("base64");
    socket.write(
      `GET /_ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    let pending = Buffer.alloc(0);
    let upgraded = false;
    /** Bytes of the present frame's content that are still to come. */
    let skip = 0;
    socket.on("data", (chunk) => {
      pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
      if (!upgraded) {
        const end = pending.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!pending.subarray(0, end).toString().startsWith("HTTP/1.1 101")) return reject(new Error("no upgrade"));
        upgraded = true;
        pending = pending.subarray(end + 4);
        socket.write(masked(1, hello(device)));
      }
      for (;;) {
        const skipped = Math.min(skip, pending.length);
        skip -= skipped;
        pending = pending.subarray(skipped);
        const frame = skip === 0 && head(pending);
        if (!frame) return;
        frames += 1;
        if (frame.start.includes('"type":"ready"')) resolve();
        if (frame.kind === PING) socket.write(masked(PONG, ""));
        skip = frame.size;
        pending = pending.subarray(frame.begins);
      }
    });
  });
}

/** Kind, size and first bytes of a frame, once they are there. */
function head(bytes) {
  if (bytes.length < 2) return null;
  const short = bytes[1] & 127;
  const begins = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < begins) return null;
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < begins + Math.min(size, START)) return null;
  return { kind: bytes[0] & 15, size, begins, start: bytes.toString("latin1", begins, begins + Math.min(size, START)) };
}

/** A frame from a client, whose content must be masked; a mask of zeros changes nothing. */
function masked(kind, text) {
  const content = Buffer.from(text);
  const size = content.length < 126 ? Buffer.from([128 | content.length]) : Buffer.from([254, 0, 0]);
  if (content.length >= 126) size.writeUInt16BE(content.length, 1);
  return Buffer.concat([Buffer.from([128 | kind]), size, Buffer.alloc(4), content]);
}

function hello(device) {
  return JSON.stringify({ type: "hello", device, locale: null, visible: true });
}
