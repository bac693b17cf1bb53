// A page of the simulator without a browser: it speaks the protocol of crates/queunir-sim/PROTOCOL.md as the recorded
// page does (link, come back with the keys, take the list, open a chat and keep it in focus) and draws nothing.

/** Links a client as a device of `account`; resolves when it has its list. */
export async function linkClient(simulator, account) {
  const device = await paired(simulator, account);
  const { socket, next } = connect(simulator, device);
  const { chats } = await next("ready");
  const [{ id: chat }] = chats;
  const opened = next("messages");
  socket.send(JSON.stringify({ type: "openChat", chat }));
  socket.send(JSON.stringify({ type: "focus", chat, visible: true }));
  await opened;
  return { close: () => socket.close() };
}

async function paired(simulator, account) {
  const { socket, next } = connect(simulator, null);
  const { ref } = await next("qr");
  const scanned = next("paired");
  const scan = await fetch(`${simulator}/_sim/scan`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: ref, account }),
  });
  if (!scan.ok) throw new Error(`scan: ${scan.status} ${await scan.text()}`);
  const { device } = await scanned;
  socket.close();
  return device;
}

function connect(simulator, device) {
  const socket = new WebSocket(`${simulator.replace("http", "ws")}/_ws`);
  const hello = { type: "hello", device, locale: null, visible: true };
  socket.addEventListener("open", () => socket.send(JSON.stringify(hello)));
  /** The next frame of a type. */
  const next = (type) =>
    new Promise((resolve, reject) => {
      const look = ({ data }) => {
        const frame = JSON.parse(data);
        if (frame.type !== type) return;
        socket.removeEventListener("message", look);
        resolve(frame);
      };
      socket.addEventListener("message", look);
      socket.addEventListener("close", () => reject(new Error(`the line was closed before ${type}`)), { once: true });
    });
  return { socket, next };
}
