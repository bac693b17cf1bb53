// Somebody else takes a slice's port while the slice is down: nothing is ever routed to them, and the slice moves.
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { until } from "../account.ts";
import { Probe } from "../probe.ts";
import { kill } from "../service.ts";
import { test } from "../test.ts";
import { linked, Traffic } from "../traffic.ts";

test.skip(process.env.QN_RUNTIME === "docker", "the port of a container is the engine's");

test("a stranger at a slice's port gets nothing", async () => {
  const { service, account } = await linked();
  const heard: Buffer[] = [];
  let stranger: Server | undefined;
  const [orchestrator] = service.processesMatching(/queunir .*orchestrator/);
  try {
    const slice = () => service.processesMatching(/slice --spec/);
    const record = () => JSON.parse(readFileSync(join(service.state, "slices/1/process.json"), "utf8")) as Record_;
    const before = record();
    const traffic = await Traffic.start(service, account);
    await until("traffic", async () => (traffic.accepted.length > 0 ? true : undefined));

    // The orchestrator looks away until the stranger sits there.
    process.kill(orchestrator as number, "SIGSTOP");
    for (const pid of slice()) kill(pid);
    await until("the slice gone", async () => (slice().length === 0 ? true : undefined));
    stranger = await until("the port free", () => listen(before.port, heard));
    const probe = new Probe(account);
    await until("an attempt of the gateway", async () => (heard.length > 3 ? true : undefined));
    process.kill(orchestrator as number, "SIGCONT");

    await until("the slice elsewhere", async () => (record().generation > before.generation ? true : undefined));
    await until("an answer", async () => ((await account.call("GET", "/api/chats")).ok ? true : undefined));
    expect(record().port).not.toBe(before.port);
    await traffic.end();
    await probe.end();
    await traffic.settled();
    expect([...probe.refusals.keys()].sort()).toEqual(["503 slice_unavailable"]);

    // Only the beginnings of TLS handshakes, and the word that they failed; nothing of a request.
    for (const bytes of heard) expect(bytes.subarray(0, 2).toString("hex")).toMatch(/^(16|15)03$/);
    const said = Buffer.concat(heard).toString("latin1");
    expect(said).not.toMatch(/HTTP|x-qn|chats|cookie/i);
  } finally {
    stranger?.close();
    if (orchestrator) process.kill(orchestrator, "SIGCONT");
    await service.remove();
  }
});

interface Record_ {
  port: number;
  generation: number;
}

/** Takes the port and answers everything as a web server without TLS would. */
function listen(port: number, heard: Buffer[]): Promise<Server> {
  const server = createServer((socket: Socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      heard.push(bytes);
      socket.end("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
