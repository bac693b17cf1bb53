// The peer Express: finds the session with one query per request, then passes the request on to the slice it names.
// Express 4, http-proxy-middleware 3, node-postgres with a prepared statement; one process, as Node is usually run.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import express from "express";
import { createProxyMiddleware } from "http-proxy-middleware";
import pg from "pg";

const { port, slice, tls, database } = JSON.parse(process.argv[2]);
const pool = new pg.Pool({ ...database, max: 16 });
const SESSION = {
  name: "session",
  text: `select u.id, u.role, s.id as slice, s.port
         from gateway.sessions t
         join gateway.users u on u.id = t.user_id
         join gateway.slices s on s.id = u.slice_id
         where t.id = $1 and t.audience = 'user' and t.expires_at > now()
           and t.last_seen_at + make_interval(secs => t.idle_seconds) > now()`,
};

const agent = new Agent({
  keepAlive: true,
  maxFreeSockets: 64,
  cert: readFileSync(join(tls, "gateway.pem")),
  key: readFileSync(join(tls, "gateway.key")),
  ca: readFileSync(join(tls, "ca.pem")),
  servername: slice.name,
});

const app = express();
app.disable("x-powered-by");
app.use(async (request, response, next) => {
  const token = /(?:^|;\s*)__Host-qn=([\w-]{43})(?:;|$)/.exec(request.headers.cookie ?? "")?.[1];
  if (!token) return response.sendStatus(401);
  const hash = createHash("sha256").update(Buffer.from(token, "base64url")).digest();
  const { rows } = await pool.query({ ...SESSION, values: [hash] });
  if (rows.length === 0) return response.sendStatus(401);
  request.session = rows[0];
  next();
});
app.use(
  createProxyMiddleware({
    router: (request) => `https://127.0.0.1:${request.session.port}`,
    target: `https://127.0.0.1:${slice.port}`,
    agent,
  }),
);
app.listen(port, "127.0.0.1");
