// The peer nginx: passes every request to one slice over mutual TLS, and asks nobody who is asking.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tree } from "../processes.mjs";
import { answers } from "./answers.mjs";

/** @param {{port: number, slice: {port: number, name: string}, tls: string}} settings */
export async function startNginx({ port, slice, tls }) {
  const dir = mkdtempSync(join(tmpdir(), "qn-nginx-"));
  const config = join(dir, "nginx.conf");
  writeFileSync(config, configuration(dir, port, slice, tls));
  const child = spawn("nginx", ["-e", join(dir, "error.log"), "-c", config], { stdio: "inherit" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await answers(`http://127.0.0.1:${port}/api/status/state`, {});
  return {
    url: `http://127.0.0.1:${port}`,
    pids: () => tree(child.pid),
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function configuration(dir, port, slice, tls) {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off;
pid ${dir}/pid;
worker_processes 2;
events { worker_connections 1024; }
http {
  access_log off;
  ${places.map((place) => `${place}_temp_path ${dir}/${place};`).join("\n  ")}
  upstream slice {
    server 127.0.0.1:${slice.port};
    keepalive 64;
    keepalive_requests 1000000;
  }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000;
    location / {
      proxy_pass https://slice;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_ssl_protocols TLSv1.3;
      proxy_ssl_certificate ${tls}/gateway.pem;
      proxy_ssl_certificate_key ${tls}/gateway.key;
      proxy_ssl_trusted_certificate ${tls}/ca.pem;
      proxy_ssl_verify on;
      proxy_ssl_name ${slice.name};
      proxy_ssl_server_name on;
    }
  }
}
`;
}
